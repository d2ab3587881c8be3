"""Mends for arrays as MXNet's convolutions leave them on the CPU.

oneDNN, which computes the convolutions, writes channels in blocks of 8 or 16. Two of its other operators fail on such
arrays: a slice that cuts through a block, and a softmax over the last axis. ``Y[:, 0]`` of a convolution's output, or
``npx.softmax(Y)``, does not raise an error, it ends the process. Given a view with one axis more, or fewer, MXNet first
brings the array into the ordinary order.

Two things stay as they were: a softmax in a hybridized network, for a symbol does not know its shape, and
``Y[0, 0, 0, 0] + 1``, an error of MXNet's where ``float(Y[0, 0, 0, 0])`` is right.

`compat` calls `mend` with each of MXNet's modules when it is loaded.
"""

import functools


def mend(module):
    """Change what of a module of MXNet needs it, and nothing in the others.

    Parameters
    ----------
    module : module
        One of MXNet's, just loaded.
    """
    if module.__name__ == "mxnet.ndarray.numpy":
        module._internal.slice = _through_blocks(module._internal.slice)
    elif module.__name__ == "mxnet.symbol.numpy":
        module._internal.slice = _symbol_through_blocks(module._internal.slice, module)
    elif module.__name__ in ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension"):
        module.softmax = _over_rows(module.softmax, place_of_axis=1)
        module.log_softmax = _over_rows(module.log_softmax, place_of_axis=0)


def _through_blocks(slice_):
    """Return the slice that takes an array with four axes as one with five, if it cuts the second, the channels."""

    @functools.wraps(slice_)
    def through_blocks(data, begin, end, step, **kwargs):
        if data.ndim != 4 or data.size == 0 or (begin[1], end[1]) == (None, None):
            return slice_(data, begin, end, step, **kwargs)
        part = slice_(data.reshape_view((1, *data.shape)), (0, *begin), (1, *end), (1, *step), **kwargs)
        return part.reshape_view(part.shape[1:]) if part.size else part.reshape(part.shape[1:])

    return through_blocks


def _symbol_through_blocks(slice_, np):
    """Return the slice that takes a symbol with an axis more, if it cuts the second: how many it has is not known."""

    @functools.wraps(slice_)
    def through_blocks(data, begin, end, step=None, **kwargs):
        if not isinstance(begin, list) or len(begin) < 2 or (begin[1], end[1]) == (None, None):
            return slice_(data, begin, end, step, **kwargs)
        part = slice_(np.expand_dims(data, 0), (0, *begin), (1, *end), (1, *step), **kwargs)
        return np.squeeze(part, 0)

    return through_blocks


def _over_rows(softmax, place_of_axis):
    """Return the softmax that computes the one over the last axis on a matrix of rows."""

    @functools.wraps(softmax)
    def over_rows(data, *args, **kwargs):
        axis = args[place_of_axis] if len(args) > place_of_axis else kwargs.get("axis", -1)
        over_last = data.ndim in (3, 4) and data.size > 0 and axis in (-1, data.ndim - 1)
        if not over_last or kwargs.get("use_length") or kwargs.get("out") is not None:
            return softmax(data, *args, **kwargs)
        if len(args) > place_of_axis:
            args = (*args[:place_of_axis], -1, *args[place_of_axis + 1 :])
        else:
            kwargs["axis"] = -1
        return softmax(data.reshape_view((-1, data.shape[-1])), *args, **kwargs).reshape_view(data.shape)

    return over_rows
