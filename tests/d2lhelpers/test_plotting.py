"""Plots: what is displayed, in which style, and that curves and images show the given data."""

import base64
import io
import math
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as onp
import pytest
from matplotlib.figure import Figure
from mxnet import np
from PIL import Image

from d2lhelpers import COLORS, LiveCurve, load_photos, plot_history, show, show_images, show_table, subplots
from d2lhelpers.history import History


@pytest.fixture
def displayed(monkeypatch):
    """Pretend to run in a notebook, and collect what is displayed, together with the figure that it shows."""
    outputs, figures = [], []
    savefig = Figure.savefig

    def save(fig, *args, **kwargs):
        figures.append(fig)
        savefig(fig, *args, **kwargs)

    def display(data, *, raw, metadata, display_id=None, update=False):
        assert raw
        title = "".join(text.get_text() for text in figures[-1].texts)
        (kind,) = set(data) - {"text/plain"}
        outputs.append(
            SimpleNamespace(
                kind=kind,
                picture=base64.b64decode(data[kind]),
                alt=data["text/plain"],
                metadata=metadata,
                display_id=display_id,
                update=update,
                figure=figures[-1],
                title=title,
            )
        )

    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(Figure, "savefig", save)
    return outputs


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("time.perf_counter", lambda: clock.now)
    return clock


def pixels(png) -> onp.ndarray:
    return onp.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


# ---- Figures on the page ----


def test_a_picture_has_its_size_its_alternative_text_and_twice_the_resolution(displayed):
    fig, _ = subplots(width=4, height=2.5)
    show(fig, "A line\n  that rises.")
    (output,) = displayed
    assert output.alt == "A line that rises."
    assert output.metadata == {"image/png": {"width": 400, "height": 250, "alt": "A line that rises."}}
    assert pixels(output.picture).shape == (500, 800, 3)


def test_a_script_prints_the_alternative_text(capsys):
    show(subplots()[0], "A line.")
    assert capsys.readouterr().out == "A line.\n"


def test_a_notebook_shows_a_table_as_html_and_as_text_with_real_minus_signs(monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda data, raw: outputs.append(data))
    show_table([("region", "change"), ("us-east", "-0.5"), ("asia", "-")], "in cents")
    (output,) = outputs
    assert output["text/plain"].splitlines() == [
        "in cents",
        "region   change",
        "───────────────",
        "us-east    −0.5",
        "asia          -",
    ]
    assert "<caption>in cents</caption>" in output["text/html"]
    assert ">−0.5</td>" in output["text/html"]


def test_an_update_replaces_the_picture(displayed):
    fig, _ = subplots()
    show(fig, "First.", display_id="p")
    show(fig, "Second.", display_id="p", update=True)
    assert [(output.display_id, output.update) for output in displayed] == [("p", False), ("p", True)]


@pytest.mark.parametrize("image", [[[0, 1]], onp.random.RandomState(0).rand(30, 30, 3)])  # a drawing, a photograph
def test_equal_figures_give_equal_files(displayed, image):
    for _ in range(2):
        fig, ax = subplots()
        ax.imshow(image)
        ax.set_title("title")
        show(fig, "An image.")
    assert displayed[0].picture == displayed[1].picture


def test_drawings_are_stored_with_few_colors_and_no_visible_loss(displayed):
    fig, ax = subplots()
    ax.plot([1, 3, 2])
    ax.bar([0, 1], [2, 3], color=[COLORS["sky"], COLORS["orange"]])
    show(fig, "Bars and a line.")
    full = io.BytesIO()
    fig.savefig(full, format="png", dpi=200)
    stored = displayed[0].picture
    difference = onp.abs(pixels(stored) - pixels(full.getvalue()))
    assert difference.mean() < 0.1  # of 255
    assert difference.max() < 32
    assert len(onp.unique(pixels(stored).reshape(-1, 3), axis=0)) <= 256
    assert len(stored) < 0.6 * len(full.getvalue())


@pytest.mark.parametrize(("size", "kind"), [(None, "image/jpeg"), (32, "image/png")])
def test_a_photograph_keeps_its_colors_in_the_smaller_file(displayed, size, kind):
    photo = load_photos(size)[5]
    show_images(photo.image[None], alt="A flower.", width=6)
    (output,) = displayed
    assert (output.kind, output.metadata[kind]["alt"]) == (kind, "A flower.")
    full = io.BytesIO()
    output.figure.savefig(full, format="png", dpi=200)
    assert onp.abs(pixels(output.picture) - pixels(full.getvalue())).mean() < 2  # of 255
    assert len(output.picture) <= len(full.getvalue()) * (0.4 if kind == "image/jpeg" else 1.01)


# ---- Style ----


