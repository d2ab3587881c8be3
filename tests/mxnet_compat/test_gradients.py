"""Gradients of the whole interface, against finite differences of NumPy's functions in float64.

The tables hold expressions, separated by semicolons. A public function that is in none of them fails the last test.
"""

import operator
import re
import types

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx


def distinct(*shape):
    """Return numbers between 0 and 1 that are far enough apart for finite differences."""
    size = int(onp.prod(shape))
    return onp.random.RandomState(size).permutation(onp.linspace(0.12, 0.93, size)).reshape(shape)


VARIABLES = {
    "x": distinct(2, 3),
    "y": distinct(3) * 0.9 + 0.05,
    "r": distinct(2, 1) * 1.05,
    "s": onp.array(0.43),
    "v": distinct(4) * 1.1,
    "t": distinct(2, 3, 2),
    "m": distinct(3, 3) + onp.diag([1.0, 2, 3]),
    "stack": distinct(2, 3, 3) + onp.diag([1.0, 2, 3]),
    "zero": onp.array([[0.0, 2, 3], [1, 2, 3]]),
    "zeros": onp.array([[0.0, 2, 0], [1, -2, 3]]),
    "single": onp.array([[3.0]]),
    "rows": distinct(2, 6),
    "images": distinct(1, 2, 5, 5),
    "kernels": distinct(2, 2, 2, 2) - 0.5,
}
CONSTANTS = {
    "i": onp.array([0, 2, 1, 1]),
    "j": onp.array([2, 3], dtype="int32"),
    "c": onp.array([[True, False, True], [False, False, True]]),
    "true": onp.array(True),
    "boxes": onp.array([[0, 0, 0, 4, 4.0]]),
}

UNARY = """abs absolute fabs arctan arcsin arcsinh cbrt cos cosh degrees exp expm1 log log10 log1p log2 negative radians
    reciprocal sin sinh sqrt square tan tanh arctanh arccos nan_to_num copy ravel transpose cumsum sort diff flip sum
    mean max min amax amin prod product std var average"""
