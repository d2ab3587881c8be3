"""Figures of notebook 04, linear regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from d2lhelpers.arrays import to_numpy
from d2lhelpers.drawing import draw_network
from d2lhelpers.interactive import explore
from d2lhelpers.plotting import COLORS, PALE, show, subplots

MARKERS = "os^D"  # a shape for each category, so that color is not needed to tell them apart


def prices(data: Any) -> None:
    """Scatter prices against time, colored by region."""
    fig, ax = subplots(width=11.2, height=5.2)
    for region, name in enumerate(data.region_names):
        rows = data.region == region
        ax.scatter(data.hours[rows] / 24, to_numpy(data.prices)[rows], s=16, marker=MARKERS[region], label=name)
    ax.set(xlabel="day", ylabel="dollars per hour", xlim=(-4, 186))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=2)
    show(
        fig,
        alt="Price against day: two bands for the large servers above a thick one for the small ones, all falling "
        "slowly. Within a band the colors form layers, us-east lowest, asia highest.",
    )


def network(names: Sequence[str]) -> None:
    """Draw the linear model as a network of one layer, with the features' names next to the inputs."""
    fig, ax = subplots(width=9.0, height=4.4)
    draw_network(ax, [len(names), 1], labels=["x", [r"$\hat{y}$"]])
    for i, name in enumerate(names):
        ax.text(-0.6, i - (len(names) - 1) / 2, name, ha="right", va="center")
    ax.text(ax.get_xlim()[1], 0, "price", ha="left", va="center")
    ax.set_xlim(-2.2, ax.get_xlim()[1] + 1)
    show(fig, alt="Six circles, one for each feature, each joined by a line to one circle, the price.")


def move_the_line(cores: Any, price: Any, cases: Sequence[float]) -> None:
    """Let the reader choose the slope of a line through some prices."""
    explore(
        lambda ax, slope: _squares(ax, cores, price, slope),
        cases,
        values=[step / 1000 for step in range(0, 41, 2)],
        label="slope",
        alt="A line through five prices, a square on each distance: large at 0.01 and 0.03, nearly gone at 0.02.",
        height=4.0,
    )


def _squares(ax: Axes, cores: Any, price: Any, slope: float) -> None:
    """Draw a line through the mean of some prices, and the square of each price's distance to it."""
    line = price.mean() + slope * (cores - cores.mean())
    ax.plot(cores, line, color=COLORS["vermilion"])
    ax.plot(cores, price, "o", color=COLORS["blue"])
    for left, low, high in zip(cores, line, price, strict=True):
        side = 44 * (high - low)  # as wide on the page as it is high
        ax.fill([left, left - side, left - side, left], [low, low, high, high], color=COLORS["sky"], alpha=0.35)
    loss = ((price - line) ** 2).mean()
    ax.set(xlabel="cores", ylabel="dollars per hour", xlim=(-12, 45), ylim=(-0.1, 1.2), aspect=44)
    ax.set_title(f"slope {slope:g}: loss {loss:.4f}")


def bowl(weights: Any, losses: Any) -> None:
    """Plot a convex loss with a chord above it, next to a curve with two valleys and a hilltop."""
    fig, (left, right) = subplots(1, 2, width=11.2, height=4.2)
    left.plot(weights, losses)
    left.plot(weights[[4, -12]], losses[[4, -12]], "o--", color=COLORS["vermilion"])
    lowest = int(np.argmin(losses))
    left.plot(weights[lowest], losses[lowest], "o", color="black", markersize=10)
    left.set(title="squared loss: one flat point", xlabel="dollars per 16 cores", ylabel="loss")
    x = np.linspace(-1.45, 1.5, 200)
    right.plot(x, x**4 - 2 * x**2 + 0.3 * x)
    flat = np.sort(np.roots([4, 0, -4, 0.3]).real)
    right.plot(flat, flat**4 - 2 * flat**2 + 0.3 * flat, "o", color="black", markersize=10)
    right.set(title="not convex: three flat points", xlabel="weight", ylabel="loss", xticks=[], yticks=[])
    show(
        fig,
        alt="Left, a parabola with its lowest point marked and a dashed chord above it. Right, a curve with two "
        "valleys of different depth and a hilltop between them; all three points are marked.",
    )


def watch_weights(path: Sequence[Any], truth: Any, names: Sequence[str], cases: Sequence[int]) -> None:
    """Play the weights, recorded after each epoch."""
    explore(
        lambda ax, epoch: _weights(ax, path, truth, names, epoch),
        cases,
        values=range(len(path)),
        play=True,
        label="epoch",
        alt="Bars for six weights, ticks for the truth. There are no bars at epoch 0; after epoch 1 they are near the "
        "ticks, and at epoch 10 all of them end there.",
        height=4.6,
        sharey=True,
    )


def _weights(ax: Axes, path: Sequence[Any], truth: Any, names: Sequence[str], epoch: int) -> None:
    """Draw the weights after an epoch as bars, and the true weights as ticks."""
    rows = np.arange(len(names))[::-1]
    ax.barh(rows, to_numpy(path[epoch]), color=COLORS["sky"])
    ax.plot(to_numpy(truth), rows, "|", color="black", markersize=22, markeredgewidth=3)
    ax.set(xlim=(-0.1, 0.36), yticks=rows, yticklabels=names, xlabel="dollars per hour")


