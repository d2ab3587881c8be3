"""A table of a network's layers: output shape, parameters, multiply-adds."""

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from mxnet import MXNetError, gluon, init, np, npx
from mxnet.context import Context, cpu
from mxnet.gluon import nn
from mxnet.gluon.nn import conv_layers

from d2lhelpers.formatting import html_table, text_table

Shape = tuple[int, ...]
_CONTAINERS = (nn.Sequential, nn.HybridSequential)
_WEIGHTED = (conv_layers._Conv, nn.Dense)
_TRANSPOSED = (nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose)
_UNCOUNTED = (nn.BatchNorm, nn.LayerNorm, nn.InstanceNorm, nn.GroupNorm, nn.Embedding, nn.PReLU)


@dataclass(frozen=True)
class LayerRow:
    """One layer of a `LayerTable`."""

    name: str  # kind and size, such as "Conv2D 6×5×5" (output channels × kernel)
    path: str  # position in the network, such as "0" or "body.3"
    output_shape: Shape  # with the batch axis; if a layer returns several arrays, the first one's
    parameters: int  # trainable numbers, without those counted in an earlier row
    multiply_adds: int | None  # per example; None if unknown, as for a user-defined layer


@dataclass(frozen=True)
class LayerTable:
    """The layers of a network in the order in which they are computed, shown as a table."""

    rows: tuple[LayerRow, ...]
    input_shape: Shape
    network: str

    @property
    def total_parameters(self) -> int:
        """Trainable parameters of the network; shared ones count once."""
        return sum(row.parameters for row in self.rows)

    @property
    def total_multiply_adds(self) -> int:
        """Multiply-adds per example of the layers for which they are known."""
        return sum(row.multiply_adds or 0 for row in self.rows)

    @property
    def all_known(self) -> bool:
        """Whether `total_multiply_adds` covers every layer."""
        return all(row.multiply_adds is not None for row in self.rows)

    def _cells(self) -> list[tuple[str, str, str, str]]:
        head = ("layer", "output shape", "parameters", "multiply-adds")
        cells = [head, ("input", _times(self.input_shape), "", "")]
        for row in self.rows:
            adds = "?" if row.multiply_adds is None else f"{row.multiply_adds:,}"
            cells.append((row.name, _times(row.output_shape), f"{row.parameters:,}", adds))
        at_least = "" if self.all_known else "≥ "
        return [*cells, ("total", "", f"{self.total_parameters:,}", f"{at_least}{self.total_multiply_adds:,}")]

    def __str__(self) -> str:
        return text_table(self._cells(), "<<>>")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(self._cells(), "<<>>", f"{self.network}: multiply-adds are per example")


def summarize(
    net: gluon.Block, input_shape: Sequence[int], *, dtype: str = "float32", depth: int | None = None
) -> LayerTable:
    """Run zeros through a network and list its layers.

    The network is left as it was (uninitialized, hybridized, ...), and no random numbers are drawn.

    Parameters
    ----------
    net : mxnet.gluon.Block
        The network.
    input_shape : sequence of int
        Shape of the input with its batch axis, such as (1, 1, 28, 28).
    dtype : str
        Data type of the input.
    depth : int, optional
        Show a block that is nested this deep as one row with the sums of its layers. 1 gives a row for each child of
        `net`; by default, every layer has its own.

    Notes
    -----
    The counts follow the convention in papers. *Parameters* are those that training may change, including frozen ones,
    but not the running mean and variance of batch normalization. *Multiply-adds* are those of convolutions and dense
    layers; each is 2 FLOP. Biases, pooling, normalization, and activations count as zero, and so does what a block
    computes in its own forward method, such as the sum in a residual block. A layer with parameters but no known
    formula shows "?".

    Examples
    --------
    >>> npx.set_np()
    >>> net = nn.Sequential()
    >>> net.add(nn.Dense(3, activation="relu"), nn.Dense(1))
    >>> print(summarize(net, (2, 4)))
    layer         output shape  parameters  multiply-adds
    ─────────────────────────────────────────────────────
    input         2×4
    Dense 3 relu  2×3                   15             12
    Dense 1       2×1                    4              3
    ─────────────────────────────────────────────────────
    total                               19             15
    """
    npx.set_np()
    if not isinstance(net, gluon.Block):
        raise TypeError(f"net must be a Gluon network (gluon.Block), not {type(net).__name__}")
    if not input_shape or not all(isinstance(side, Integral) and side > 0 for side in input_shape):
        raise ValueError(f"input_shape must contain positive integers, batch axis first, not {input_shape!r}")
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be at least 1, not {depth}")
    shape = tuple(map(int, input_shape))
    recorder = _Recorder(math.inf if depth is None else depth)
    with _ready_to_run(net) as context, recorder.attached(net):
        try:
            net(np.zeros(shape, dtype=dtype, ctx=context))
            npx.waitall()  # otherwise a large network's arrays may still be in memory when the next one runs
        except (MXNetError, ValueError, AssertionError, IndexError, TypeError) as error:
            raise ValueError(recorder.explain(error, shape)) from error
    return LayerTable(tuple(recorder.rows), shape, type(net).__name__)