BINARY = "add subtract multiply divide true_divide power mod remainder arctan2 hypot copysign ldexp maximum minimum"
OPERATORS = "+ - * / ** %"
REDUCTIONS = "sum mean max min prod std var"
EVERYWHERE = """
    -x; np.copysign(-x, 2); np.arccosh(x + 1); np.prod(zero); zero.prod(); np.prod(zero, axis=1)
    np.prod(zeros, axis=1); np.std(x, ddof=1); x.std(ddof=1); np.std(single, axis=0)
    np.std(x, axis=0, dtype='float64'); np.var(x, axis=0, ddof=1, keepdims=True); np.var(t, axis=(0, 2), ddof=1)
    np.sum(x, dtype='float64'); np.sort(x, axis=0); np.sort(x, axis=None); np.cumsum(x, axis=0); x.cumsum(axis=-1)
    np.diff(x, n=2, axis=0); np.ediff1d(x); np.ediff1d(x, to_begin=0.0); np.ediff1d(x, to_end=y, to_begin=r)
    np.ediff1d(x, to_end=y); np.average(x, axis=1); np.average(x, axis=1, weights=y); np.average(x, weights=x)
    np.append(x, y); np.append(x, x, axis=0); np.array_split(v, 3); np.split(x, 3, axis=1); np.split(v, [1, 3])
    np.hsplit(x, 3); np.vsplit(x, 2); np.dsplit(t, 2); np.atleast_1d(x); np.atleast_1d(s); np.atleast_2d(y)
    np.atleast_3d(x); np.atleast_3d(x, y); np.broadcast_to(y, (2, 3)); np.clip(x, 0.3, 0.6); x.clip(0.3, 0.6)
    np.clip(x, None, 0.6); np.column_stack((x, x)); np.concatenate((x, x)); np.concatenate((x, x), axis=None)
    np.diag(m); np.diag(y); np.diag(m, k=1); np.diagflat(y); np.diagonal(t, offset=1); np.dot(x, y); np.dot(m, m)
    np.dot(y, y); np.dot(s, x); x.dot(m); np.matmul(x, m); np.matmul(x, y); np.matmul(t, x); np.inner(x, y)
    np.outer(x, y); np.vdot(x, x); np.tensordot(x, m, axes=1); np.tensordot(x, x, axes=2)
    np.tensordot(x, x, axes=([0], [0])); np.einsum('ii', m); np.einsum('ij,jk->ik', x, m); np.einsum('ij->j', x)
    np.einsum('ij,ij->i', x, x); np.einsum('ij,jk,kl->il', x, m, m); np.dstack((x, x)); np.hstack((x, x))
    np.vstack((x, y)); np.row_stack((x, y)); np.stack((x, x), axis=1); np.expand_dims(x, 0); np.flip(x, 0)
    np.fliplr(x); np.flipud(x); np.moveaxis(t, 0, 2); np.pad(x, ((1, 1), (0, 1))); np.polyval(y, x)
    np.polyval(y, y); x.flatten(); np.repeat(x, 2, axis=1); x.repeat(2); np.reshape(x, (3, 2)); x.reshape(3, 2)
    x.reshape(-1); np.resize(x, (3, 4)); np.resize(y, (2,)); np.roll(x, (1, 2), axis=(0, 1)); np.rot90(m)
    np.rot90(x); np.rot90(x, k=2); np.rot90(x, k=-1); np.rot90(t, k=3, axes=(1, 2)); np.squeeze(x.reshape(1, 2, 3))
    x.squeeze(); np.swapaxes(t, 0, 2); t.swapaxes(0, 1); np.take(x, i); np.take(x, i % 2, axis=0); x.take(i)
    np.tile(x, (2, 2)); np.trace(m); np.trace(t, axis1=0, axis2=1); x.T; x.transpose(1, 0); np.tril(m)
    np.tril(x, -1); np.unique(x); np.unique(x, return_counts=True); np.where(c, x, y); np.where(c, x, 2.0)
    np.where(c, 2, x); np.where(x > 0.5, x, 0); np.where(c, 2.0, y); np.where(true, x, 2.0); np.cumsum(x, axis=-1)
    x.astype('float32'); x[0]; x[:, 1]; x[::-1]; x[:, ::2]; x * (x > 0.5); np.full_like(x, 2.0) * x
    np.linalg.inv(m); np.linalg.inv(stack); np.linalg.det(m); np.linalg.det(stack); np.linalg.slogdet(m)
    np.linalg.slogdet(m)[1]; np.linalg.cholesky(np.dot(m, m.T)); np.linalg.svd(x)[1]; np.abs(np.linalg.svd(m)[0])
    np.linalg.eigvalsh(m + m.T); np.linalg.eigh(m + m.T)[0]; np.linalg.eigvalsh(stack + stack.swapaxes(1, 2))
    np.linalg.pinv(x); np.linalg.pinv(m); np.linalg.pinv(x.T); np.linalg.pinv(stack); np.linalg.solve(m, x.T)
    np.linalg.tensorinv(m.reshape(3, 1, 3), ind=1); np.linalg.tensorsolve(m.reshape(3, 1, 3), y); np.linalg.norm(m)
    np.linalg.norm(x, axis=0); np.linalg.norm(x, 'fro'); np.linalg.norm(x, ord=3, axis=1)
    np.linalg.norm(x, ord='nuc'); np.linalg.norm(t, ord=1, axis=(2, 0), keepdims=True)
    np.linalg.norm(x, ord=2, axis=1); npx.activation(x, act_type='sigmoid'); npx.activation(x, act_type='tanh')
    npx.activation(x, act_type='softrelu'); npx.activation(x, act_type='softsign')
    npx.activation(x - 0.5, act_type='relu'); npx.relu(x - 0.5); npx.sigmoid(x)
    npx.leaky_relu(x - 0.5, act_type='leaky'); npx.leaky_relu(x - 0.5, act_type='elu'); npx.erf(x); npx.erfinv(x)
    npx.leaky_relu(x - 0.5, act_type='selu'); npx.leaky_relu(x - 0.5, act_type='gelu'); npx.cast(x, dtype='float32')
    npx.leaky_relu(x - 0.5, y, act_type='prelu'); npx.gamma(x); npx.gammaln(x - 1); npx.smooth_l1(3 * x, scalar=2.0)
    npx.batch_flatten(t); npx.batch_dot(t, t, transpose_b=True); npx.embedding(i % 2, x, input_dim=2, output_dim=3)
    npx.fully_connected(x, m, y, num_hidden=3); npx.fully_connected(t, rows, num_hidden=2, no_bias=True)
    npx.layer_norm(x, y, y, axis=-1); npx.softmax(x); npx.softmax(t, axis=1); npx.softmax(x, temperature=2.0)
    npx.softmax(x, j, axis=1, use_length=True); npx.log_softmax(x, axis=0); npx.log_softmax(x, temperature=2.0)
    npx.pick(x, j - 1, keepdims=True); npx.reshape(t, (-2, -1)); npx.reshape_like(x, x.T); npx.sequence_mask(x)
    npx.sequence_mask(t, j - 1, use_sequence_length=True, axis=1); npx.gather_nd(x, np.stack([i % 2, i % 3]))
    npx.slice(x, begin=(1, None), end=(None, None), step=(-1, 1)); npx.topk(x, k=2, ret_typ='value')
    npx.topk(x, k=2, ret_typ='both'); npx.convolution(images, kernels, y[:2], kernel=(2, 2), num_filter=2)
    npx.convolution(images, kernels, kernel=(2, 2), num_filter=2, no_bias=True, stride=(2, 1), pad=(1, 1))
    npx.deconvolution(images, kernels, kernel=(2, 2), num_filter=2, stride=(2, 2)); npx.dropout(x, p=0.0)
    npx.pooling(images, kernel=(2, 2), pool_type='max'); npx.pooling(images, kernel=(2, 2), pool_type='avg')
    npx.pooling(images, kernel=(2, 2), pool_type='sum'); npx.pooling(images, kernel=(2, 2), global_pool=True)
    npx.roi_pooling(images, boxes, pooled_size=(2, 2), spatial_scale=1.0)
"""
ARRAYS_ONLY = """
    x.ravel(); abs(x); x @ m; np.linalg.solve(m, y); np.linalg.norm(y, ord=2); np.linalg.norm(y, ord=1)
    np.linalg.norm(y, ord=3); np.linalg.norm(y, ord=0.5, keepdims=True); np.linalg.norm(x, ord=2)
    np.linalg.norm(x, ord=-2); np.linalg.norm(x, ord=1); np.linalg.norm(x, ord=-1)
    np.linalg.norm(x.T, ord=2, keepdims=True); np.linalg.norm(x.T, ord='nuc'); np.linalg.norm(t, ord=2, axis=(1, 2))
    np.linalg.norm(t, ord=-2, axis=(-1, 0)); np.broadcast_arrays(x, y); np.meshgrid(y, v); x.copy(); x.copyto(x.ctx)
    x.as_in_ctx(x.ctx); x.as_in_context(x.ctx); x.as_nd_ndarray().as_np_ndarray(); x.reshape_view((3, 2))
    x[..., None]; x[i % 2]; x[c]; x[i % 2, i % 3]; x[None]; x.broadcast_to((2, 2, 3))
    x[-1]; x[...]; t[..., 1]; t[i % 2, :, 1]; np.array(x * 2)
"""
CONSTANT = """
    np.around(x); np.round(x); np.round_(x); np.rint(x); np.ceil(x); np.floor(x); np.fix(x); np.trunc(x); np.sign(x)
    np.ones_like(x); np.zeros_like(x); x.round(); np.full_like(x, 2.0); npx.arange_like(x); npx.topk(x, k=2)
    np.linalg.norm(y, ord=0); x.detach() + 0 * x
"""
NO_GRADIENT = """
    np.percentile(x, 40); np.percentile(x, 40, axis=1); np.quantile(x, 0.4); np.linalg.eig(m); np.linalg.eigvals(m)
    np.linalg.eigh(m)[1]; np.average(x, axis=1, weights=y, returned=True)
"""
FALLBACK = """
    np.apply_along_axis(abs, 0, x); np.apply_over_axes(abs, x, 0); np.choose(i % 2, x)
    np.compress([True, False], x); np.corrcoef(x); np.correlate(y, y); np.cov(x); np.divmod(x, y); np.extract(c, x)
    np.float_power(x, 2); np.frexp(x); np.heaviside(x, 0.5); np.i0(x); np.interp(x, y, y); np.modf(x)
    np.nancumprod(x); np.nancumsum(x); np.nanmax(x); np.nanmedian(x); np.nanmin(x); np.nanpercentile(x, 50)
    np.nanprod(x); np.nanquantile(x, 0.5); np.partition(y, 1); np.poly(y); np.polyadd(y, y); np.polydiv(y, y)
    np.polyfit(y, y, 1); np.polyint(y); np.polymul(y, y); np.polysub(y, y); np.positive(x); np.ptp(x); np.real(x)
    np.rollaxis(t, 2); np.roots(y); np.select([c], [x]); np.take_along_axis(x, c * 1, 1); np.trim_zeros(y)
    np.union1d(y, v); np.unwrap(x); np.vander(y); np.intersect1d(y, y); np.setdiff1d(y, v); np.setxor1d(y, v)
    np.piecewise(x, [c], [1, 2]); np.linalg.cond(m); np.linalg.lstsq(m, y); np.linalg.matrix_power(m, 3)
    np.linalg.multi_dot((m, m)); np.linalg.qr(m); np.linalg.matrix_rank(m); np.bincount(i, weights=v)
    np.delete(x, 1, axis=1); np.insert(v, 1, s); np.insert(v, i, v)
"""


