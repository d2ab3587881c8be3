"""A table of a network's layers: output shape, parameters, multiply-adds."""

import html
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mxnet import MXNetError, gluon, init, np, npx
from mxnet.context import cpu
from mxnet.gluon import nn
from mxnet.gluon.nn import conv_layers

Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerRow:
    """One layer of a `LayerTable`.

    Attributes
    ----------
    name : str
        Kind and size, such as "Conv2D 6×5×5" (output channels × kernel).
    path : str
        Place in the network, such as "0" or "body.3".
    output_shape : tuple of int
        With the batch axis. Of a layer that gives several arrays, the first one's.
    parameters : int
        Trainable numbers; 0 for parameters already counted in an earlier row.
    multiply_adds : int or None
        Per example; None if they are not known, as for a layer of the reader's own.
    """

    name: str
    path: str
    output_shape: Shape
    parameters: int
    multiply_adds: int | None


@dataclass(frozen=True)
class LayerTable:
    """The layers of a network in the order in which they compute.

    Shows itself as a table in a notebook, and as text when printed.
    """

    rows: tuple[LayerRow, ...]
    input_shape: Shape
    network: str

    @property
    def total_parameters(self) -> int:
        """Trainable parameters of the network, shared ones counted once."""
        return sum(row.parameters for row in self.rows)

    @property
    def total_multiply_adds(self) -> int:
        """Multiply-adds per example, of the layers whose number is known."""
        return sum(row.multiply_adds or 0 for row in self.rows)

    @property
    def all_known(self) -> bool:
        """Whether `total_multiply_adds` leaves out no layer."""
        return all(row.multiply_adds is not None for row in self.rows)

    def _cells(self) -> list[tuple[str, str, str, str]]:
        body = [
            (row.name, _times(row.output_shape), f"{row.parameters:,}", _count(row.multiply_adds)) for row in self.rows
        ]
        total = f"{self.total_multiply_adds:,}"
        return [*body, ("total", "", f"{self.total_parameters:,}", total if self.all_known else f"≥ {total}")]

    def __str__(self) -> str:
        head = ("layer", "output shape", "parameters", "multiply-adds")
        cells = [head, ("input", _times(self.input_shape), "", ""), *self._cells()]
        widths = [max(len(row[column]) for row in cells) for column in range(4)]
        lines = [
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {parameters:>{widths[2]}}  {adds:>{widths[3]}}".rstrip()
            for name, shape, parameters, adds in cells
        ]
        rule = "─" * (sum(widths) + 6)
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        left, right = 'style="text-align: left"', 'style="text-align: right"'

        def line(cells: Sequence[str], tag: str = "td") -> str:
            name, *rest = (html.escape(cell) for cell in cells)
            shape, *numbers = rest
            scope = ' scope="col"' if tag == "th" else ""
            others = "".join(f"<{tag}{scope} {right}>{number}</{tag}>" for number in numbers)
            first = f'<th scope="{"col" if scope else "row"}" {left}>{name}</th>'
            return f"<tr>{first}<{tag}{scope} {left}>{shape}</{tag}>{others}</tr>"

        head = line(("layer", "output shape", "parameters", "multiply-adds"), "th")
        *body, total = self._cells()
        caption = f"{self.network}: multiply-adds are per example"
        rows = "\n".join(line(cells) for cells in [("input", _times(self.input_shape), "", ""), *body])
        return (
            f"<table>\n<caption>{html.escape(caption)}</caption>\n<thead>\n{head}\n</thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n<tfoot>\n{line(total)}\n</tfoot>\n</table>"
        )


def _times(shape: Shape) -> str:
    return "×".join(str(side) for side in shape)