@contextmanager
def _ready_to_run(net: gluon.Block) -> Iterator[Context]:
    """Give every parameter a value and turn off compiled execution; restore everything at the end."""
    blocks = _blocks(net)
    parameters = list(dict.fromkeys(net.collect_params().values()))  # shared ones only once
    # All attributes, because a first run stores the shapes that it infers in parameters and layers.
    saved = [(thing, dict(vars(thing))) for thing in [*parameters, *blocks]]
    context = next((p.list_ctx()[0] for p in parameters if p._data is not None), cpu())
    try:
        for block in blocks:
            if isinstance(block, gluon.HybridBlock):
                block._active = False  # a compiled block calls no hooks
        for parameter in parameters:
            if parameter._data is None:
                parameter._deferred_init = ()
                parameter._grad_req = "null"  # no memory for gradients
                parameter.initialize(init=init.Zero(), ctx=context)
        yield context
    finally:
        for thing, attributes in saved:
            vars(thing).clear()
            vars(thing).update(attributes)


def _blocks(net: gluon.Block) -> list[gluon.Block]:
    """Return a block and all blocks inside it, each only once."""
    found: list[gluon.Block] = []
    net.apply(found.append)
    return list(dict.fromkeys(found))


@dataclass
class _Call:
    """A block that is being called, and the rows of the blocks in it."""

    block: gluon.Block
    path: str
    input_shape: Shape
    rows: list[LayerRow] = field(default_factory=list)


class _Recorder:
    """Follows the calls of a network's blocks and makes a row for each block to be shown."""

    def __init__(self, depth: float) -> None:
        self.rows: list[LayerRow] = []
        self._depth = depth
        self._calls: list[_Call] = []
        self._counted: set[gluon.Parameter] = set()
        self._names: dict[gluon.Block, str] = {}

    @contextmanager
    def attached(self, net: gluon.Block) -> Iterator[None]:
        with ExitStack() as hooks:
            for block in _blocks(net):
                for name, child in block._children.items():
                    self._names.setdefault(child, name)
                hooks.enter_context(block.register_forward_pre_hook(self._before))
                hooks.enter_context(block.register_forward_hook(self._after))
            yield

    def _before(self, block: gluon.Block, inputs: Sequence[Any]) -> None:
        path = f"{self._calls[-1].path}.{self._names[block]}".strip(".") if self._calls else ""
        self._calls.append(_Call(block, path, _first_shape(inputs)))

    def _after(self, block: gluon.Block, inputs: Sequence[Any], output: Any) -> None:
        call = self._calls.pop()
        rows, shape = call.rows, _first_shape(output)
        own = self._count_parameters(block)
        adds = _multiply_adds(block, call.input_shape, shape)
        is_leaf = not block._children and not isinstance(block, _CONTAINERS)
        if is_leaf and adds is None and not block._reg_params:
            adds = 0
        if is_leaf or adds is not None:  # the activation in a Dense is a block of its own, but gets no row
            rows = [LayerRow(_name(block), call.path, shape, own + sum(row.parameters for row in rows), adds)]
        elif own:  # used in a user-defined forward method
            rows = [*rows, LayerRow(_name(block), call.path, shape, own, None)]
        if len(self._calls) >= self._depth:
            sums = LayerTable(tuple(rows), shape, "")
            adds = sums.total_multiply_adds if sums.all_known else None
            rows = [LayerRow(_name(block), call.path, shape, sums.total_parameters, adds)]
        (self._calls[-1].rows if self._calls else self.rows).extend(rows)

    def _count_parameters(self, block: gluon.Block) -> int:
        """Count a block's own trainable numbers, each at its first use."""
        new = [p for p in block._reg_params.values() if p._differentiable and p not in self._counted]
        self._counted.update(new)
        return sum(math.prod(parameter.shape) for parameter in new)

    def explain(self, error: Exception, input_shape: Shape) -> str:
        """Say which layer failed and the shape of its input."""
        message = f"an input of shape {_times(input_shape)} does not fit the network: "
        if self._calls:
            call = self._calls[-1]
            position = f" (layer {call.path})" if call.path else ""
            message += f"{_name(call.block)}{position} was given {_times(call.input_shape)}: "
        return message + _reason(error)


