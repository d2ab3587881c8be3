"""MXNet on current Python and NumPy (compat.py): importing it, what NumPy has lost, and what it leaves alone."""

import copy
import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import mxnet as mx
import numpy as onp
import pytest
from mxnet import gluon, np, npx

from d2lhelpers import compat

NUMPY_2 = onp.lib.NumpyVersion(onp.__version__) >= "2.0.0"
I = onp.int64  # noqa: E741 - NumPy's integers, as a shape or an index computed with NumPy holds them


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Let each test start and end with MXNet's NumPy interface switched on."""
    npx.set_np()
    yield
    npx.set_np()


def run(code, *options, path=None, check=True):
    """Run Python code in a fresh interpreter; `path` is its PYTHONPATH."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith(("_NUM_THREADS", "NTHREADS"))}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, *options, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert not check or done.returncode == 0, done.stderr
    return done


# Importing

NAMES = "{n: id(v) for n, v in vars(numpy).items() if type(v).__name__ != 'module' and not n.startswith('_')}"


@pytest.mark.parametrize(
    "imports",
    [
        "import mxnet",
        "from d2l import mxnet as d2l",
        "import matplotlib.pyplot, pandas, scipy.linalg; import mxnet.gluon",
    ],
)
def test_imports_in_any_order_and_leaves_numpy_alone(imports):
    done = run(f"""
        import sys
        {"" if "d2l" in imports else "import numpy; before = numpy, " + NAMES}
        {imports}
        from mxnet import np
        assert np.dot(np.ones((2, 3)), np.ones((3, 2))).asnumpy().tolist() == [[3, 3], [3, 3]]
        import numpy
        {"" if "d2l" in imports else "assert before == (numpy, " + NAMES + ")"}
        print(*sorted({NAMES}))
    """)
    assert done.stderr == ""
    assert done.stdout == run(f"import numpy; print(*sorted({NAMES}))").stdout


def test_works_in_a_spawned_worker(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import multiprocessing

        def work(n):
            import mxnet
            return float(mxnet.np.ones(n).sum())

        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.map(work, [3, 4]))
    """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("[3.0, 4.0]\n", "")


def test_works_in_a_notebook():
    nbclient = pytest.importorskip("nbclient")
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import mxnet; mxnet.np.ones(2).sum()")])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    assert [output["data"]["text/plain"] for output in notebook.cells[0].outputs] == ["array(2.)"]


def test_start_of_python_loads_next_to_nothing():
    root = Path(compat.__file__).parent.parent
    code = "import sys; before = set(sys.modules); import d2lhelpers.compat; print(*sorted(set(sys.modules) - before))"
    loaded = set(run(code, "-S", path=root).stdout.split())
    # `importlib` brings its parts and `warnings`, which Python's own start-up (site) mostly has loaded as well
    assert loaded <= {
        *("d2lhelpers", "d2lhelpers.compat", "importlib", "importlib._bootstrap", "importlib._bootstrap_external"),
        *("importlib.machinery", "warnings", "_warnings"),
    }


def test_start_of_python_takes_less_than_5_ms():
    times = []
    for _ in range(7):
        lines = run("", "-X", "importtime").stderr.splitlines()
        cumulative = [int(line.split("|")[1]) for line in lines if line.split("|")[-1].strip() == "d2lhelpers.compat"]
        times += cumulative[-1:]  # the last line is the whole, with the package itself
    assert len(times) == 7, "site-packages has no d2lhelpers_compat.pth: the package is not installed"
    # The quickest of seven: the others measure what else the machine is doing. Without its compiled files Python
    # has to compile the module each time.
    assert min(times) < (15_000 if sys.dont_write_bytecode else 5_000)


def test_finder_is_there_once_after_reload_and_install():
    count = run("""
        import importlib, sys
        import d2lhelpers.compat as compat
        importlib.reload(compat)
        compat.install()
        print(sum(getattr(finder, "__module__", None) == "d2lhelpers.compat" for finder in sys.meta_path))
        print(sys.meta_path[0] is compat._Finder)
    """).stdout
    assert count.split() == ["1", "True"]


def test_finder_minds_nothing_but_mxnet():
    assert compat._Finder.find_spec("numpy") is None
    assert compat._Finder.find_spec("mxnet_extras") is None
    assert importlib.util.find_spec("mxnet.nothing") is None
    assert type(mx.__spec__.loader).__module__ == "d2lhelpers.compat"


# Errors on import