def expressions(table):
    return [text.strip() for text in re.split(r"[;\n]", table) if text.strip()]


BOTH = [
    *[f"np.{name}({x})" for name in UNARY.split() for x in ("x", "x * x")],
    *[
        f"np.{n}({x})"
        for n in BINARY.split()
        for x in ("x, y", "x, x", "x, 0.7", "0.7, x", "x, 2", "2, x", "x, r", "s, x")
    ],
    *[f"{a} {o} {b}" for o in OPERATORS.split() for a, b in ("xy", "rx", "xx", ("x", "0.7"), ("0.7", "x"), ("2", "x"))],
    *[f"np.{n}(x, {a})" for n in REDUCTIONS.split() for a in ("axis=0", "axis=-1, keepdims=True", "axis=(0, 1)")],
    *[f"x.{n}({a})" for n in REDUCTIONS.split() for a in ("", "axis=0", "axis=-1, keepdims=True")],
    *expressions(EVERYWHERE),
]


def names_in(expression, values):
    return [name for name in values if re.search(rf"(?<![\w.']){name}(?![\w'=])", expression)]


def evaluate(expression, namespace, values):
    """Return the floating-point results of an expression, where `namespace` has np and npx."""
    results = eval(expression, {"np": namespace.np, "npx": getattr(namespace, "npx", None), **values})
    results = results if isinstance(results, (list, tuple)) else [results]
    return [result for result in results if onp.issubdtype(result.dtype, onp.floating)]