def _reason(error: Exception) -> str:
    """Extract the cause from an MXNet error, which is a C++ stack trace around a condition and a remark.

    >>> _reason(MXNetError("Error: conv.cc:202: Check failed: k <= s (5 vs. 2) : kernel too large"))
    'kernel too large (k <= s (5 vs. 2))'
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    failed = [line.split("Check failed:", 1)[1] for line in lines if "Check failed:" in line]
    if not failed:
        return (lines[-1] if isinstance(error, MXNetError) else lines[0]).strip()
    condition, _, remark = (part.strip() for part in failed[-1].partition(" : "))
    return f"{remark} ({condition})" if remark else condition


def _first_shape(value: Any) -> Shape:
    """Return the shape of an array, or of the first array in nested lists."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return tuple(getattr(value, "shape", ()))


def _multiply_adds(block: gluon.Block, input_shape: Shape, output_shape: Shape) -> int | None:
    """Return the multiply-adds per example, or None for a block without a known formula."""
    if isinstance(block, _WEIGHTED):
        # Each output value uses all weights of its channel or unit; in a transposed convolution, each input value does.
        numbers = input_shape if isinstance(block, _TRANSPOSED) else output_shape
        weights: Shape = block.weight.shape
        return math.prod(numbers[1:]) * math.prod(weights[1:])
    return 0 if isinstance(block, _UNCOUNTED) else None


def _name(block: gluon.Block) -> str:
    """Describe the kind and size of a block.

    >>> _name(nn.Conv2D(6, 5, strides=2)), _name(nn.MaxPool2D(2)), _name(nn.Activation("relu"))
    ('Conv2D 6×5×5, stride 2', 'MaxPool2D 2×2, stride 2', 'relu')
    """
    kind = type(block).__name__
    activation = f" {block.act._act_type}" if isinstance(block, _WEIGHTED) and block.act is not None else ""
    if isinstance(block, _CONTAINERS):
        return f"{kind} of {len(block)}"
    if isinstance(block, nn.Dense):
        return f"{kind} {block._units}{activation}"
    if isinstance(block, nn.Activation):
        return str(block._act_type)
    if isinstance(block, nn.Dropout):
        return f"{kind} {block._rate:g}"
    if isinstance(block, conv_layers._Conv):
        return f"{kind} {block._channels}×{_window(block._kwargs)}{activation}"
    if isinstance(block, conv_layers._Pooling) and not block._kwargs["global_pool"]:
        return f"{kind} {_window(block._kwargs)}"
    return kind


def _window(options: dict[str, Any]) -> str:
    """Format the sides of a kernel, and the options that are not 1."""
    parts = [_times(options["kernel"])]
    for option, words in (("stride", "stride"), ("dilate", "dilation")):
        sides = options.get(option, (1,))
        if set(sides) != {1}:
            parts.append(f"{words} {sides[0] if len(set(sides)) == 1 else _times(sides)}")
    if options.get("num_group", 1) != 1:
        parts.append(f"{options['num_group']} groups")
    return ", ".join(parts)


def _times(sides: Sequence[int]) -> str:
    return "×".join(map(str, sides))