def loss_curve(losses: Sequence[float], noise_std: float) -> None:
    """Plot training loss after each epoch, with the variance of the noise as the floor."""
    fig, ax = subplots(width=10.0, height=4.6)
    ax.semilogy(range(len(losses)), losses, marker="o", label="training loss")
    ax.axhline(noise_std**2, color="black", linestyle="--", label="variance of the noise")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    show(fig, alt="The training loss falls a thousandfold in five epochs, then stays on a dashed line, the noise.")


def held_out(y_hat: Any, y: Any) -> None:
    """Scatter predicted against true mileage of held-out cars."""
    alt = "Predicted against true mileage of 98 held-out cars, a band along the diagonal. The most economical cars lie "
    _predictions({f"{len(y)} held-out cars": (y_hat, y)}, alt + "below it.")


def two_tests(same_years: tuple[Any, Any], later: tuple[Any, Any]) -> None:
    """Scatter predicted against true mileage, for held-out cars of the same years and for later cars."""
    _predictions(
        {"held-out cars up to 1976": same_years, "cars after 1976": later},
        alt="Left, cars up to 1976 scatter narrowly around the diagonal. Right, most cars after 1976 lie below it.",
    )


def _predictions(panels: Mapping[str, tuple[Any, Any]], alt: str) -> None:
    fig, axes = subplots(1, len(panels), width=11.0, height=5.0, squeeze=False, sharex=True, sharey=True)
    for ax, (title, pair) in zip(axes.flat, panels.items(), strict=True):
        y_hat, y = (to_numpy(values) for values in pair)
        error = float(np.sqrt(np.mean((y_hat - y) ** 2)))
        ax.plot([4, 48], [4, 48], color="black", linewidth=1)
        ax.text(36, 37.2, "predicted = true", rotation=45, rotation_mode="anchor", fontsize=12)
        ax.scatter(y, y_hat, s=20, alpha=0.7)
        ax.set(title=f"{title}: error {error:.1f} mpg", xlabel="true miles per gallon", ylabel="predicted")
        ax.set(xlim=(4, 48), ylim=(4, 48), xticks=range(10, 50, 10), yticks=range(10, 50, 10), aspect="equal")
        ax.label_outer()
    show(fig, alt)


def residuals(y_hat: Any, y: Any) -> None:
    """Scatter residuals against predictions, with the mean in each fifth of the predictions."""
    y_hat, residual = to_numpy(y_hat), to_numpy(y) - to_numpy(y_hat)
    fig, ax = subplots(width=11.2, height=5.2)
    ax.axhline(0, color="black", linewidth=1)
    ax.scatter(y_hat, residual, s=20, alpha=0.6)
    groups = np.array_split(np.argsort(y_hat), 5)
    centers = [float(y_hat[rows].mean()) for rows in groups]
    means = [float(residual[rows].mean()) for rows in groups]
    ax.plot(centers, means, "D-", color=COLORS["vermilion"], label="mean of each fifth of the cars")
    ax.set(xlabel="predicted miles per gallon", ylabel="true minus predicted")
    ax.legend(loc="upper left")
    show(
        fig,
        alt="Residuals against predictions. The mean is above zero for low and high predictions and below zero between "
        "them, a smile; the points spread more widely to the right.",
    )


def line_beyond_the_data(pounds: Any, mpg: Any, slope: float, start: float, truck: float) -> None:
    """Scatter mileage against weight, and draw the fitted line far beyond the heaviest car, to a truck."""
    fig, ax = subplots(width=11.2, height=4.6)
    ax.scatter(pounds, mpg, s=16, alpha=0.6, label="training cars")
    heaviest, end = float(pounds.max()), 8000.0
    ax.plot([1500, heaviest], [start + slope * 1500, start + slope * heaviest], color=COLORS["vermilion"])
    ax.plot([heaviest, end], [start + slope * heaviest, start + slope * end], "--", color=COLORS["vermilion"])
    ax.axhline(0, color="black", linewidth=1)
    ax.axvspan(heaviest, end, color=PALE, alpha=0.2)
    ax.text((heaviest + end) / 2, 35, "no training cars here", ha="center")
    answer = start + slope * truck
    ax.plot(truck, answer, "s", color="black", markersize=9)
    words = f"truck of {truck:,} pounds:\n{answer:.0f} mpg".replace("-", "−")
    ax.text(truck - 150, answer, words, ha="right", va="top")
    ax.set(xlabel="weight in pounds", ylabel="miles per gallon", xlim=(1500, end))
    show(
        fig,
        alt=f"Mileage against weight: a falling cloud of cars up to {heaviest:,.0f} pounds and a falling line. Beyond "
        f"the heaviest car the line is dashed and drops below zero at about {-start / slope:,.0f} pounds.",
    )


def spread(errors: Sequence[float]) -> None:
    """Show a histogram of test errors of many random splits."""
    fig, ax = subplots(width=11.2, height=4.8)
    ax.hist(errors, bins=15, color=COLORS["sky"], edgecolor="white")
    low, middle, high = np.percentile(errors, [5, 50, 95])
    ax.axvline(middle, color="black", label=f"median: {middle:.1f}")
    ax.axvline(low, color="black", linestyle="--", label=f"90 of 100: {low:.1f} to {high:.1f}")
    ax.axvline(high, color="black", linestyle="--")
    ax.set(xlabel="test error in miles per gallon", ylabel="number of splits")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt="A histogram of 100 test errors, from 2.7 to 4.1 miles per gallon, most from 3 to 3.7.")