def weigh(results):
    """Reduce the results to a number with a different weight for each entry."""
    total = 0.0
    for result in results:
        weights = onp.random.RandomState(result.size).uniform(0.5, 1.5, result.shape).astype(result.dtype)
        weights = np.array(weights, dtype=result.dtype) if isinstance(result, np.ndarray) else weights
        total = total + (result * weights).sum().astype("float64")
    return total


def arrays(values):
    return {name: np.array(value, dtype=value.dtype) for name, value in values.items()}


def slope_by_differences(expression, names, directions, h=1e-3):
    """Differentiate NumPy's function along the directions, or MXNet's if NumPy has none with these arguments."""

    def at(step, namespace, convert):
        moved = {name: onp.asarray(VARIABLES[name] + step * directions.get(name, 0.0)) for name in names}
        return float(weigh(evaluate(expression, namespace, convert({**moved, **CONSTANTS}))))

    try:
        return (at(h, types.SimpleNamespace(np=onp), dict) - at(-h, types.SimpleNamespace(np=onp), dict)) / (2 * h)
    except (AttributeError, TypeError):
        return (at(h, mx, arrays) - at(-h, mx, arrays)) / (2 * h)


class Net(gluon.HybridBlock):
    def __init__(self, expression, names):
        super().__init__()
        self.expression, self.names = expression, names

    def hybrid_forward(self, F, *args):
        values = dict(zip(self.names, args, strict=True))
        return eval(self.expression, {"np": F.np, "npx": F.npx, **values})


def record(expression, names, attached, hybridized=False):
    """Return the variables and the weighed result of an expression, recorded."""
    values, constants = arrays({name: VARIABLES[name] for name in names}), arrays(CONSTANTS)
    for name in attached:
        values[name].attach_grad()
    with autograd.record():
        if not hybridized:
            return values, weigh(evaluate(expression, mx, {**values, **constants}))
        inputs = [*names, *names_in(expression, constants)]
        net = Net(expression, inputs)
        net.hybridize()
        results = net(*[{**values, **constants}[name] for name in inputs])
        results = results if isinstance(results, (list, tuple)) else [results]
        return values, weigh([result for result in results if onp.issubdtype(result.dtype, onp.floating)])