def test_the_style_neither_depends_on_global_settings_nor_changes_them(displayed):
    settings = {
        "font.size": 5,
        "axes.titlesize": 4,
        "xtick.labelsize": 3,
        "figure.facecolor": "red",
        "text.color": "red",
    }
    with matplotlib.rc_context(settings | {"savefig.transparent": True}):
        before = matplotlib.rcParams.copy()
        fig, ax = subplots()
        ax.plot([1, 2], label="line")
        ax.set_xlabel("x")
        texts = [ax.xaxis.label, ax.set_title("title"), ax.text(0, 1, "text"), ax.annotate("note", (0, 1))]
        texts += [*ax.legend().get_texts(), fig.suptitle("figure"), fig.text(0, 0, "text"), *ax.get_xticklabels()]
        show(fig, "A line.")
        assert matplotlib.rcParams.copy() == before
    assert min(text.get_fontsize() for text in texts) >= 13
    assert {matplotlib.colors.to_hex(text.get_color()) for text in texts} == {"#222222"}
    image = Image.open(io.BytesIO(displayed[0].picture))
    assert "transparency" not in image.info
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_caller_can_choose_other_font_sizes():
    fig, ax = subplots()
    ax.plot([1], label="line")
    assert ax.text(0, 0, "large", fontsize=30).get_fontsize() == 30
    assert ax.set_title("large", size=28).get_fontsize() == 28
    assert ax.legend(prop={"size": 20}).get_texts()[0].get_fontsize() == 20
    assert fig.suptitle("large", fontsize=22).get_fontsize() == 22


def test_subplots_takes_the_arguments_of_matplotlib():
    _, axes = subplots(2, 3, width=6, height=4, sharex=True)
    assert axes.shape == (2, 3)
    axes[0, 0].set_xlim(0, 7)
    assert axes[1, 0].get_xlim() == (0, 7)
    assert subplots(subplot_kw={"projection": "3d"})[1].name == "3d"


def test_a_color_bar_has_the_font_size_of_the_axes():
    fig, ax = subplots()
    bar = fig.colorbar(ax.imshow([[0, 1]]), ax=ax)
    fig.canvas.draw()
    assert bar.ax.get_yticklabels()[0].get_fontsize() >= 13


def test_pyplot_keeps_no_figure():
    before = plt.get_fignums()
    subplots()
    assert plt.get_fignums() == before


def test_the_palette_is_that_of_okabe_and_ito_without_its_yellow():
    published = {
        "black": (0, 0, 0),
        "orange": (230, 159, 0),
        "sky": (86, 180, 233),
        "green": (0, 158, 115),
        "blue": (0, 114, 178),
        "vermilion": (213, 94, 0),
        "purple": (204, 121, 167),
    }
    assert {name: tuple(bytes.fromhex(color[1:])) for name, color in COLORS.items()} == published


# ---- Curves ----


def test_a_script_prints_a_line_per_epoch(capsys):
    curve = LiveCurve(["train_loss", "test_accuracy"], 2)
    curve.progress(0.5)
    curve.add(1, train_loss=0.5, test_accuracy=0.25)
    curve.add(2, train_loss=math.nan)
    curve.close()
    curve.close()
    assert capsys.readouterr().out == "epoch 1/2: train loss 0.500, test accuracy 0.250\nepoch 2/2: train loss nan\n"


def test_a_curve_is_one_picture_whose_title_tells_the_time_left(displayed, clock):
    curve = LiveCurve(["train_loss", "test_loss"], 8, title="LeNet", alt="Loss against\nepoch.")
    clock.now += 0.1
    curve.progress(0.01)  # too soon after the last drawing
    clock.now += 3.9
    curve.add(2, train_loss=1.0)
    clock.now += 61
    curve.progress(2.5)
    curve.add(3, train_loss=0.5)  # too soon
    curve.close()
    titles = [output.title for output in displayed]
    assert titles == ["epoch 0/8", "epoch 3/8 · about 12 s left", "epoch 3/8 · about 2 min 23 s left", "LeNet"]
    assert len({output.display_id for output in displayed}) == 1
    assert [output.update for output in displayed] == [False, True, True, True]
    assert {output.alt for output in displayed} == {"Loss against epoch."}  # what nbval compares never changes


def test_a_curve_has_a_gap_where_its_value_is_missing(displayed):
    curve = LiveCurve(["train_loss", "test_loss"], 3)
    curve.add(1, train_loss=0.75, test_loss=0.5)
    curve.add(2, train_loss=0.25)
    curve.close()
    train, test = displayed[-1].figure.axes[0].lines
    onp.testing.assert_array_equal(train.get_xydata(), [[1, 0.75], [2, 0.25]])
    onp.testing.assert_array_equal(test.get_xydata(), [[1, 0.5], [2, math.nan]])


def test_two_curves_are_two_pictures(displayed):
    for _ in range(2):
        LiveCurve(["loss"], 1).close()
    assert len({output.display_id for output in displayed}) == 2


