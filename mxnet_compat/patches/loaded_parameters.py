"""`load_parameters` for a single layer, and its errors.

The parameters of a single layer have no dot in their names, which MXNet takes for the format of an old version. It
loaded them as arrays of the old interface, which the layer rejects (apache/mxnet#16098), and did not find parameters
whose attribute has another name than they do. `SymbolBlock.imports` loaded such arrays, too.
"""

import functools
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.gluon.parameter", "mxnet.gluon.block")


def apply(module: ModuleType) -> None:
    """Replace the methods that load."""
    names = vars(module)
    if module.__name__ == "mxnet.gluon.parameter":
        names["Parameter"]._load_init = _with_right_arrays(names["Parameter"]._load_init)
    else:
        names["Block"].load_parameters = _of_any_block(names["Block"].load_parameters)


def _with_right_arrays(load_init: Callable[..., None]) -> Callable[..., None]:
    from mxnet import util

    @functools.wraps(load_init)
    def with_right_arrays(self: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        if self.shape and len(self.shape) != len(data.shape):  # MXNet compares only the axes that both have
            raise AssertionError(
                f"Failed loading Parameter '{self.name}' from saved params: shape incompatible expected {self.shape} "
                f"vs saved {data.shape}"
            )
        load_init(self, data.as_np_ndarray() if util.is_np_array() else data, *args, **kwargs)

    return with_right_arrays


def _of_any_block(load_parameters: Callable[..., None]) -> Callable[..., None]:
    from mxnet import nd
    from mxnet.gluon.parameter import ParameterDict

    @functools.wraps(load_parameters)
    def of_any_block(
        self: Any,
        filename: Any,
        ctx: Any = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
        cast_dtype: bool = False,
        dtype_source: str = "current",
    ) -> None:
        parameters = self._collect_params_with_prefix()
        types = {"cast_dtype": cast_dtype, "dtype_source": dtype_source}
        if parameters and not any("." in name for name in parameters):
            loaded = nd.load(filename)
            if isinstance(loaded, dict) and parameters.keys() & loaded.keys():
                own = ParameterDict()
                own._params.update(parameters)
                own.load_dict(loaded, ctx, allow_missing, ignore_extra, filename=filename, **types)
                return
        try:
            load_parameters(self, filename, ctx, allow_missing, ignore_extra, **types)
        except (AssertionError, AttributeError) as error:  # names without dots that do not fit, or arrays without names
            if not str(error).startswith(("restore_prefix", "'list' object")):
                raise
            raise ValueError(
                f"{os.fspath(filename)} does not contain the parameters of this network, which are: "
                f"{', '.join(parameters)}"
            ) from None

    return of_any_block