def check(expression, names, attached, hybridized=False):
    values, total = record(expression, names, attached, hybridized)
    total.backward()
    draw = onp.random.RandomState(1)
    directions = {name: draw.uniform(0.5, 1.5, VARIABLES[name].shape) for name in attached}
    slope = sum(float((values[name].grad.asnumpy() * directions[name]).sum()) for name in attached)
    expected = slope_by_differences(expression, names, directions)
    assert slope == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("expression", [*BOTH, *expressions(ARRAYS_ONLY)])
def test_gradients_of_arrays(expression):
    names = names_in(expression, VARIABLES)
    check(expression, names, names)
    if len(names) > 1:
        for name in names:
            check(expression, names, [name])


@pytest.mark.parametrize("expression", BOTH)
def test_gradients_in_hybridized_networks(expression):
    names = names_in(expression, VARIABLES)
    check(expression, names, names, hybridized=True)


@pytest.mark.parametrize("expression", expressions(CONSTANT))
def test_piecewise_constant_functions_have_a_gradient_of_zero(expression):
    values, total = record(f"({expression}) + 0 * x[:1, :1].sum()", [*VARIABLES], ["x", "y"])
    total.backward()
    assert not values["x"].grad.asnumpy().any()
    assert not values["y"].grad.asnumpy().any()


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("expression", expressions(NO_GRADIENT))
def test_functions_without_a_gradient_raise_an_error_that_names_them(expression, hybridized):
    names = names_in(expression, VARIABLES)
    name = re.escape(re.match(r"[a-z.]+", expression)[0])
    with pytest.raises(NotImplementedError, match=rf"{name}\b.* has no gradient.* x\.detach\(\)"):
        record(expression, names, names, hybridized)[1].backward()


@pytest.mark.parametrize("expression", expressions(NO_GRADIENT))
def test_functions_without_a_gradient_can_be_used_next_to_others(expression):
    names = names_in(expression, VARIABLES)
    with autograd.record():
        values = arrays({name: VARIABLES[name] for name in names})
        for value in values.values():
            value.attach_grad()
        evaluate(expression, mx, {**values, **arrays(CONSTANTS)})
        total = sum(value.sum() for value in values.values())
    total.backward()
    assert all((value.grad == 1).all() for value in values.values())


@pytest.mark.parametrize("expression", expressions(FALLBACK))
def test_functions_that_numpy_computes_refuse_to_be_recorded(expression):
    names = names_in(expression, VARIABLES)
    with pytest.raises((ValueError, NotImplementedError)):
        record(expression, names, names)


# The rest of the interface: functions whose results are not floating-point numbers that depend on arrays' values.

BOOLEANS_AND_POSITIONS = """all allclose alltrue any argmax argmin argpartition argsort argwhere array_equal array_equiv
    bitwise_and bitwise_not bitwise_or bitwise_xor count_nonzero diag_indices_from digitize equal flatnonzero greater
    greater_equal histogram histogram2d histogram_bin_edges histogramdd in1d invert isclose isfinite isin isinf isnan
    isneginf isposinf ix_ lcm less less_equal lexsort logical_not may_share_memory min_scalar_type nanargmax nanargmin
    ndim nonzero not_equal packbits promote_types result_type searchsorted shape shares_memory signbit size sometrue
    spacing tril_indices_from triu_indices_from unpackbits unravel_index"""
NOT_OF_ARRAYS = """arange blackman empty empty_like eye full genfromtxt hamming hanning identity indices linspace
    logspace mirr npv ones ppmt pv rate set_printoptions zeros"""
CONVERTED_TO_NUMPY = "deg2rad rad2deg msort trapz"
EXTENSIONS = """batch_norm check_call classproperty constraint_check cpu cpu_pinned current_context
    get_cuda_compute_capability gpu gpu_memory_info is_np_array is_np_shape load multibox_detection multibox_prior
    multibox_target nonzero num_gpus one_hot reset_np rnn save set_np shape_array waitall with_metaclass"""
METHODS = """all any argmax argmin argsort asnumpy attach_grad backward broadcast_like context ctx dtype flat grad
    handle item itemsize nbytes ndim nonzero shape size slice_assign slice_assign_scalar sort strides
    stype to_dlpack_for_read to_dlpack_for_write to_numpy tobytes tolist tostype wait_to_read writable"""


