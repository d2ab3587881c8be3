"""Let the unchanged MXNet 1.9.1 wheel import, and work, on current Python and NumPy.

MXNet 1.9.1 (2022) asks NumPy for names that NumPy 1.24 to 2.4 removed, and Python for ``distutils``, which Python 3.12
removed. This module gives MXNet, and nothing but MXNet, a private view of both: a finder loads every ``mxnet`` module
with an ``__import__`` of its own, and that one hands out the views. The ``numpy`` that everyone else sees is never
touched, and neither are MXNet's files. With the versions of MXNet's own time (NumPy 1.23.5) all of it is harmless. On
the way, `onednn` mends operators that ended the process then as they do now.

The finder must be in place before MXNet is imported, wherever that happens: in a notebook's kernel, in a bare
``import mxnet``, in a worker process. So ``d2lhelpers_compat.pth`` imports this module whenever Python starts, and
importing it installs the finder: the one module of the package whose import does something. For the same reason it
imports nothing that start-up has not loaded already (no NumPy, no MXNet, not even ``functools``).
"""

import builtins
import importlib.machinery
import sys

#: Oldest and newest versions that the course is tested with.
TRIED_PYTHON = ((3, 11), (3, 13))
TRIED_NUMPY = ((1, 23), (2, 5))

# Modules in which every str() writes an operator's parameter or a symbol's attribute for MXNet's C++ side to read.
_WRITERS = {"mxnet._ctypes.ndarray", "mxnet._ctypes.symbol", "mxnet.io.io", "mxnet.symbol.symbol"}

# ndarray.tostring() went with NumPy 2.3, and a built-in type's methods cannot be put back: change the caller.
_REWRITTEN = {"mxnet.recordio": (b".tostring()", b".tobytes()")}


def _expired(name):
    """Return what NumPy 1.20 to 1.23 had in place of its financial functions, which MXNet lists by name."""

    def function(*args, **kwargs):
        raise RuntimeError(f"numpy.{name} was removed in NumPy 1.20: use numpy_financial.{name} instead")

    return function