@pytest.fixture
def bare(tmp_path):
    """Return a folder with nothing but compat and what it imports in it, to be used with -S (no site-packages)."""
    package = tmp_path / "d2lhelpers"
    package.mkdir()
    (package / "__init__.py").touch()
    for name in ("compat.py", "cuda.py", "onednn.py", "runtime.py"):
        shutil.copy(Path(compat.__file__).with_name(name), package)
    return tmp_path


def fail_to_import(folder, *, mxnet=None, numpy=None, before=""):
    """Return name, text and notes of what ``import mxnet`` raises with these sources for the two packages."""
    for name, source in (("mxnet", mxnet), ("numpy", numpy)):
        if source is not None:
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(source)
    code = f"""
        import d2lhelpers.compat, json
        {before}
        try:
            import mxnet
        except Exception as error:
            print(json.dumps([type(error).__name__, str(error), getattr(error, "__notes__", [])]))
    """
    return json.loads(run(code, "-S", path=folder).stdout)


FAKE_NUMPY = """
def f(): pass
__version__ = {version!r}
inf = nan = 0.0
all = any = prod = round = trapezoid = isin = ravel = f
"""


def test_mxnet_not_installed_is_the_ordinary_error(bare):
    assert fail_to_import(bare) == ["ModuleNotFoundError", "No module named 'mxnet'", []]


def test_numpy_not_installed_is_the_ordinary_error(bare):
    assert fail_to_import(bare, mxnet="import numpy") == ["ModuleNotFoundError", "No module named 'numpy'", []]


def test_error_with_tried_versions_has_no_note(bare):
    name, _, notes = fail_to_import(bare, mxnet="import nothing", numpy=FAKE_NUMPY.format(version="2.5.1"))
    assert (name, notes) == ("ModuleNotFoundError", [])


def test_error_on_a_newer_numpy_names_the_tried_versions(bare):
    fake = FAKE_NUMPY.format(version="2.10.1")
    name, text, notes = fail_to_import(bare, mxnet="import numpy\nnumpy.newly_removed", numpy=fake)
    assert (name, text) == ("AttributeError", "module 'numpy' has no attribute 'newly_removed'")
    assert len(notes) == 1
    assert "NumPy 2.10.1 is newer" in notes[0]
    assert "Python 3.11 to 3.13 and NumPy 1.23 to 2.5" in notes[0]


def test_error_on_a_numpy_that_the_view_does_not_fit_names_the_tried_versions(bare):
    _, _, notes = fail_to_import(bare, mxnet="", numpy="__version__ = '3.0.0'")
    assert "NumPy 3.0.0 is newer" in notes[0]


def test_error_on_a_newer_python_names_the_tried_versions(bare):
    before = "d2lhelpers.compat.TRIED_PYTHON = ((3, 9), (3, 10))"
    fake = FAKE_NUMPY.format(version="2.11.0.dev0+git")
    _, _, notes = fail_to_import(bare, mxnet="from typing import gone", numpy=fake, before=before)
    assert f"Python {sys.version.split()[0]} and NumPy 2.11.0.dev0+git are newer" in notes[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the message of Linux's loader")
@pytest.mark.parametrize("library", ["libgomp.so.1", "libquadmath.so.0"])
def test_missing_system_library_says_how_to_install_it(bare, library):
    missing = library[:-1] + "99"  # a version that no system has
    _, _, notes = fail_to_import(
        bare, mxnet=f"import ctypes\nctypes.CDLL({missing!r})", numpy=FAKE_NUMPY.format(version="2.0.0")
    )
    assert len(notes) == 1
    assert f"the system library {library.partition('.')[0]}," in notes[0]
    assert "apt-get install libgomp1 libquadmath0" in notes[0]
    assert "dnf install libgomp libquadmath" in notes[0]


# What NumPy has lost since 1.23: MXNet still has it, and NumPy is as it was


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("alltrue", ([[1.0, 0.0], [1.0, 1.0]],), False),
        ("sometrue", ([[1.0, 0.0], [0.0, 0.0]],), True),
        ("product", ([[1.0, 2.0], [3.0, 4.0]],), 24.0),
        ("round_", ([0.4, 0.6],), [0.0, 1.0]),
        ("msort", ([[3.0, 1.0], [2.0, 4.0]],), [[2.0, 1.0], [3.0, 4.0]]),
        ("in1d", ([[1.0, 2.0], [3.0, 4.0]], [2.0, 4.0]), [False, True, False, True]),
        ("trapz", ([1.0, 2.0, 3.0],), 4.0),
    ],
)
def test_removed_function(name, arguments, expected):
    result = getattr(np, name)(*map(np.array, arguments))
    assert onp.array_equal(result.asnumpy() if isinstance(result, np.ndarray) else result, expected)


