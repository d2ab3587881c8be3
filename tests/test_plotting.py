"""Pictures: what is displayed, how large and under which text, and that drawings show what they are given."""

import base64
import io
import itertools
import math
import subprocess
import sys
from types import SimpleNamespace

import matplotlib
import numpy as onp
import pytest
from matplotlib.patches import Circle, Rectangle
from mxnet import np, npx
from PIL import Image

from d2lhelpers import drawing, plotting
from d2lhelpers.training import History

npx.set_np()


@pytest.fixture
def displayed(monkeypatch):
    """Pretend that IPython runs, and collect what is displayed."""
    outputs = []

    def display(data, *, raw, metadata, display_id=None, update=False):
        assert raw
        outputs.append(SimpleNamespace(data=data, metadata=metadata, display_id=display_id, update=update))

    monkeypatch.setattr(plotting, "_in_ipython", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    return outputs


def picture(output) -> onp.ndarray:
    """Decode a displayed picture into an array (height, width, 3)."""
    return onp.asarray(Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB"))


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


# show


def test_show_gives_size_and_alternative_text(displayed):
    fig, ax = plotting.subplots(width=4, height=2.5)
    ax.plot([1, 2, 3])
    plotting.show(fig, "A line\n  that rises.")
    (output,) = displayed
    assert output.data["text/plain"] == "A line that rises."
    assert output.metadata == {"image/png": {"width": 400, "height": 250, "alt": "A line that rises."}}
    assert picture(output).shape == (500, 800, 3)  # twice the resolution


def test_background_is_opaque_white(displayed):
    fig, _ = plotting.subplots()
    plotting.show(fig, "Empty axes.")
    image = Image.open(io.BytesIO(base64.b64decode(displayed[0].data["image/png"])))
    assert "transparency" not in image.info
    assert picture(displayed[0])[0, 0].tolist() == [255, 255, 255]


def test_equal_figures_give_equal_files(displayed):
    for _ in range(2):
        fig, ax = plotting.subplots()
        ax.plot([3, 1, 2], label="a")
        ax.legend()
        plotting.show(fig, "A line.")
    assert displayed[0].data == displayed[1].data


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_show_demands_alternative_text(alt):
    fig, _ = plotting.subplots()
    with pytest.raises(ValueError, match="what the picture shows"):
        plotting.show(fig, alt)


def test_update_replaces_a_picture(displayed):
    fig, _ = plotting.subplots()
    plotting.show(fig, "First.", display_id="p")
    plotting.show(fig, "Second.", display_id="p", update=True)
    assert [(o.display_id, o.update) for o in displayed] == [("p", False), ("p", True)]
    with pytest.raises(ValueError, match="display_id"):
        plotting.show(fig, "Third.", update=True)


def test_script_prints_the_alternative_text(capsys):
    fig, _ = plotting.subplots()
    plotting.show(fig, "A line.")
    assert capsys.readouterr().out == "A line.\n"


def test_photographs_keep_their_colors_and_drawings_lose_nothing_visible():
    noise = Image.fromarray(onp.random.RandomState(0).randint(0, 256, (80, 80, 3)).astype("uint8"))
    buffer = io.BytesIO()
    noise.save(buffer, format="png")
    assert plotting._shrink(buffer.getvalue()) == buffer.getvalue()

    fig, axes = plotting.subplots(1, 2)
    axes[0].plot([1, 3, 2])
    drawing.draw_cells(axes[1], [[1, 2], [3, 4]], [[0, 1], [0, 0]])
    full = plotting._png(fig)
    small = plotting._shrink(full)
    difference = onp.abs(
        onp.asarray(Image.open(io.BytesIO(full)).convert("RGB")).astype(int)
        - onp.asarray(Image.open(io.BytesIO(small)).convert("RGB")).astype(int)
    )
    assert difference.mean() < 0.1  # of 255
    assert difference.max() < 32
    assert len(small) < 0.6 * len(full)


# Style


def test_style_is_independent_of_global_settings_and_leaves_them_alone():
    with matplotlib.rc_context({"font.size": 5, "axes.titlesize": 4, "xtick.labelsize": 3, "figure.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        fig, ax = plotting.subplots()
        ax.plot([1, 2], label="line")
        ax.set_xlabel("x")
        ax.set_title("title")
        ax.text(0, 1, "text")
        ax.annotate("note", (0, 1))
        ax.legend()
        fig.suptitle("figure")
        image = Image.open(io.BytesIO(plotting._png(fig))).convert("RGB")
        assert dict(matplotlib.rcParams) == before
    found = [
        ax.xaxis.label,
        ax.title,
        *ax.texts,
        *ax.get_legend().get_texts(),
        *ax.get_xticklabels(),
        *fig.texts,
        fig._suptitle,
    ]
    assert min(text.get_fontsize() for text in found) >= 13
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_font_sizes_can_be_chosen():
    fig, ax = plotting.subplots()
    assert ax.text(0, 0, "large", fontsize=30).get_fontsize() == 30
    assert ax.set_title("large", size=28).get_fontsize() == 28
    ax.plot([1], label="line")
    assert ax.legend(prop={"size": 20}).get_texts()[0].get_fontsize() == 20
    assert fig.suptitle("large", fontsize=22).get_fontsize() == 22


def test_subplots_shapes_and_color_bar():
    fig, axes = plotting.subplots(2, 3, width=6, height=4, sharex=True)
    assert axes.shape == (2, 3)
    bar = fig.colorbar(axes[0, 0].imshow([[0, 1]]), ax=axes[0, 0])
    plotting._png(fig)
    assert bar.ax.get_yticklabels()[0].get_fontsize() >= 13
    _, three_d = plotting.subplots(subplot_kw={"projection": "3d"})
    assert three_d.name == "3d"
    with pytest.raises(ValueError, match="positive"):
        plotting.subplots(width=0)


def test_colors_can_be_told_apart_on_white():
    assert len(set(plotting.COLORS.values())) == len(plotting.COLORS)
    for name in ("blue", "vermilion"):  # the two that lines of text size use
        assert drawing._text_color(plotting.COLORS[name]) == "white" or name == "vermilion"
    assert drawing._text_color("#ffffff") == plotting.INK


# Curves


def test_curve_prints_lines_in_a_script(capsys):
    curve = plotting.LiveCurve(["train_loss", "test_accuracy"], 2)
    curve.progress(0.5)
    curve.add(1, train_loss=0.5, test_accuracy=0.25)
    curve.add(2, train_loss=math.nan)
    curve.close()
    curve.close()
    out = capsys.readouterr().out
    assert out == "epoch 1/2: train loss 0.500, test accuracy 0.250\nepoch 2/2: train loss nan\n"
    with pytest.raises(RuntimeError, match="closed"):
        curve.add(3, train_loss=1)


def test_curve_redraws_one_picture_with_the_time_left(displayed, monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(plotting.time, "perf_counter", lambda: clock.now)
    titles = []
    monkeypatch.setattr(plotting.CourseFigure, "suptitle", lambda self, title: titles.append(title))
    curve = plotting.LiveCurve(["train_loss"], 8, title="LeNet", alt="Loss against\nepoch.")
    clock.now += 0.1
    curve.progress(0.01)  # too soon after the last drawing
    clock.now += 3.9
    curve.add(2, train_loss=1.0)
    clock.now += 61
    curve.progress(2.5)
    curve.add(3, train_loss=0.5)  # too soon
    curve.close()
    assert titles == ["epoch 0/8", "epoch 3/8 · about 12 s left", "epoch 3/8 · about 2 min 23 s left", "LeNet"]
    assert len({output.display_id for output in displayed}) == 1
    assert [output.update for output in displayed] == [False, True, True, True]
    # What nbval compares is the same from the first drawing to the last.
    assert {output.data["text/plain"] for output in displayed} == {"Loss against epoch."}
    assert all(output.metadata["image/png"]["alt"] == "Loss against epoch." for output in displayed)


def test_two_curves_have_two_places(displayed):
    for _ in range(2):
        plotting.LiveCurve(["loss"], 1).close()
    assert len({output.display_id for output in displayed}) == 2


def test_drawing_takes_less_than_a_tenth_of_the_time(displayed, monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(plotting.time, "perf_counter", lambda: clock.now)

    def slow_drawing(fig):
        clock.now += 2
        return b""

    monkeypatch.setattr(plotting, "_png", slow_drawing)
    monkeypatch.setattr(plotting, "_shrink", lambda png: png)
    curve = plotting.LiveCurve(["loss"], 1000)
    while clock.now < 1000:
        clock.now += 1
        curve.progress(clock.now / 2000)
    assert 40 <= len(displayed) <= 51  # two seconds each


@pytest.mark.parametrize(("metrics", "epochs"), [([], 3), ("loss", 3), (["loss"], 0)])
def test_curve_refuses_bad_arguments(metrics, epochs):
    with pytest.raises(ValueError, match=r"metrics|num_epochs"):
        plotting.LiveCurve(metrics, epochs)


def test_curve_refuses_unknown_metric():
    with pytest.raises(ValueError, match=r"no metric named acc: this curve has loss"):
        plotting.LiveCurve(["loss"], 2).add(1, acc=0.5)


@pytest.mark.parametrize("epochs", [1, 3, 30])
def test_history_is_drawn_as_it_is(displayed, monkeypatch, epochs):
    drawn = {}

    def keep(axes, xs, values, num_epochs):
        draw(axes, xs, values, num_epochs)
        drawn.update({line.get_label(): line.get_xydata().tolist() for ax in axes for line in ax.lines})
        drawn["axes"] = len(axes)

    draw = plotting._draw_curves
    monkeypatch.setattr(plotting, "_draw_curves", keep)
    losses = [1 / (n + 1) for n in range(epochs)]
    plotting.plot_history(History(train_loss=losses, test_loss=losses, train_accuracy=losses))
    assert drawn["axes"] == 2
    assert drawn["train loss"] == [[n + 1, loss] for n, loss in enumerate(losses)]
    text = displayed[0].data["text/plain"]
    assert text.startswith("Curves of train loss, test loss and train accuracy against the epoch")
    assert f"{epochs} epoch" in text


def test_empty_history_has_no_picture():
    with pytest.raises(ValueError, match="nothing has been trained"):
        plotting.plot_history(History())


# Images


@pytest.fixture
def shown(monkeypatch):
    """Collect the figures that would be shown."""
    figures = []
    monkeypatch.setattr(plotting, "show", lambda fig, alt: figures.append(fig))
    return figures


def shown_images(fig) -> list[onp.ndarray]:
    return [onp.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]


@pytest.mark.parametrize("shape", [(5, 4, 3), (5, 1, 4, 3)])
def test_grey_images(shown, shape):
    values = onp.random.RandomState(0).rand(*shape).astype("float32")
    plotting.show_images(np.array(values), list("abcde"), num_columns=3, alt="Five.")
    images = shown_images(shown[0])
    onp.testing.assert_array_equal(onp.stack(images), values.reshape(5, 4, 3))
    assert [ax.get_title() for ax in shown[0].axes] == ["a", "b", "c", "d", "e", ""]
    assert {ax.images[0].get_clim() for ax in shown[0].axes[:5]} == {(0, 1)}


def test_color_images(shown):
    values = onp.random.RandomState(0).rand(2, 3, 5, 4)
    plotting.show_images(values, alt="Two.")
    onp.testing.assert_allclose(onp.stack(shown_images(shown[0])), values.transpose(0, 2, 3, 1))
    integers = (values * 255).astype("uint8")
    plotting.show_images(integers, alt="Two.")
    onp.testing.assert_array_equal(onp.stack(shown_images(shown[1])), integers.transpose(0, 2, 3, 1))
    plotting.show_images(integers.astype("float32"), alt="Two.")
    onp.testing.assert_allclose(shown_images(shown[2])[0], integers[0].transpose(1, 2, 0) / 255, rtol=1e-6)


def test_image_scale_is_shared(shown):
    plotting.show_images([onp.full((2, 2), -3.0), onp.full((2, 2), 5.0)], alt="Two kernels.")
    assert [ax.images[0].get_clim() for ax in shown[0].axes] == [(-3, 5), (-3, 5)]
    plotting.show_images(onp.ones((2, 2)), vmin=-1, vmax=2, alt="One.")
    assert shown[1].axes[0].images[0].get_clim() == (-1, 2)


def test_image_rows_fit_the_figure(shown):
    plotting.show_images(onp.zeros((16, 28, 28)), range(16), alt="Sixteen.")
    assert shown[0].get_size_inches()[1] < 3.2


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (onp.zeros((2, 2, 4, 4)), {}, r"not \(2, 2, 4, 4\)"),
        (onp.zeros(4), {}, r"not \(4,\)"),
        (onp.zeros((0, 4, 4)), {}, "no image"),
        ([], {}, "no image"),
        (onp.zeros((2, 4, 4)), {"titles": ["one"]}, "1 titles for 2 images"),
        (onp.zeros((2, 4, 4)), {"num_columns": 0}, "num_columns"),
    ],
)
def test_bad_images(images, options, message):
    with pytest.raises(ValueError, match=message):
        plotting.show_images(images, alt="Images.", **options)


# Drawings


def test_cells_hold_numbers_and_highlights():
    _, ax = plotting.subplots()
    values = np.arange(16).reshape(4, 4)
    drawing.draw_cells(ax, values, values % 4 == 1, "column 1")
    assert texts(ax) == [str(n) for n in range(16)]
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    sky = matplotlib.colors.to_rgba(plotting.COLORS["sky"])
    colored = {(round(cell.get_y()), round(cell.get_x())) for cell in cells if cell.get_facecolor() == sky}
    assert colored == {(row, 1) for row in range(4)}
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # row 0 on top
    assert ax.get_title() == "column 1"


def test_cells_with_several_colors_and_indices():
    _, ax = plotting.subplots()
    drawing.draw_cells(ax, [["a", "b"]], [[1, 2]], color=["#000000", "#FFFFFF"], indices=True)
    assert texts(ax) == ["a", "b", "0", "0", "1"]
    assert [text.get_color() for text in ax.texts[:2]] == ["white", plotting.INK]


@pytest.mark.parametrize(
    ("values", "highlight", "message"),
    [([1, 2], None, "matrix"), ([[1, 2]], [[True]], "must be the same"), ([[1, 2]], [[0, 3]], "1 colors")],
)
def test_bad_cells(values, highlight, message):
    _, ax = plotting.subplots()
    with pytest.raises(ValueError, match=message):
        drawing.draw_cells(ax, values, highlight)


@pytest.mark.parametrize("sizes", [(4, 1), (3, 5, 2), (1, 1)])
def test_network_has_every_node_and_weight(sizes):
    _, ax = plotting.subplots()
    drawing.draw_network(ax, sizes, labels=["x"] + ["h"] * (len(sizes) - 2) + ["o"])
    assert sum(isinstance(patch, Circle) for patch in ax.patches) == sum(sizes)
    assert len(ax.lines) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert texts(ax)[0] == ("$x$" if sizes[0] == 1 else "$x_{1}$")


def test_large_layers_are_cut_short():
    _, ax = plotting.subplots()
    drawing.draw_network(ax, (784, 10), labels=["x", None], names=["pixels", "classes"], max_nodes=5)
    assert texts(ax)[:4] == ["$x_{1}$", "$x_{2}$", "$x_{3}$", "$x_{784}$"]
    assert len(ax.lines) == 4 * 4
    assert {"pixels", "classes"} <= set(texts(ax))


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ((3,), {}, "two layers"),
        ((3, 0), {}, "two layers"),
        ((3, 1), {"labels": ["x"]}, "1 labels for 2 layers"),
        ((3, 1), {"labels": [["a", "b"], None]}, "2 labels for a layer of 3"),
        ((3, 1), {"names": ["in"]}, "1 names for 2 layers"),
        ((3, 1), {"max_nodes": 2}, "max_nodes"),
    ],
)
def test_bad_networks(sizes, options, message):
    _, ax = plotting.subplots()
    with pytest.raises(ValueError, match=message):
        drawing.draw_network(ax, sizes, **options)


LENET = [
    ("input", (1, 28, 28)),
    ("conv 5×5", (6, 28, 28)),
    ("pool 2×2", (6, 14, 14)),
    ("conv 5×5", (16, 10, 10)),
    ("pool 2×2", (16, 5, 5)),
    ("dense", (120,)),
    ("dense", (84,)),
    ("output", (10,)),
]


def overlapping(fig) -> list[tuple[str, str]]:
    """Return pairs of texts that run into each other."""
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    found = [text for text in fig.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in found]
    pairs = [(i, j) for i in range(len(found)) for j in range(i)]
    return [(found[i].get_text(), found[j].get_text()) for i, j in pairs if boxes[i].overlaps(boxes[j])]


def test_layers_show_labels_and_sizes():
    fig, ax = plotting.subplots(width=11)
    drawing.draw_layers(ax, LENET)
    assert {"1×28×28", "6×28×28", "16×5×5", "120", "84", "10", "input", "output"} <= set(texts(ax))
    assert overlapping(fig) == []
    assert min(text.get_fontsize() for text in ax.texts if text.get_text()) >= 13


def test_long_sizes_take_two_lines():
    fig, ax = plotting.subplots(width=11)
    stages = [("input", (3, 224, 224)), *[("conv", (256, 112, 112))] * 8, ("dense", (4096,))]
    drawing.draw_layers(ax, stages)
    assert "3\n224×224" in texts(ax)
    assert overlapping(fig) == []


def test_drawings_stay_inside_the_figure():
    for draw in (
        lambda ax: drawing.draw_layers(ax, LENET),
        lambda ax: drawing.draw_network(ax, (3, 5, 2), names=["input", "hidden", "output"]),
        lambda ax: drawing.draw_cells(ax, onp.eye(4), indices=True, title="identity"),
    ):
        fig, ax = plotting.subplots(width=11)
        draw(ax)
        image = onp.asarray(Image.open(io.BytesIO(plotting._png(fig))).convert("RGB"))
        for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
            assert edge.min() == 255


@pytest.mark.parametrize("stages", [[], [("input", (28, 28))], [("input", (0, 2, 2))]])
def test_bad_layers(stages):
    _, ax = plotting.subplots()
    with pytest.raises(ValueError, match=r"stages|stage"):
        drawing.draw_layers(ax, stages)


def test_plotting_needs_neither_pyplot_nor_mxnet():
    code = "import sys, d2lhelpers.plotting; print([m for m in ('matplotlib.pyplot', 'mxnet') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
