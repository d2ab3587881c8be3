"""The scoreboard: its rows, its file, its table and its picture."""

import json
import os
import subprocess
import sys

import numpy as onp
import pytest
from matplotlib.text import Annotation
from mxnet.gluon import nn
from scipy.optimize import brentq

from d2lhelpers import Scoreboard
from d2lhelpers.plotting import subplots
from d2lhelpers.scoreboard import Result, _plot

HEAD = "network  data   accuracy   95 % interval  multiply-adds  parameters  seconds"


@pytest.fixture(autouse=True)
def path(monkeypatch, tmp_path):
    """The file, in a home folder of the test's own; the notebook is live."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("D2L_DATA_DIR", "/a/shared/folder")
    monkeypatch.setenv("D2L_WIDGETS", "1")
    path = Scoreboard().path
    assert path.is_relative_to(tmp_path)
    return path


def add(board, network="MLP", accuracy=0.96, **options):
    net = nn.Dense(10)
    options = {"data": "MNIST", "examples": 2000, "seconds": 8.04} | options
    board.add(network, net, (1, 784), accuracy=accuracy, **options)


def rows(board):
    return [(result.network, result.data, result.accuracy) for result in board.results]


def test_a_row_is_shown_as_text_and_html():
    board = Scoreboard()
    add(board)
    lines = repr(board).splitlines()
    assert lines[0] == HEAD
    assert lines[2] == "MLP      MNIST     0.960  0.950 to 0.968          7,840       7,850      8.0"
    assert "<td" in board._repr_html_()
    assert ">7,840<" in board._repr_html_()


def test_an_empty_scoreboard(capsys):
    board = Scoreboard()
    assert repr(board).splitlines()[0].split() == HEAD.split()
    board.show()
    assert capsys.readouterr().out == "There is nothing to plot yet: add a network to the scoreboard.\n"


@pytest.mark.parametrize(("accuracy", "examples"), [(0.96, 2000), (0.5, 10), (0.1, 30), (1.0, 50), (0.0, 50)])
def test_the_interval_contains_the_true_accuracies_for_which_the_result_is_not_surprising(accuracy, examples):
    """Wilson's interval ends where the observed accuracy is 1.96 standard deviations away."""

    def surprise(p):
        return (accuracy - p) ** 2 - 1.959964**2 * p * (1 - p) / examples

    low, high = Result("a", "b", accuracy, examples, 1, 1, 1).interval
    expected_low = brentq(surprise, 1e-12, accuracy - 1e-12) if accuracy > 0 else 0
    expected_high = brentq(surprise, accuracy + 1e-12, 1 - 1e-12) if accuracy < 1 else 1
    onp.testing.assert_allclose((low, high), (expected_low, expected_high), atol=1e-9)


def test_unknown_multiply_adds_are_not_invented(capsys):
    class Own(nn.Block):
        def __init__(self):
            super().__init__()
            self.scale = self.params.get("scale", shape=(3,))

        def forward(self, x):
            return x

    board = Scoreboard()
    board.add("own", Own(), (1, 3), data="MNIST", accuracy=0.5, examples=10, seconds=1)
    assert board.results[0].multiply_adds is None
    assert "?" in repr(board)
    board.show()
    assert "nothing to plot" in capsys.readouterr().out
    board.show("seconds")
    assert (
        capsys.readouterr().out
        == "Test accuracy against seconds of training, one point for each network: own on MNIST.\n"
    )


# The file


def test_results_are_kept_across_notebooks_and_the_latest_counts():
    add(Scoreboard(), "MLP", 0.90)
    add(Scoreboard(), "LeNet", 0.98)
    add(Scoreboard(), "MLP", 0.96)
    add(Scoreboard(), "MLP", 0.85, data="Fashion-MNIST")
    expected = [("MLP", "Fashion-MNIST", 0.85), ("LeNet", "MNIST", 0.98), ("MLP", "MNIST", 0.96)]
    assert rows(Scoreboard()) == expected