def test_removed_constants():
    assert [0, 0, onp.inf, -onp.inf] == [np.PZERO, np.NZERO, np.PINF, np.NINF]
    assert str(np.NZERO) == "-0.0"
    assert onp.isnan([np.NAN, np.NaN]).all()


@pytest.mark.parametrize("name", ["mirr", "npv", "pmt", "ppmt", "pv", "rate"])
def test_long_removed_functions_say_where_they_went(name):
    with pytest.raises(RuntimeError, match=f"numpy_financial.{name}"):
        getattr(np.fallback, name)(1, 2)


@pytest.mark.parametrize("function", [onp.any, onp.prod])
@pytest.mark.parametrize("keywords", [{}, {"axis": 1}, {"axis": (0, 1)}, {"axis": 0, "keepdims": True}])
def test_official_function_on_an_mxnet_array_gives_an_mxnet_array(function, keywords):
    x = np.array([[1.0, 2.0], [3.5, 0.0]])
    result = function(x, **keywords)
    assert type(result) is np.ndarray
    assert result.asnumpy().tolist() == function(x.asnumpy(), **keywords).tolist()


def test_official_round_on_an_mxnet_array_gives_an_mxnet_array():
    result = onp.round(np.array([0.26, 1.74]), 1)
    assert type(result) is np.ndarray
    assert onp.allclose(result.asnumpy(), [0.3, 1.7])


def test_name_that_numpy_never_had_is_numpys_own_error():
    with pytest.raises(AttributeError, match="module 'numpy' has no attribute 'nonsense'"):
        _ = mx.base._np.nonsense


def test_view_is_private_and_has_what_numpy_loads_late():
    assert mx.base._np is not onp
    assert sys.modules["numpy"] is onp
    assert mx.base._np.int is int
    assert mx.base._np.testing is onp.testing
    assert np.multiarray._np is mx.base._np, "one view for all modules"


def test_boolean_type():
    assert np.bool is bool
    assert np.full((2,), True, dtype=np.bool).asnumpy().tolist() == [True, True]
    assert np.arange(3)[[True, False, True]].asnumpy().tolist() == [0, 2]
    assert np.arange(3)[onp.array([True, False, True])].asnumpy().tolist() == [0, 2]
    assert (np.arange(3) > 1).dtype == onp.bool_


def test_integers_too_large_wrap_around():
    assert np.array([300, -1, 7], dtype="uint8").asnumpy().tolist() == [44, 255, 7]
    assert np.array([2**40 + 5], dtype="int32").asnumpy().tolist() == [5]
    assert mx.nd.array([300, -1], dtype="uint8").asnumpy().tolist() == [44, 255]
    if NUMPY_2:
        with pytest.raises(OverflowError):  # NumPy itself keeps its own mind
            onp.array([300], dtype="uint8")


def test_version_comparison():
    version = compat._version_view().LooseVersion
    assert version("2.5.0.dev0+git") >= version("1.17") > version("1.15") > version("1.6.0")
    assert np.empty_like(np.ones((2, 3))).shape == (2, 3)  # asks for NumPy's version as it runs


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric", "minimum", "maximum"])
def test_pad(mode):
    x = onp.arange(6.0).reshape(2, 3)
    width = ((I(1), I(1)), (0, 2))
    assert onp.array_equal(np.pad(np.array(x), width, mode=mode).asnumpy(), onp.pad(x, width, mode=mode))


# Parameters as text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((I(6),), "(6,)"),
        ([onp.float64(0.5), (onp.int32(1), 2)], "[0.5, (1, 2)]"),
        ((onp.bool_(True), None, "np.x"), "(True, None, 'np.x')"),
        ((onp.float64("nan"), onp.float32("inf")), "(nan, inf)"),
        (I(3), "3"),
        (onp.float32(0.1), "0.1"),
        ("np.int64(6)", "np.int64(6)"),
        ((), "()"),
        (None, "None"),
    ],
)
def test_text_of_a_parameter(value, expected):
    assert compat._text(value) == expected


def test_named_tuple_as_a_parameter():
    shape = __import__("collections").namedtuple("Shape", "rows columns")(I(2), I(3))
    assert compat._plain(shape) == (2, 3)