def public(namespace):
    """Return the names of functions, and not of modules, classes, and constants."""
    names = [name for name in dir(namespace) if not name.startswith("_")]
    kinds = (type, types.ModuleType, float, int, type(None))
    return {name for name in names if not isinstance(getattr(namespace, name), kinds)}


def is_offered(method):
    try:
        getattr(np.ones(1), method)()
    except AttributeError as error:
        return "has no attribute" not in str(error)
    except Exception:
        return True
    return True


def test_every_function_and_method_is_in_one_of_the_tables():
    listed = " ".join([*BOTH, ARRAYS_ONLY, CONSTANT, NO_GRADIENT, FALLBACK])
    functions = public(np) - {*" ".join([BOOLEANS_AND_POSITIONS, NOT_OF_ARRAYS, CONVERTED_TO_NUMPY]).split()}
    assert functions <= set(re.findall(r"\bnp\.(\w+)", listed))
    assert public(np.linalg) <= set(re.findall(r"\bnp\.linalg\.(\w+)", listed))
    assert public(npx) - {*EXTENSIONS.split()} <= set(re.findall(r"\bnpx\.(\w+)", listed))
    methods = {name for name in dir(np.ndarray) if not name.startswith("_")} - {*METHODS.split()}
    assert set(filter(is_offered, methods)) <= set(re.findall(r"(?<!np)(?<!npx)(?<!linalg)\.(\w+)", listed))


# Ways to ask for a gradient


def test_gradients_are_added_up():
    x = np.array([1.0, 2.0])
    x.attach_grad("add")
    for _ in range(3):
        with autograd.record():
            loss = np.var(x) + np.where(x > 1, x, 0).sum()
        loss.backward()
    assert x.grad.tolist() == [-1.5, 4.5]


@pytest.mark.parametrize("function", [np.exp, np.var, np.prod, np.atleast_1d, np.unique])
def test_gradients_pass_through_the_argument_out(function):
    x = np.array([1.0, 2.0, 4.0])
    x.attach_grad()
    with autograd.record():
        plain = function(x).sum()
    plain.backward()
    expected = x.grad.tolist()
    with autograd.record():
        try:
            out = np.zeros(function(x).shape)
            function(x, out=out)
        except TypeError:  # a few functions have no such argument
            return
        total = out.sum()
    total.backward()
    assert x.grad.tolist() == expected


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "bool"])
def test_only_floats_have_a_gradient(dtype):
    x = np.ones(2, dtype=dtype)
    with pytest.raises(TypeError, match=rf"{dtype}.* x.astype\('float32'\)"):
        x.attach_grad()
    x.attach_grad("null")


@pytest.mark.parametrize("name", ["iadd", "isub", "imul", "itruediv", "imod"])
@pytest.mark.parametrize("other", [2.0, "x"])
def test_changing_an_array_while_recording_is_an_error_at_once(name, other):
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record(), pytest.raises((mx.MXNetError, AttributeError)):
        getattr(operator, name)(x * 1, x if other == "x" else other)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_every_float_type_has_the_gradients_that_were_fixed(dtype):
    x = np.array([[1.0, 2.0], [4.0, 8.0]], dtype=dtype)
    x.attach_grad()
    with autograd.record():
        total = (
            np.var(x) + np.std(x) + np.prod(x / 4) + np.rot90(x)[0, 0] + np.where(x > 2, x, 0).sum() + np.unique(x)[0]
        )
    total.backward()
    assert x.grad.dtype == dtype
    v = onp.array([[1.0, 2.0], [4.0, 8.0]])
    expected = (v - v.mean()) / 2 + (v - v.mean()) / 4 / v.std() + 64 / 256 / v + (v > 2) + [[1, 1], [0, 0]]
    onp.testing.assert_allclose(x.grad.asnumpy(), expected, rtol=5e-3)


def test_recorded_functions_pass_nan_on():
    x = np.array([0.0, onp.nan])
    x.attach_grad()
    with autograd.record():
        assert onp.isnan(np.prod(x).item())
        assert onp.isnan(np.std(x).item())