def _numpy_view(np):
    """Return NumPy as it was in 1.23: all that the installed one, `np`, has, and what it has lost since."""
    import types

    def array(object, dtype=None, **kwargs):
        try:
            return np.array(object, dtype=dtype, **kwargs)
        except OverflowError:  # until NumPy 2 an integer too large for dtype wrapped around: 300 is 44 in uint8
            return np.array(object, **kwargs).astype(dtype)

    view = types.ModuleType("numpy")
    names = vars(view)
    names.update(
        # Removed in 1.24
        int=int,  # (of the aliases removed with it, MXNet uses no other but bool, below)
        # Removed in 2.0
        Inf=np.inf,
        PINF=np.inf,
        NINF=-np.inf,
        NAN=np.nan,
        NaN=np.nan,
        PZERO=0.0,
        NZERO=-0.0,
        alltrue=np.all,
        sometrue=np.any,
        product=np.prod,
        round_=np.round,
        msort=lambda a: np.sort(a, axis=0),
        compat=types.SimpleNamespace(basestring=str),  # np.pad asks whether its mode is text
        # Removed in 2.4
        in1d=lambda ar1, ar2, **kwargs: np.isin(np.ravel(ar1), ar2, **kwargs),
        trapz=np.trapezoid if hasattr(np, "trapezoid") else np.trapz,
        # Removed in 1.20 already
        **{name: _expired(name) for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate")},
    )
    # Whatever the installed NumPy still has goes before the above; its __getattr__, which loads some submodules when
    # they are first asked for, comes along.
    names.update(vars(np))
    names["array"] = array
    names["bool"] = bool  # gone in 1.24, back in 2.0 with another meaning (numpy.bool_)
    return view


def _version_view():
    """Return what MXNet needs of ``distutils.version`` to compare NumPy's version with 1.6, 1.15 and 1.17."""
    import types

    class Version(tuple):
        def __new__(cls, text):
            return super().__new__(cls, (int(part) for part in text.split(".")[:2]))

    view = types.ModuleType("distutils.version")
    vars(view).update(StrictVersion=Version, LooseVersion=Version)
    return view


def _builtins():
    """Return the built-in names as MXNet's modules have them: with an ``__import__`` that hands out the two views."""
    import numpy

    numpy_view, version_view = _numpy_view(numpy), _version_view()

    def import_(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name == "distutils.version":
            return version_view
        module = builtins.__import__(name, globals, locals, fromlist, level)
        return numpy_view if module is numpy else module

    return dict(vars(builtins), __import__=import_)


def _plain(value):
    """Return the parameter with Python's own numbers in the place of NumPy's scalars."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, list):
        return list(map(_plain, value))
    return value.item() if type(value).__module__ == "numpy" else value


def _text(value):
    """Return ``str(value)`` as NumPy 1 had it: NumPy 2 writes ``(np.int64(6),)`` where MXNet's C++ reads ``(6,)``."""
    text = str(value)
    if "np." in text and isinstance(value, (tuple, list)):  # this order: the common case costs one search
        return str(_plain(value))
    return text


def _add_notes(error):
    """Add to an error of ``import mxnet`` what the course knows about it."""
    library = next((name for name in ("libgomp", "libquadmath") if name in str(error)), None)
    if isinstance(error, OSError) and library:
        error.add_note(
            f"MXNet needs the system library {library}, which this machine lacks. Install it with\n"
            "    apt-get install libgomp1 libquadmath0     (Debian, Ubuntu)\n"
            "    dnf install libgomp libquadmath           (Fedora, Red Hat)"
        )
    numpy = sys.modules.get("numpy")
    numpy_version = getattr(numpy, "__version__", "0.0")
    untried = [f"Python {sys.version.split()[0]}"] * (sys.version_info[:2] > TRIED_PYTHON[1])
    untried += [f"NumPy {numpy_version}"] * (tuple(map(int, numpy_version.split(".")[:2])) > TRIED_NUMPY[1])
    if untried:
        error.add_note(
            f"{' and '.join(untried)} {'is' if len(untried) == 1 else 'are'} newer than what MXNet 1.9.1 was tried "
            f"with: {tried_versions()}. Use one of those."
        )


def tried_versions():
    """Return the versions that the course is tested with, as text.

    Examples
    --------
    >>> tried_versions()
    'Python 3.11 to 3.13 and NumPy 1.23 to 2.5'
    """
    (old_python, new_python), (old_numpy, new_numpy) = (
        (".".join(map(str, version)) for version in pair) for pair in (TRIED_PYTHON, TRIED_NUMPY)
    )
    return f"Python {old_python} to {new_python} and NumPy {old_numpy} to {new_numpy}"


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads MXNet's modules with the views in place."""

    def get_code(self, name):
        if name in _REWRITTEN:  # past the cache of compiled files, which Pythons without this module read too
            return self.source_to_code(self.get_data(self.path).replace(*_REWRITTEN[name]), self.path)
        return super().get_code(name)

    def exec_module(self, module):
        name = module.__name__
        if name in _WRITERS:
            module.str = _text
        if name == "mxnet":
            _load_mxnet(super().exec_module, module)
            return
        # The interpreter takes `import` statements to the __import__ that it finds here.
        module.__builtins__ = sys.modules["mxnet"].__builtins__
        super().exec_module(module)

        from d2lhelpers import onednn

        onednn.mend(module)
        if name == "mxnet.numpy.multiarray":
            # numpy.linalg.qr and others return named tuples since NumPy 2.0; MXNet rebuilds a result of class C as
            # C([...]), which a named tuple does not take. A plain tuple is what NumPy 1.23 returned.
            convert = module._as_mx_np_array
            module._as_mx_np_array = lambda object, ctx=None: convert(
                tuple(object) if isinstance(object, tuple) else object, ctx
            )


def _load_mxnet(load, module):
    """Load ``mxnet`` itself, and with it most of its modules; what it needs before, what to do on an error after."""
    from d2lhelpers import cuda, runtime

    runtime.configure_threads()
    runtime.keep_freed_memory()
    try:
        cuda.load_libraries()
        module.__builtins__ = _builtins()  # imports NumPy: its own OpenBLAS is loaded before MXNet's
        runtime.load_openblas(module.__path__[0])
        load(module)
    # What a Python or NumPy that lacks something makes MXNet raise (RuntimeError: its own wrapping of the others),
    # and OSError from the loader of shared libraries.
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OSError) as error:
        if isinstance(error, OSError) and (explained := cuda.explain(error)):
            raise explained from error
        _add_notes(error)
        raise


class _Finder:
    """Finds ``mxnet`` where Python would, and has it loaded by `_Loader`.

    When MXNet is not installed, it stays out of the way: Python then says so in its ordinary ModuleNotFoundError, and
    ``importlib.util.find_spec("mxnet")`` is None, as programs expect that look for optional packages.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "mxnet" and not name.startswith("mxnet."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install():
    """Put the finder before Python's own ones: one, however often this is called or the module reloaded."""
    others = [finder for finder in sys.meta_path if getattr(finder, "__module__", None) != __name__]
    sys.meta_path[:] = [_Finder, *others]


install()