def _count(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def summarize(
    net: gluon.Block, input_shape: Sequence[int], *, dtype: str = "float32", depth: int | None = None
) -> LayerTable:
    """Run zeros through a network and list its layers.

    The network is left as it was: an uninitialized one stays so, with its shapes still open, and is given zeros for the
    run only; no random number is drawn, a hybridized one stays compiled.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Any network: Sequential or a class of one's own, hybridized or not, initialized or not.
    input_shape : sequence of int
        Shape of the input with its batch axis, such as (1, 1, 28, 28).
    dtype : str
        Type of the input's numbers.
    depth : int, optional
        Show a block nested this deep as one row with the sums of what is in it. 1 gives a row for each child of `net`;
        by default every layer has its own.

    Returns
    -------
    LayerTable

    Raises
    ------
    ValueError
        If the shape does not fit the network; the message names the layer and what it was given.

    Notes
    -----
    *Parameters* are the numbers that training may change, as papers count them: the running mean and variance of batch
    normalization are not among them, weights that are frozen are.

    *Multiply-adds* are those of convolutions and dense layers. A convolution takes
    (c_in / groups) · k_h · k_w of them for each number it puts out, a dense layer one for each weight and each row that
    it is applied to. Adding the bias, pooling, normalization and activations count zero, as in papers. What a block
    computes in its own forward method, such as the sum in a residual block, is not seen; a layer with parameters but no
    known formula shows "?".

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
    shape = tuple(input_shape)
    if not isinstance(net, gluon.Block):
        raise TypeError(f"net must be a Gluon network (gluon.Block), not {type(net).__name__}")
    if not shape or not all(isinstance(side, int) and side > 0 for side in shape):
        raise ValueError(f"input_shape must hold positive whole numbers, batch axis first, not {input_shape!r}")
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be at least 1, not {depth}")
    recorder = _Recorder(depth)
    with _ready_to_run(net) as context, recorder.attached(net):
        try:
            net(np.zeros(shape, dtype=dtype, ctx=context))
            npx.waitall()  # else the arrays of one large network are still in memory when the next is counted
        except (MXNetError, ValueError, AssertionError, IndexError, TypeError) as error:
            raise ValueError(recorder.explain(error, shape)) from error
    return LayerTable(tuple(recorder.rows), shape, type(net).__name__)


@contextmanager
def _ready_to_run(net: gluon.Block) -> Iterator[Any]:
    """Give every parameter of the network a value and switch compiled execution off; put all back at the end."""
    blocks = list(_blocks(net))
    parameters = _parameters(net)
    # Whole attribute dictionaries: a first run stores the shapes it has found out in parameters and layers.
    saved = [(thing, dict(vars(thing))) for thing in [*parameters, *blocks]]
    context = next((p.list_ctx()[0] for p in parameters if p._data is not None), cpu())
    try:
        for block in blocks:
            if isinstance(block, gluon.HybridBlock):
                block._active = False  # compiled, a block calls no hooks
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


def _blocks(net: gluon.Block) -> Iterator[gluon.Block]:
    """Give a block and all below it, each once."""
    seen: set[int] = set()
    stack = [net]
    while stack:
        block = stack.pop()
        if id(block) not in seen:
            seen.add(id(block))
            yield block
            stack.extend(block._children.values())


def _parameters(net: gluon.Block) -> list[gluon.Parameter]:
    """Return all parameters of a network, shared ones once."""
    unique = {id(parameter): parameter for parameter in net.collect_params().values()}
    return list(unique.values())


@dataclass
class _Call:
    """A block at work."""

    block: gluon.Block
    path: str
    input_shape: Shape
    rows: list[LayerRow] = field(default_factory=list)  # of the blocks in it


class _Recorder:
    """Follows the calls of a network's blocks and makes a row of each that is to be shown."""

    def __init__(self, depth: int | None) -> None:
        self.rows: list[LayerRow] = []
        self._depth = math.inf if depth is None else depth
        self._calls: list[_Call] = []
        self._counted: set[int] = set()  # parameters
        self._names: dict[int, str] = {}

    @contextmanager
    def attached(self, net: gluon.Block) -> Iterator[None]:
        handles = []
        for block in _blocks(net):
            for name, child in block._children.items():
                self._names.setdefault(id(child), name)
            handles.append(block.register_forward_pre_hook(self._before))
            handles.append(block.register_forward_hook(self._after))
        try:
            yield
        finally:
            for handle in handles:
                handle.detach()

    def _before(self, block: gluon.Block, inputs: Sequence[Any]) -> None:
        outer = self._calls[-1].path if self._calls else ""
        name = self._names.get(id(block), "") if self._calls else ""
        self._calls.append(_Call(block, f"{outer}.{name}".strip("."), _first_shape(inputs)))

    def _after(self, block: gluon.Block, inputs: Sequence[Any], output: Any) -> None:
        call = self._calls.pop()
        own = self._new_parameters(block)
        formula = _formula(block)
        shape = _first_shape(output)
        level = len(self._calls)  # 0 for the network itself
        single = not block._children and not isinstance(block, nn.Sequential | nn.HybridSequential)
        if single or formula is not None:  # with a formula: an activation inside a Dense has no row
            adds = formula(block, call.input_shape, shape) if formula is not None else (None if own else 0)
            own += sum(row.parameters for row in call.rows)
            rows = [LayerRow(_layer_name(block), call.path, shape, own, adds)]
        else:
            rows = call.rows
            if own:  # parameters used in a forward method of the reader's own
                rows = [*rows, LayerRow(type(block).__name__, call.path, shape, own, None)]
            if level >= self._depth:
                known = all(row.multiply_adds is not None for row in rows)
                adds = sum(row.multiply_adds or 0 for row in rows) if known else None
                total = sum(row.parameters for row in rows)
                rows = [LayerRow(_block_name(block), call.path, shape, total, adds)]
        if self._calls:
            self._calls[-1].rows.extend(rows)
        else:
            self.rows = rows

    def _new_parameters(self, block: gluon.Block) -> int:
        """Count a block's own trainable numbers, each at its first use."""
        total = 0
        for parameter in block._reg_params.values():
            if id(parameter) not in self._counted and parameter._differentiable:
                self._counted.add(id(parameter))
                total += math.prod(parameter.shape)
        return total

    def explain(self, error: BaseException, input_shape: Shape) -> str:
        """Say which layer failed and what it was given."""
        reason = _reason(error)
        if not self._calls:
            return f"an input of shape {_times(input_shape)} does not fit the network: {reason}"
        call = self._calls[-1]
        place = f" (layer {call.path})" if call.path else ""
        return (
            f"an input of shape {_times(input_shape)} does not fit the network: {_layer_name(call.block)}{place} "
            f"was given {_times(call.input_shape)}: {reason}"
        )


def _reason(error: BaseException) -> str:
    """Pick out of an error what happened: MXNet's are a C++ stack trace and a condition with a remark.

    >>> _reason(MXNetError("Error: conv.cc:202: Check failed: k <= s (5 vs. 2) : kernel too large"))
    'kernel too large (k <= s (5 vs. 2))'
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    failed = [line.split("Check failed:", 1)[1].strip() for line in lines if "Check failed:" in line]
    if failed:
        condition, _, remark = (part.strip() for part in failed[-1].partition(" : "))
        return f"{remark} ({condition})" if remark else condition
    return (lines[-1] if isinstance(error, MXNetError) else lines[0]).strip()


def _first_shape(value: Any) -> Shape:
    """Return the shape of an array, or of the first array in nested lists."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return tuple(getattr(value, "shape", ()))


def _convolution(block: gluon.Block, input_shape: Shape, output_shape: Shape) -> int:
    """Each number put out takes as many multiply-adds as one output channel has weights."""
    return math.prod(output_shape[1:]) * math.prod(block.weight.shape[1:])


def _transposed_convolution(block: gluon.Block, input_shape: Shape, output_shape: Shape) -> int:
    """Each number put in is multiplied with every weight of its input channel."""
    return math.prod(input_shape[1:]) * math.prod(block.weight.shape[1:])


def _dense(block: gluon.Block, input_shape: Shape, output_shape: Shape) -> int:
    return math.prod(output_shape[1:]) * block.weight.shape[1]


def _nothing(block: gluon.Block, input_shape: Shape, output_shape: Shape) -> int:
    return 0


_TRANSPOSED = (nn.Conv1DTranspose, nn.Conv2DTranspose, nn.Conv3DTranspose)
_FREE = (nn.BatchNorm, nn.LayerNorm, nn.InstanceNorm, nn.GroupNorm, nn.Embedding, nn.PReLU)


def _formula(block: gluon.Block) -> Callable[[gluon.Block, Shape, Shape], int] | None:
    if isinstance(block, _TRANSPOSED):
        return _transposed_convolution
    if isinstance(block, conv_layers._Conv):
        return _convolution
    if isinstance(block, nn.Dense):
        return _dense
    return _nothing if isinstance(block, _FREE) else None


def _layer_name(block: gluon.Block) -> str:
    """Say what kind of layer it is and how large.

    >>> _layer_name(nn.Conv2D(6, 5, strides=2)), _layer_name(nn.MaxPool2D(2)), _layer_name(nn.Activation("relu"))
    ('Conv2D 6×5×5, stride 2', 'MaxPool2D 2×2, stride 2', 'relu')
    """
    kind = type(block).__name__
    if isinstance(block, conv_layers._Conv):
        options = block._kwargs
        parts = [f"{kind} {block._channels}×{_times(options['kernel'])}"]
        parts += _stride(options["stride"], 1)
        if set(options["dilate"]) != {1}:
            parts.append(f"dilation {_side(options['dilate'])}")
        if options["num_group"] != 1:
            parts.append(f"{options['num_group']} groups")
        return ", ".join(parts) + _activation(block)
    if isinstance(block, nn.Dense):
        return f"{kind} {block._units}{_activation(block)}"
    if isinstance(block, conv_layers._Pooling):
        options = block._kwargs
        if options["global_pool"]:
            return kind
        return ", ".join([f"{kind} {_times(options['kernel'])}", *_stride(options["stride"], 1)])
    if isinstance(block, nn.Activation):
        return str(block._act_type)
    if isinstance(block, nn.Dropout):
        return f"{kind} {block._rate:g}"
    return kind


def _stride(stride: Sequence[int], usual: int) -> list[str]:
    return [] if set(stride) == {usual} else [f"stride {_side(stride)}"]


def _side(sides: Sequence[int]) -> str:
    return str(sides[0]) if len(set(sides)) == 1 else _times(tuple(sides))


def _activation(block: gluon.Block) -> str:
    return "" if block.act is None else f" {block.act._act_type}"


def _block_name(block: gluon.Block) -> str:
    """Name a block shown as one row."""
    kind = type(block).__name__
    if isinstance(block, nn.Sequential | nn.HybridSequential):
        return f"{kind} of {len(block)}"
    return kind
