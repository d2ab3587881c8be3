"""Files: names given as Path objects, missing files, and files that MXNet cannot read.

MXNet takes names of files only as strings. If a file is missing, the error is an MXNetError with a C++ stack trace, or
a ValueError from `load_parameters`; now it is the error that Python itself raises, such as FileNotFoundError. If a file
has another format, the error now names the file. ``ParameterDict.save`` refused NumPy arrays and recommended a function
that does not exist. A record file that could not be opened raised a second error when it was deleted.
"""

import errno
import functools
import os
import pathlib
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.base", "mxnet.ndarray.utils", "mxnet.numpy_extension.utils", "mxnet.recordio")


def apply(module: ModuleType) -> None:
    """Change what converts names, what creates errors, and the functions that save and load arrays."""
    names = vars(module)
    if module.__name__ == "mxnet.base":
        names["string_types"] = (*names["string_types"], pathlib.PurePath)
        names["c_str"] = _of_path(names["c_str"])
        for source in ("LocalFileSystem", "Imread"):  # the words with which these messages start
            names["register_error"](source, functools.partial(_os_error, otherwise=names["MXNetError"]))
    elif module.__name__ == "mxnet.recordio":
        names["MXRecordIO"].is_open = False
    else:
        names["load"] = _naming_the_file(names["load"], names["check_call"].__globals__["MXNetError"])
        if module.__name__ == "mxnet.ndarray.utils":
            names["save"] = _of_both_kinds(names["save"])


def _of_path(c_str: Callable[[str], Any]) -> Callable[[Any], Any]:
    return functools.wraps(c_str)(lambda string: c_str(os.fspath(string)))


def _os_error(message: str, otherwise: type[Exception]) -> Exception:
    """Return Python's own error for a message such as 'LocalFileSystem: ... :Open "x": No such file or directory'."""
    found = re.search(r"""["']([^"']+)["'](?: couldn't open file)?: ([^:\n]+)$""", message.strip())
    if found:
        name, reason = found.groups()
        for code in errno.errorcode:
            if os.strerror(code) == reason:
                return OSError(code, reason, name)
    return otherwise(message)


def _naming_the_file(load: Callable[[Any], Any], error_class: type[Exception]) -> Callable[[Any], Any]:
    @functools.wraps(load)
    def naming_the_file(file: Any) -> Any:
        try:
            return load(file)
        except error_class as error:
            if "Invalid NDArray file format" not in str(error):
                raise
            raise ValueError(
                f"{os.fspath(file)} is not a file of MXNet arrays, as npx.save and save_parameters write them. "
                "Read files of NumPy with np.array(numpy.load(...))."
            ) from None

    return naming_the_file


def _of_both_kinds(save: Callable[..., None]) -> Callable[..., None]:
    """Return ``mx.nd.save`` that passes NumPy-style arrays on to ``npx.save``."""

    @functools.wraps(save)
    def of_both_kinds(fname: Any, data: Any) -> None:
        from mxnet import np, npx

        arrays = data.values() if isinstance(data, dict) else data if isinstance(data, (list, tuple)) else [data]
        if any(isinstance(array, np.ndarray) for array in arrays):
            npx.save(fname, data)
        else:
            save(fname, data)

    return of_both_kinds