def test_autograd_grad_returns_numpy_arrays():
    x, y = np.array([1.0, 2.0]), mx.nd.array([3.0])
    x.attach_grad()
    y.attach_grad()
    with autograd.record():
        z = x * x
    (slope,) = autograd.grad(z, x, head_grads=np.array([1.0, 10.0]), retain_graph=True)
    assert type(slope) is np.ndarray
    assert (x - 0.1 * slope).tolist() == pytest.approx([0.8, -2.0])
    assert [type(g) for g in autograd.grad([z], [x])] == [np.ndarray]
    with autograd.record():
        z = y * y
    assert type(autograd.grad(z, [y])[0]) is mx.nd.NDArray


# Second derivatives

SMOOTH = "arctan arcsin cbrt cos cosh exp expm1 log log10 log1p log2 reciprocal sin sinh sqrt square tan tanh"


def second(function):
    x = np.array([0.3, 0.8], dtype="float64")
    x.attach_grad()
    with autograd.record():
        (slope,) = autograd.grad(function(x), x, create_graph=True)
    assert type(slope) is np.ndarray
    slope.backward()
    return x.grad.asnumpy()


@pytest.mark.parametrize("name", SMOOTH.split())
def test_second_derivatives(name):
    x, h = onp.array([0.3, 0.8]), 1e-4
    function = getattr(onp, name)
    expected = (function(x + h) - 2 * function(x) + function(x - h)) / h**2
    onp.testing.assert_allclose(second(getattr(np, name)), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("written", "function"),
    [
        ("np.multiply (*)", lambda x: x * x),
        ("np.multiply (*)", lambda x: 3 * np.sin(x)),
        ("np.power (**)", lambda x: x**2),
        ("np.add (+)", lambda x: np.exp(x) + np.exp(x)),
        ("np.true_divide (/)", lambda x: 1 / x),
        ("np.sum", lambda x: np.exp(x).sum()),
        ("np.mean", lambda x: np.exp(x).mean()),
        ("np.dot", lambda x: np.dot(np.exp(x), np.exp(x))),
        ("np.broadcast_to", lambda x: np.broadcast_to(np.exp(x), (2, 2))),
        ("np.concatenate", lambda x: np.concatenate((np.exp(x), x))),
        ("np.maximum", lambda x: np.maximum(np.exp(x), 1.5)),
        ("np.arcsinh", np.arcsinh),
        ("np.arccosh", lambda x: np.arccosh(np.exp(x))),
        ("npx.softmax", npx.softmax),
        ("npx.leaky_relu", lambda x: npx.leaky_relu(x, act_type="elu")),
        ("slicing (x[a:b])", lambda x: np.exp(x)[:1]),
    ],
)
def test_missing_second_derivatives_are_named(written, function):
    with pytest.raises(NotImplementedError, match=rf"no second derivative of {re.escape(written)}.*finite differences"):
        second(function)


# Functions with a derivative of one's own


class Product(autograd.Function):
    def forward(self, a, b):
        self.save_for_backward(a, b)
        return a * b

    def backward(self, slope):
        a, b = self.saved_tensors
        return slope * b, np.multiply(slope, a)


@pytest.mark.parametrize("grad_req", ["write", "add"])
@pytest.mark.parametrize("position", [0, 1])
def test_ones_own_derivative_is_used_for_each_argument(position, grad_req):
    x, constant = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    x.attach_grad(grad_req)
    for _ in range(2):
        with autograd.record():
            y = Product()(*[(x, constant), (constant, x)][position]).sum()
        y.backward()
    assert x.grad.tolist() == ([6, 10] if grad_req == "add" else [3, 5])


def test_functions_of_ones_own_still_take_arrays_of_the_old_interface():
    x = mx.nd.array([1.0, 2.0])
    x.attach_grad()

    class Double(autograd.Function):
        def forward(self, a):
            return a * 2

        def backward(self, slope):
            return slope * 2

    with mx.util.np_array(False), mx.util.np_shape(False):
        with autograd.record():
            y = Double()(x)
        y.backward()
    assert x.grad.asnumpy().tolist() == [2, 2]


@pytest.mark.parametrize(
    ("result", "error"), [(KeyError("mine"), "mine"), ((1, 2, 3), "one gradient for each of the 1 arg")]
)
def test_an_error_in_ones_own_derivative_arrives_as_itself(result, error):
    class Wrong(autograd.Function):
        def forward(self, a):
            return a * 2

        def backward(self, slope):
            if isinstance(result, Exception):
                raise result
            return result

    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = Wrong()(x)
    y.backward()
    with pytest.raises((KeyError, ValueError), match=error):
        x.grad.asnumpy()