def test_a_notebook_compares_with_networks_on_its_own_data():
    add(Scoreboard(), "MLP", 0.96)
    add(Scoreboard(), "MLP", 0.85, data="Fashion-MNIST")
    board = Scoreboard()
    add(board, "LeNet", 0.88, data="Fashion-MNIST")
    assert rows(board) == [("LeNet", "Fashion-MNIST", 0.88), ("MLP", "Fashion-MNIST", 0.85)]


@pytest.mark.parametrize(("live", "keep"), [("0", None), ("1", False)])
def test_a_stored_notebook_shows_only_its_own_results_and_stores_none(monkeypatch, path, live, keep):
    add(Scoreboard(), "LeNet", 0.98)
    before = path.read_bytes()
    monkeypatch.setenv("D2L_WIDGETS", live)
    board = Scoreboard(keep=keep)
    assert board.results == []
    add(board)
    assert rows(board) == [("MLP", "MNIST", 0.96)]
    assert path.read_bytes() == before
    assert rows(Scoreboard(keep=True)) == [("LeNet", "MNIST", 0.98)]


def test_the_environment_can_name_the_file(monkeypatch, path, tmp_path):
    add(Scoreboard(), "LeNet", 0.98)
    monkeypatch.setenv("D2L_WIDGETS", "0")
    monkeypatch.setenv("D2L_SCOREBOARD", str(tmp_path / "class.jsonl"))
    add(Scoreboard(), "VGG", 0.99)
    assert rows(Scoreboard()) == [("VGG", "MNIST", 0.99)]


DAMAGE = [
    b"\xff\xfe\x00", b"{", b"[]", b"3", b"null", b'{"network": "MLP"}', b"[" * 5000,
    json.dumps({"network": "old", "data": "MNIST", "accuracy": "high", "examples": 1, "seconds": 1,
                "multiply_adds": 1, "parameters": 1}).encode(),
    json.dumps({"network": "new", "data": "MNIST", "accuracy": 0.5, "examples": 1, "seconds": 1,
                "multiply_adds": 1, "parameters": 1, "color": "red"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage[:12].decode("latin-1"))
def test_rows_that_cannot_be_read_are_left_alone(path, damage):
    add(Scoreboard(), "LeNet", 0.98)
    with path.open("ab") as file:
        file.write(b"\n" + damage)
    add(Scoreboard(), "MLP", 0.96)
    assert rows(Scoreboard()) == [("LeNet", "MNIST", 0.98), ("MLP", "MNIST", 0.96)]
    assert damage in path.read_bytes()


def test_a_row_that_was_cut_off_spoils_no_other(path):
    add(Scoreboard(), "LeNet", 0.98)
    add(Scoreboard(), "VGG", 0.99)
    path.write_bytes(path.read_bytes()[:-20])
    add(Scoreboard(), "MLP", 0.96)
    assert rows(Scoreboard()) == [("LeNet", "MNIST", 0.98), ("MLP", "MNIST", 0.96)]


@pytest.mark.parametrize("obstacle", ["file", "folder"])
def test_without_a_file_the_notebook_has_its_own_results_and_a_warning(path, obstacle):
    path.parent.parent.mkdir(parents=True)
    if obstacle == "file":
        path.parent.write_text("in the way")
    else:
        path.mkdir(parents=True)
    board = Scoreboard()
    with pytest.warns(UserWarning, match="The scoreboard only shows this notebook's results"):
        add(board)
    assert rows(board) == [("MLP", "MNIST", 0.96)]


WRITER = """
import sys
from d2lhelpers.scoreboard import Result, Scoreboard
board = Scoreboard(keep=True)
for number in range(100):
    board._store(Result(f"{sys.argv[1]}-{number} " + "x" * 3000, "MNIST", 0.5, 10, 1.0, 1, 1))
"""


@pytest.mark.jobs
def test_notebooks_that_write_at_the_same_time_lose_nothing():
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(name)], env=os.environ) for name in range(3)]
    assert [writer.wait(300) for writer in writers] == [0, 0, 0]
    assert len(Scoreboard().results) == 300


