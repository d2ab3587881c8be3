"""Layers of Gluon that ignored an option, or failed, mostly after ``npx.set_np()``.

* `Identity` had no gradient when it was hybridized.
* `BatchNormReLU` left out its ReLU without a word.
* Deformable convolutions failed when they were made, because an unknown size was 0 before NumPy's shapes existed.
* Sparse gradients, which only arrays of the old interface have, failed at initialization. `Embedding` and
  `SparseEmbedding` now say so when they are made.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = (
    "mxnet.gluon.nn.basic_layers",
    "mxnet.gluon.contrib.cnn.conv_layers",
    "mxnet.gluon.contrib.nn.basic_layers",
)


def apply(module: ModuleType) -> None:
    """Replace methods of these layers."""
    names = vars(module)
    if module.__name__ == "mxnet.gluon.nn.basic_layers":
        names["BatchNormReLU"].hybrid_forward = _with_relu(names["BatchNormReLU"].hybrid_forward)
        names["Embedding"].__init__ = _without_sparse_gradient(names["Embedding"].__init__)
    elif module.__name__ == "mxnet.gluon.contrib.nn.basic_layers":
        names["Identity"].hybrid_forward = _identity
        names["SparseEmbedding"].__init__ = _without_sparse_gradient(names["SparseEmbedding"].__init__, always=True)
    else:
        for layer in (names["DeformableConvolution"], names["ModulatedDeformableConvolution"]):
            layer.__init__ = _with_unknown_sizes(layer.__init__)


def _identity(self: Any, F: Any, x: Any) -> Any:
    return x if hasattr(x, "shape") else F.identity(x)


def _with_relu(batch_norm: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(batch_norm)
    def hybrid_forward(self: Any, F: Any, x: Any, **parameters: Any) -> Any:
        from mxnet import util

        result = batch_norm(self, F, x, **parameters)
        return F.npx.relu(result) if util.is_np_array() else result

    return hybrid_forward


def _with_unknown_sizes(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
        from mxnet import util

        with util.np_array(False), util.np_shape(False):
            init(self, *args, **kwargs)

    return wrapper


def _without_sparse_gradient(init: Callable[..., None], always: bool = False) -> Callable[..., None]:
    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
        from mxnet import util

        if util.is_np_array() and (always or kwargs.get("sparse_grad") or args[4:5] == (True,)):
            raise NotImplementedError(
                f"{type(self).__name__}: NumPy arrays cannot be sparse. Use nn.Embedding(input_dim, output_dim), whose "
                "gradient is an ordinary array."
            )
        init(self, *args, **kwargs)

    return wrapper
