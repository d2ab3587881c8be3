"""``np.linalg.svd`` of matrices with more rows than columns, which MXNet's operator does not accept: transpose them."""

from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy.linalg",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["svd"]

    def svd(a: Any) -> tuple[Any, Any, Any]:
        """Return ``U, s, Vh``, of which U or Vh is not square, as NumPy does with ``full_matrices=False``."""
        if a.ndim < 2 or a.shape[-2] <= a.shape[-1]:
            return original(a)
        v, s, u_transposed = original(a.swapaxes(-1, -2))
        return u_transposed.swapaxes(-1, -2), s, v.swapaxes(-1, -2)

    names["svd"] = svd