def test_operators_take_numpys_integers():
    x = onp.arange(24.0).reshape(2, 3, 4)
    assert np.array(x).transpose((I(2), I(0), I(1))).shape == (4, 2, 3)
    assert np.sum(np.array(x), axis=(I(0), I(2))).asnumpy().tolist() == x.sum((0, 2)).tolist()
    assert np.zeros((I(2), I(3))).shape == (2, 3)
    part = mx.nd.slice(mx.nd.array(x), begin=(I(0), I(1), I(1)), end=(I(1), I(3), I(3)))
    assert part.asnumpy().tolist() == x[0:1, 1:3, 1:3].tolist()


def test_symbols_take_numpys_integers():
    a = mx.sym.var("a", shape=(I(2), I(3)))
    assert mx.sym.transpose(a, axes=(I(1), I(0))).infer_shape()[1] == [(3, 2)]


def test_hybridized_net_takes_numpys_integers_and_comes_back_from_disk(tmp_path):
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Conv2D(I(3), kernel_size=(I(3), I(3)), in_channels=I(2)), gluon.nn.Dense(I(4), in_units=I(3 * 36)))
    net.initialize()
    x = np.random.uniform(size=(1, 2, 8, 8))
    before = net(x).asnumpy()
    net.hybridize()
    assert onp.allclose(net(x).asnumpy(), before, atol=1e-6)
    net.export(str(tmp_path / "net"))
    again = gluon.SymbolBlock.imports(f"{tmp_path}/net-symbol.json", ["data"], f"{tmp_path}/net-0000.params")
    assert onp.allclose(again(x).asnumpy(), before, atol=1e-6)


def test_data_iterator_takes_numpys_integers(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n4,5,6\n")
    npx.reset_np()
    batch = next(iter(mx.io.CSVIter(data_csv=str(table), data_shape=(I(3),), batch_size=I(2))))
    assert batch.data[0].asnumpy().tolist() == [[1, 2, 3], [4, 5, 6]]


# Results that are named tuples since NumPy 2.0


def test_qr_of_both_gives_plain_tuples():
    x = onp.array([[2.0, 1.0], [1.0, 3.0], [0.0, 1.0]], dtype="float32")
    for qr in (np.linalg.qr, onp.linalg.qr):
        result = qr(np.array(x))
        assert type(result) is tuple
        assert [type(part) for part in result] == [np.ndarray] * 2
        assert onp.allclose((result[0] @ result[1]).asnumpy(), x, atol=1e-6)


@pytest.mark.parametrize("name", ["svd", "eig", "eigh", "slogdet"])
def test_decompositions_agree_with_numpy(name):
    x = onp.array([[2.0, 1.0], [1.0, 3.0]], dtype="float32")
    expected = getattr(onp.linalg, name)(x)
    for function in (getattr(np.linalg, name), getattr(onp.linalg, name)):
        for part, right in zip(function(np.array(x)), expected, strict=True):
            got = part.asnumpy() if isinstance(part, np.ndarray) else part
            # Vectors are right in either direction; eig may list its pairs in any order.
            assert onp.allclose(onp.sort(abs(onp.ravel(got))), onp.sort(abs(onp.ravel(right))), atol=1e-5)


# recordio


def test_record_with_several_labels_comes_back():
    header, content = mx.recordio.unpack(mx.recordio.pack(mx.recordio.IRHeader(0, [1, 2, 3], 7, 0), b"content"))
    assert (header.flag, header.id, content) == (3, 7, b"content")
    assert header.label.tolist() == [1, 2, 3]


def test_record_with_an_image(monkeypatch):
    class OpenCV:
        IMWRITE_JPEG_QUALITY = 1

        @staticmethod
        def imencode(suffix, image, quality):
            return True, onp.asarray(image, dtype="uint8")

    monkeypatch.setattr(mx.recordio, "cv2", OpenCV)
    _, content = mx.recordio.unpack(mx.recordio.pack_img(mx.recordio.IRHeader(0, 1.0, 7, 0), [1, 2, 3]))
    assert content == bytes([1, 2, 3])


# Copies


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_array_can_be_copied(duplicate):
    x = np.array([[1.0, 2.0]])
    y = duplicate(x)
    y[:] = 0
    assert (type(y), x.asnumpy().tolist()) == (np.ndarray, [[1.0, 2.0]])


def test_net_can_be_copied():
    net = gluon.nn.Dense(2, in_units=3)
    net.initialize()
    twin = copy.deepcopy(net)
    net.weight.set_data(np.zeros((2, 3)))
    assert abs(twin.weight.data().asnumpy()).sum() > 0