# Bad input


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"network": ""}, ValueError, "network='': must be a name"),
        ({"network": 3}, ValueError, "network=3: must be a name"),
        ({"data": None}, ValueError, "data=None: must be a name"),
        ({"accuracy": 96}, ValueError, "accuracy=96: must be a fraction, 0 to 1"),
        ({"accuracy": -0.1}, ValueError, "accuracy=-0.1"),
        ({"accuracy": float("nan")}, ValueError, "accuracy=nan"),
        ({"accuracy": "high"}, TypeError, "accuracy='high'"),
        ({"examples": 0}, ValueError, "examples=0: must be a whole number, 1 or more"),
        ({"examples": 2.5}, TypeError, r"examples=2\.5: must be a whole number"),
        ({"seconds": 0}, ValueError, "seconds=0: must be a number greater than 0"),
        ({"seconds": [1]}, TypeError, "seconds="),
    ],
)
def test_bad_results(path, options, error, message):
    board = Scoreboard()
    with pytest.raises(error, match=message):
        add(board, **options)
    assert board.results == []
    assert not path.exists()


def test_bad_networks_and_axes():
    board = Scoreboard()
    with pytest.raises(TypeError, match="net must be a Gluon network"):
        board.add("MLP", "net", (1, 784), data="MNIST", accuracy=0.9, examples=10, seconds=1)
    with pytest.raises(ValueError, match="against='time': choose 'multiply_adds' or"):
        board.show("time")


def test_numbers_may_be_numpy_s_or_mxnet_s(path):
    from mxnet import np

    board = Scoreboard()
    add(board, accuracy=np.array(0.5), examples=onp.int64(20), seconds=onp.float32(3))
    add(board, "other", accuracy=onp.float32(0.25), examples=np.array(20), seconds=np.array(3.0))
    assert rows(Scoreboard()) == [("MLP", "MNIST", 0.5), ("other", "MNIST", 0.25)]


# The picture

PLAUSIBLE = [
    Result(network, data, accuracy, 2000, seconds, work, parameters)
    for network, data, accuracy, seconds, work, parameters in [
        ("softmax", "MNIST", 0.912, 4, 7_840, 7_850),
        ("MLP", "MNIST", 0.961, 8, 203_264, 203_530),
        ("LeNet", "MNIST", 0.981, 31, 416_520, 61_706),
        ("LeNet, batch norm", "MNIST", 0.9865, 38, 416_520, 61_734),
        ("AlexNet", "MNIST", 0.989, 240, 14_000_000, 2_800_000),
        ("VGG", "MNIST", 0.9905, 300, 39_000_000, 3_200_000),
        ("Inception", "MNIST", 0.988, 280, 28_000_000, 900_000),
        ("ResNet", "MNIST", 0.9915, 210, 31_000_000, 1_100_000),
        ("softmax", "Fashion-MNIST", 0.83, 4, 7_840, 7_850),
        ("$ResNet_", "Fashion-MNIST", 0.905, 220, 31_000_000, 1_100_000),
    ]
]


@pytest.mark.parametrize("size", [(9, 4.6), (7, 4), (11, 5)])
@pytest.mark.parametrize("against", ["multiply_adds", "parameters", "seconds"])
@pytest.mark.parametrize("count", [1, 8, 10])
def test_labels_overlap_neither_each_other_nor_points_nor_the_edge(against, size, count):
    fig, ax = subplots(width=size[0], height=size[1])
    _plot(ax, PLAUSIBLE[:count], against)
    fig.draw_without_rendering()
    labels = [text for text in ax.texts if isinstance(text, Annotation)]
    assert [label.get_text() for label in labels] == [result.network for result in PLAUSIBLE[:count]]
    boxes = [label.get_window_extent() for label in labels]
    points = [ax.transData.transform((getattr(row, against), row.accuracy)) for row in PLAUSIBLE[:count]]
    for index, box in enumerate(boxes):
        assert not box.count_overlaps(boxes[:index])
        assert not any(box.contains(*point) for point in points)
        assert fig.bbox.contains(box.x0, box.y0)
        assert fig.bbox.contains(box.x1, box.y1)