def test_drawing_takes_at_most_a_tenth_of_the_time(displayed, clock, monkeypatch):
    def slow_display(*args, **kwargs):
        clock.now += 2
        displayed.append(clock.now)

    monkeypatch.setattr("IPython.display.display", slow_display)
    curve = LiveCurve(["loss"], 1000)
    while clock.now < 300:
        clock.now += 1
        curve.progress(clock.now)
    assert 8 <= len(displayed) <= 11  # two seconds each, in 200 seconds


@pytest.mark.parametrize("epochs", [1, 3, 30])
def test_a_history_is_drawn_as_it_is(displayed, epochs):
    losses = [1 / (n + 1) for n in range(epochs)]
    plot_history(History(train_loss=losses, test_loss=losses, train_accuracy=losses), title="Run")
    (output,) = displayed
    assert [ax.get_ylabel() for ax in output.figure.axes] == ["loss", "accuracy"]
    lines = {line.get_label(): line.get_xydata().tolist() for ax in output.figure.axes for line in ax.lines}
    points = [[n + 1, loss] for n, loss in enumerate(losses)]
    assert lines == dict.fromkeys(["train loss", "test loss", "train accuracy"], points)
    words = f"Curves of train loss, test loss and train accuracy against the epoch, {epochs} epoch"
    assert output.alt == words + ("." if epochs == 1 else "s.")
    assert output.title == "Run"


# ---- Images ----


def shown_in(output) -> onp.ndarray:
    return onp.stack([ax.images[0].get_array() for ax in output.figure.axes if ax.images])


@pytest.mark.parametrize("shape", [(5, 4, 3), (5, 1, 4, 3)])
def test_gray_images_share_a_scale_from_0_to_1(displayed, shape):
    values = onp.random.RandomState(0).rand(*shape).astype("float32")
    show_images(np.array(values), list("abcde"), num_columns=3, alt="Five.")
    (output,) = displayed
    onp.testing.assert_array_equal(shown_in(output), values.reshape(5, 4, 3))
    assert [ax.get_title() for ax in output.figure.axes] == ["a", "b", "c", "d", "e", ""]
    assert {ax.images[0].get_clim() for ax in output.figure.axes if ax.images} == {(0, 1)}


def test_other_values_are_scaled_from_the_smallest_to_the_largest_unless_limits_are_given(displayed):
    kernels = [onp.full((2, 2), -3.0), onp.full((2, 2), 5.0)]
    show_images(kernels, alt="Two kernels.")
    show_images(kernels, alt="Two kernels.", vmin=-1, vmax=2)
    limits = [{ax.images[0].get_clim() for ax in output.figure.axes} for output in displayed]
    assert limits == [{(-3, 5)}, {(-1, 2)}]


@pytest.mark.parametrize("kind", ["float64", "uint8", "float32"])
def test_color_images_hold_fractions_or_integers_up_to_255(displayed, kind):
    fractions = onp.random.RandomState(0).randint(0, 256, (2, 3, 5, 4)) / 255
    images = fractions if kind == "float64" else (fractions * 255).round().astype(kind)
    show_images(images, alt="Two.")
    shown = shown_in(displayed[0]) / (255 if kind == "uint8" else 1)
    onp.testing.assert_allclose(shown, fractions.transpose(0, 2, 3, 1), rtol=1e-6)


def test_the_figure_is_as_high_as_its_rows(displayed):
    show_images(onp.zeros((16, 28, 28)), range(16), alt="Sixteen.")
    assert 2 <= displayed[0].figure.get_size_inches()[1] < 3.2  # two rows of one-inch images with titles


# ---- Bad arguments ----


def closed_curve():
    curve = LiveCurve(["loss"], 2)
    curve.close()
    return curve


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: show(subplots()[0], " \n"), "alt must say in words what the picture shows"),
        (lambda: show(subplots()[0], "A line.", update=True), "needs the display_id"),
        (lambda: subplots(width=0), "must be positive numbers of inches, not 0"),
        (lambda: LiveCurve("loss", 3), "metrics must be a list with at least one name, not 'loss'"),
        (lambda: LiveCurve(["loss"], 0), "num_epochs must be at least 1, not 0"),
        (lambda: LiveCurve(["loss"], 2).add(1, acc=0.5), "no metric named acc: this curve has loss"),
        (lambda: closed_curve().add(1, loss=0.5), "the curve is closed"),
        (lambda: plot_history(History()), "nothing has been trained"),
        (lambda: show_images(onp.zeros((2, 2, 4, 4)), alt="Two."), r"not \(2, 2, 4, 4\)"),
        (lambda: show_images([], alt="None."), "there is no image"),
        (lambda: show_images(onp.zeros((2, 4, 4)), ["one"], alt="Two."), "1 titles for 2 images"),
        (lambda: show_images(onp.zeros((2, 4, 4)), alt="Two.", num_columns=0), "num_columns must be at least 1, not 0"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises((ValueError, RuntimeError), match=message):
        call()
