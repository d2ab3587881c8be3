"""Random calls of NumPy's functions: hypothesis draws the arguments, with the edges that programs meet.

`CALLS` has an entry for each function that MXNet shares with NumPy: a strategy for ``(args, kwargs)``, with arrays
of NumPy's. Values are multiples of 1/4, so that sums and products are exact.
"""

import numpy as onp
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOATS = ("float32", "float64")
INTEGERS = ("int32", "int64", "int8", "uint8")
ALL = (*FLOATS, *INTEGERS, "bool")
SPECIAL = (float("nan"), float("inf"), -float("inf"), -0.0)

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def elements(dtype, low=-4, high=4, special=True):
    """Draw one value of a type."""
    kind = onp.dtype(dtype).kind
    if kind == "b":
        return st.booleans()
    if kind in "iu":
        return st.integers(max(low, 0) if kind == "u" else low, high)
    numbers = st.integers(4 * low, 4 * high).map(lambda n: n / 4)
    return st.one_of(numbers, numbers, numbers, st.sampled_from(SPECIAL)) if special else numbers


def arrays(dtypes=ALL, shape=shapes, low=-4, high=4, special=True):
    """Draw an array of one of several types."""
    return st.sampled_from(dtypes).flatmap(
        lambda dtype: hnp.arrays(dtype, shape, elements=elements(dtype, low, high, special), fill=st.nothing())
    )


finite = arrays(FLOATS, special=False)
some = arrays(shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4))
vectors = arrays(shape=st.integers(0, 5))
small = st.integers(-4, 4)


def call(*args, **kwargs):
    """Combine strategies and constants to a strategy for a call's arguments."""
    as_strategy = lambda value: value if isinstance(value, st.SearchStrategy) else st.just(value)  # noqa: E731
    return st.tuples(
        st.tuples(*map(as_strategy, args)), st.fixed_dictionaries({name: as_strategy(kwargs[name]) for name in kwargs})
    )


@st.composite
def optional(draw, required_part, **options):
    """Draw a call with any subset of further keyword arguments."""
    args, kwargs = draw(required_part)
    for name, strategy in options.items():
        if draw(st.booleans()):
            kwargs = {**kwargs, name: draw(strategy)}
    return args, kwargs


@st.composite
def pairs(draw, dtypes=ALL, low=-4, special=True):
    """Draw two arrays whose shapes broadcast, or an array and a number on either side."""
    both = draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3))
    first, second = (draw(arrays(dtypes, shape, low, special=special)) for shape in both.input_shapes)
    form = draw(st.sampled_from(("arrays", "arrays", "number right", "number left")))
    number = draw(st.one_of(st.integers(max(low, -4), 4), elements("float64", low, special=special)))
    if form == "number right":
        return (first, number), {}
    if form == "number left":
        return (number, second), {}
    return (first, second), {}


def axis_of(array):
    """Draw an axis of an array, negative or not, rarely one that it doesn't have."""
    return st.integers(-array.ndim, max(array.ndim - 1, 0)) if array.ndim else st.sampled_from((0, -1))


@st.composite
def along_axis(draw, source=None, after=(), required=False, several=False, name="axis", **options):
    """Draw an array, further arguments, an axis (or several, or none), and options."""
    array = draw(arrays() if source is None else source)
    further = tuple(draw(strategy) for strategy in after)
    kwargs = {}
    forms = ["absent", "none"] if array.ndim == 0 else ["one"] if required else ["one", "one", "absent", "none"]
    if several and array.ndim > 1:
        forms.append("several")
    form = draw(st.sampled_from(forms))
    if form == "one":
        kwargs[name] = draw(axis_of(array))
    elif form == "none":
        kwargs[name] = None
    elif form == "several":
        kwargs[name] = tuple(draw(st.permutations(range(array.ndim)))[: draw(st.integers(1, array.ndim))])
    for option, strategy in options.items():
        if draw(st.booleans()):
            kwargs[option] = draw(strategy)
    return (array, *further), kwargs


@st.composite
def several_arrays(draw, as_list=True, axis=False, new_axis=False, min_dims=1, same=True):
    """Draw a sequence of arrays that differ at most along one axis."""
    shape = draw(hnp.array_shapes(min_dims=min_dims, max_dims=3, min_side=0, max_side=3))
    dtype = draw(st.sampled_from(ALL))
    along = draw(st.integers(0, len(shape) - 1)) if shape and not same else None
    result = []
    for _ in range(draw(st.integers(1, 3))):
        one = tuple(draw(st.integers(0, 3)) if k == along else side for k, side in enumerate(shape))
        result.append(draw(arrays((dtype,), one)))
    kwargs = {}
    if new_axis and draw(st.booleans()):
        kwargs["axis"] = draw(st.integers(-len(shape) - 1, len(shape)))
    elif axis:
        kwargs["axis"] = along if along is not None else draw(st.integers(-len(shape), len(shape) - 1))
    return ((result,), kwargs) if as_list else (tuple(result), kwargs)


@st.composite
def matrices(draw, batch=True, square=True, symmetric=False, dtypes=FLOATS, **options):
    """Draw a well-conditioned matrix or a stack of them."""
    leading = draw(hnp.array_shapes(min_dims=0, max_dims=1, min_side=0, max_side=2)) if batch else ()
    rows = draw(st.integers(1, 4))
    columns = rows if square else draw(st.integers(1, 4))
    matrix = draw(arrays(dtypes, (*leading, rows, columns), special=False))
    if square:
        matrix = matrix + 20 * onp.eye(rows, dtype=matrix.dtype)
    if symmetric:
        matrix = (matrix + onp.swapaxes(matrix, -1, -2)) / 2
    return matrix


@st.composite
def product_operands(draw, kind):
    """Draw the operands of dot, matmul, inner, outer and so on, of fitting shapes."""
    n, m, k, b = (draw(st.integers(0, 3)) for _ in range(4))
    left, right = draw(
        st.sampled_from(
            {
                "dot": [
                    ((), (n, m)),
                    ((n,), (n,)),
                    ((n, m), (m,)),
                    ((n, m), (m, k)),
                    ((b, n, m), (m,)),
                    ((b, n, m), (k, m, 2)),
                    ((m,), (m, k)),
                ],
                "matmul": [
                    ((n,), (n,)),
                    ((n, m), (m,)),
                    ((n, m), (m, k)),
                    ((b, n, m), (m, k)),
                    ((b, n, m), (b, m, k)),
                    ((m,), (b, m, k)),
                ],
                "inner": [((n,), (n,)), ((n, m), (k, m)), ((n, m), (m,)), ((), (n,))],
                "vectors": [((n,), (n,)), ((n, m), (n, m))],
                "any": [((n,), (m,)), ((n, m), (k,)), ((), (n,))],
            }[kind]
        )
    )
    dtype = draw(st.sampled_from((*FLOATS, "int32", "int64")))
    return (draw(arrays((dtype,), left, special=False)), draw(arrays((dtype,), right, special=False))), {}


@st.composite
def reshapes(draw):
    array = draw(arrays())
    sizes = [s for s in ((array.size,), (-1,), (1, array.size), (array.size, 1), (-1, 1)) if array.size or -1 not in s]
    if array.ndim == 2:
        sizes.append(array.shape[::-1])
    return (array, draw(st.sampled_from(sizes))), {}


@st.composite
def transposes(draw):
    array = draw(arrays())
    if draw(st.booleans()):
        return (array,), {}
    return (array, draw(st.permutations(range(array.ndim)).map(tuple))), {}


@st.composite
def squeezes(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=2)))
    ones = [k for k, side in enumerate(array.shape) if side == 1]
    if not ones or draw(st.booleans()):
        return (array,), {}
    return (array,), {"axis": draw(st.sampled_from([ones[0], ones[-1] - array.ndim, tuple(ones)]))}


@st.composite
def splits(draw, axis=None, min_dims=1, named_axis=True):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=min_dims, max_dims=3, min_side=0, max_side=4)))
    which = axis if axis is not None else draw(axis_of(array))
    side = array.shape[which if array.ndim > 1 or which < 1 else 0]
    parts = draw(
        st.one_of(
            st.sampled_from([n for n in (1, 2, 3, 4) if side % n == 0]),
            st.lists(st.integers(0, 4), max_size=3).map(sorted),
        )
    )
    return (array, parts), ({"axis": which} if named_axis else {})


@st.composite
def broadcasts(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)))
    shape = tuple(draw(st.integers(0, 3)) if side == 1 else side for side in array.shape)
    return (array, (*draw(st.sampled_from([(), (2,), (0,), (1, 2)])), *shape)), {}


@st.composite
def takes(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)))
    axis = draw(st.one_of(st.none(), axis_of(array)))
    side = array.size if axis is None else array.shape[axis]
    mode = draw(st.sampled_from(("raise", "clip", "wrap")))
    reach = side if mode == "raise" else side + 3
    index = draw(arrays(("int32", "int64"), low=-reach, high=reach - 1))
    return (array, index), {"axis": axis, "mode": mode}


@st.composite
def pads(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)))
    width = draw(
        st.one_of(
            st.integers(0, 2), st.just(tuple((draw(st.integers(0, 2)), draw(st.integers(0, 2))) for _ in array.shape))
        )
    )
    mode = draw(st.sampled_from(("constant", "edge", "reflect", "symmetric", "maximum", "minimum")))
    kwargs = {"constant_values": draw(small)} if mode == "constant" and draw(st.booleans()) else {}
    return (array, width), {"mode": mode, **kwargs}


@st.composite
def einsums(draw):
    equation, shapes_ = draw(
        st.sampled_from(
            [
                ("ij->ji", [(2, 3)]),
                ("ii", [(3, 3)]),
                ("ii->i", [(3, 3)]),
                ("ij->", [(2, 3)]),
                ("ij,jk->ik", [(2, 3), (3, 2)]),
                ("ij,jk", [(2, 3), (3, 2)]),
                ("bij,bjk->bik", [(2, 2, 3), (2, 3, 1)]),
                ("i,j->ij", [(2,), (3,)]),
                ("...i,...i->...", [(2, 3), (3,)]),
                ("ij,j->i", [(2, 3), (3,)]),
                ("ij,jk,kl->il", [(2, 2), (2, 3), (3, 2)]),
                ("i,i", [(0,), (0,)]),
            ]
        )
    )
    dtype = draw(st.sampled_from((*FLOATS, "int32", "int64")))
    return (equation, *(draw(arrays((dtype,), shape, special=False)) for shape in shapes_)), {}


@st.composite
def tensordots(draw):
    a = draw(arrays(FLOATS, (2, 3, 2), special=False))
    b, axes = draw(
        st.sampled_from(
            [
                ((3, 2, 4), 2),
                ((2, 3), 1),
                ((2,), 0),
                ((2, 3), ([0, 1], [0, 1])),
                ((3, 2), ([1, 2], [0, 1])),
                ((3,), (1, 0)),
                ((3,), (-2, -1)),
            ]
        )
    )
    return (a, draw(arrays((str(a.dtype),), b, special=False)), axes), {}


@st.composite
def inserts(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=4)))
    axis = draw(st.one_of(st.none(), axis_of(array)))
    side = array.size if axis is None else array.shape[axis]
    where = draw(
        st.one_of(
            st.integers(-side, side),
            st.lists(st.integers(-side, side), min_size=1, max_size=3),
            st.just(slice(0, side, 2)),
        )
    )
    return (array, where, draw(elements(array.dtype))), {"axis": axis}


@st.composite
def deletes(draw):
    array = draw(arrays(shape=hnp.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=4)))
    axis = draw(st.one_of(st.none(), axis_of(array)))
    side = array.size if axis is None else array.shape[axis]
    where = draw(
        st.one_of(
            st.integers(-side, side - 1),
            st.lists(st.integers(-side, side - 1), max_size=3),
            st.just(slice(0, side, 2)),
            st.just(slice(None)),
        )
    )
    return (array, where), {"axis": axis}


@st.composite
def appends(draw):
    (first, *rest), kwargs = draw(several_arrays(as_list=False, axis=True, same=False))
    return (first, rest[0] if rest else first), kwargs if draw(st.booleans()) else {}


@st.composite
def averages(draw):
    array = draw(arrays((*FLOATS, "int32"), shape=hnp.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=3)))
    if draw(st.booleans()):
        return (array,), {"axis": draw(st.one_of(st.none(), axis_of(array)))}
    weights = draw(arrays(("float32",), array.shape, low=1, special=False))
    return (array,), {"weights": weights, "axis": draw(st.one_of(st.none(), axis_of(array)))}


@st.composite
def interpolations(draw):
    xp = onp.array(sorted(draw(st.sets(st.integers(-4, 4), min_size=1, max_size=4))), dtype="float32")
    return (draw(arrays(("float32",), special=False)), xp, draw(arrays(("float32",), xp.shape, special=False))), {}


@st.composite
def selections(draw):
    shape = draw(shapes)
    number = draw(st.integers(1, 3))
    return (
        [draw(arrays(("bool",), shape)) for _ in range(number)],
        [draw(arrays(("float32",), shape)) for _ in range(number)],
    ), {}


@st.composite
def wheres(draw):
    both = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=2, min_side=0, max_side=3)).input_shapes
    condition = draw(arrays(("bool", "bool", "float32", "int32"), both[0], special=False))
    dtype = draw(st.sampled_from(ALL))
    x, y = (draw(st.one_of(arrays((dtype,), shape), elements(dtype))) for shape in both[1:])
    return (condition, x, y), {}


monotone = st.lists(st.integers(-4, 4), min_size=1, max_size=4, unique=True).map(
    lambda v: onp.array(sorted(v), dtype="float32")
)
shape_argument = st.one_of(st.integers(0, 3), shapes)
types = st.sampled_from((*ALL, None))
numbers = st.sampled_from((*FLOATS, *INTEGERS, None))
angles = arrays(FLOATS + INTEGERS)


def _same(names, strategy):
    return dict.fromkeys(names.split(), strategy)


CALLS = {
    **_same(
        "abs absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh deg2rad degrees exp expm1 fabs "
        "fix floor isfinite isinf isnan isneginf isposinf log log10 log1p log2 logical_not negative positive rad2deg "
        "radians reciprocal rint sign signbit sin sinh sqrt square tan tanh trunc modf frexp spacing real nan_to_num "
        "copy ravel flatnonzero argwhere nonzero shape ndim size atleast_1d atleast_2d atleast_3d fliplr flipud "
        "zeros_like ones_like msort",
        call(arrays()),
    ),
    **_same("bitwise_not invert", call(arrays((*INTEGERS, "bool")))),
    **_same(
        "add subtract multiply divide true_divide mod remainder power float_power maximum minimum arctan2 hypot "
        "copysign equal not_equal less less_equal greater greater_equal heaviside divmod isclose allclose "
        "array_equal array_equiv",
        pairs(),
    ),
    **_same("bitwise_and bitwise_or bitwise_xor", pairs((*INTEGERS, "bool"), low=0)),
    "lcm": pairs(("int32", "int64")),
    "ldexp": st.tuples(st.tuples(arrays(("float32",), (2, 3)), arrays(("int32",), (3,))), st.just({})),
    **_same(
        "sum prod product",
        along_axis(several=True, keepdims=st.booleans(), dtype=st.sampled_from(FLOATS)),
    ),
    "mean": along_axis(several=True, keepdims=st.booleans(), dtype=st.sampled_from(FLOATS)),
    **_same("var std", along_axis(several=True, keepdims=st.booleans(), ddof=st.integers(0, 1))),
    **_same("max min amax amin", along_axis(several=True, keepdims=st.booleans())),
    **_same("any all sometrue alltrue", along_axis(several=True, keepdims=st.booleans())),
    **_same("ptp nanmax nanmin nanprod nanmedian", along_axis(keepdims=st.booleans())),
    **_same("argmax argmin nanargmax nanargmin count_nonzero", along_axis()),
    **_same("cumsum nancumsum nancumprod", along_axis(dtype=st.sampled_from(("float32", "float64", "int64")))),
    **_same(
        "percentile nanpercentile",
        along_axis(
            after=(st.one_of(st.integers(0, 100), st.lists(st.integers(0, 100), max_size=3)),), keepdims=st.booleans()
        ),
    ),
    **_same(
        "quantile nanquantile",
        along_axis(after=(st.sampled_from((0, 0.25, 0.5, 1, [0.5, 0.75], 0.3)),), keepdims=st.booleans()),
    ),
    **_same("sort argsort unwrap", along_axis(name="axis")),
    "diff": along_axis(n=st.integers(0, 3)),
    "ediff1d": optional(call(arrays((*FLOATS, "int32"))), to_end=st.just(3), to_begin=st.just(2)),
    "trapz": along_axis(finite, dx=st.just(0.5)),
    "average": averages(),
    **_same("partition argpartition", st.tuples(st.tuples(arrays(shape=st.integers(1, 5)), st.just(0)), st.just({}))),
    "around": optional(call(arrays(FLOATS)), decimals=st.integers(-1, 2)),
    "round": optional(call(arrays()), decimals=st.integers(-1, 2)),
    "round_": optional(call(arrays(FLOATS)), decimals=st.integers(-1, 2)),
    "clip": call(arrays(), st.one_of(st.none(), st.integers(-2, 0)), st.integers(0, 2)),
    "i0": call(arrays(FLOATS, special=False)),
    "arange": st.one_of(
        call(small),
        call(small, small),
        call(small, small, st.sampled_from((1, 2, -1, 0.5))),
        optional(call(small), dtype=numbers),
    ),
    "linspace": optional(
        call(small, small),
        num=st.integers(0, 5),
        endpoint=st.booleans(),
        retstep=st.booleans(),
        dtype=st.sampled_from((*FLOATS, "int32")),
    ),
    "logspace": optional(
        call(small, small), num=st.integers(0, 5), endpoint=st.booleans(), base=st.sampled_from((2, 10))
    ),
    **_same("zeros ones empty", optional(call(shape_argument), dtype=types)),
    "full": optional(call(shape_argument, st.one_of(small, st.booleans(), elements("float64"))), dtype=types),
    "full_like": optional(call(arrays(), small), dtype=types),
    "empty_like": call(arrays()),
    "eye": optional(call(st.integers(0, 4)), M=st.integers(0, 4), k=small, dtype=types),
    "identity": optional(call(st.integers(0, 4)), dtype=types),
    "indices": call(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0)),
    **_same("hanning hamming blackman", call(st.integers(0, 6))),
    "array": optional(
        call(
            st.one_of(
                arrays(),
                st.lists(small, max_size=3),
                small,
                st.booleans(),
                st.lists(st.booleans(), max_size=3),
                elements("float64"),
            )
        ),
        dtype=types,
    ),
    "concatenate": several_arrays(axis=True, same=False),
    "stack": several_arrays(new_axis=True, min_dims=0),
    **_same("vstack hstack dstack column_stack row_stack", several_arrays(min_dims=0)),
    "append": appends(),
    "reshape": reshapes(),
    "transpose": transposes(),
    "squeeze": squeezes(),
    "swapaxes": some.filter(lambda a: a.ndim).flatmap(lambda a: call(a, axis_of(a), axis_of(a))),
    "moveaxis": some.filter(lambda a: a.ndim).flatmap(lambda a: call(a, axis_of(a), axis_of(a))),
    "rollaxis": some.filter(lambda a: a.ndim).flatmap(lambda a: call(a, axis_of(a))),
    "expand_dims": arrays().flatmap(lambda a: call(a, st.integers(-a.ndim - 1, a.ndim))),
    "flip": along_axis(several=True),
    "roll": along_axis(after=(small,)),
    "rot90": optional(call(arrays(shape=hnp.array_shapes(min_dims=2, max_dims=3, min_side=0))), k=small),
    "tile": call(
        arrays(), st.one_of(st.integers(0, 3), st.lists(st.integers(0, 2), min_size=1, max_size=4).map(tuple))
    ),
    "repeat": along_axis(after=(st.integers(0, 3),)),
    "resize": call(arrays(), shape_argument),
    "broadcast_to": broadcasts(),
    "broadcast_arrays": hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2).flatmap(
        lambda s: call(*(arrays(shape=one) for one in s.input_shapes))
    ),
    **_same("split array_split", splits()),
    "hsplit": splits(axis=1, min_dims=2, named_axis=False),
    "vsplit": splits(axis=0, min_dims=2, named_axis=False),
    "dsplit": splits(axis=2, min_dims=3, named_axis=False),
    "meshgrid": optional(call(vectors, vectors), indexing=st.sampled_from(("xy", "ij")), sparse=st.booleans()),
    "ix_": call(st.lists(small, min_size=1, max_size=3), st.lists(small, min_size=1, max_size=3)),
    **_same(
        "diag diagflat", call(arrays(shape=hnp.array_shapes(min_dims=1, max_dims=2, min_side=0)), st.integers(-2, 2))
    ),
    "diagonal": call(arrays(shape=hnp.array_shapes(min_dims=2, max_dims=3, min_side=0)), st.integers(-2, 2)),
    "trace": call(arrays(shape=hnp.array_shapes(min_dims=2, max_dims=3, min_side=0)), st.integers(-2, 2)),
    "tril": call(arrays(shape=hnp.array_shapes(min_dims=2, max_dims=3, min_side=0)), st.integers(-2, 2)),
    **_same("tril_indices_from triu_indices_from", call(arrays(shape=(3, 4)), st.integers(-2, 2))),
    "diag_indices_from": call(arrays(shape=(3, 3))),
    "take": takes(),
    "take_along_axis": call(arrays(shape=(2, 3)), arrays(("int64",), (2, 2), low=-2, high=1), 1),
    "insert": inserts(),
    "delete": deletes(),
    "pad": pads(),
    "where": st.one_of(wheres(), call(arrays())),
    "select": selections(),
    "choose": call(
        arrays(("int32",), (3,), low=0, high=1), st.tuples(arrays(("float32",), (3,)), arrays(("float32",), (3,)))
    ),
    "compress": call(arrays(("bool",), (3,)), arrays(shape=(3,))),
    "extract": call(arrays(("bool",), (3,)), arrays(shape=(3,))),
    "piecewise": arrays(FLOATS).flatmap(lambda a: call(a, [a < 0, a >= 0], [-1, 1])),
    "unique": optional(
        call(arrays()), return_index=st.booleans(), return_inverse=st.booleans(), return_counts=st.booleans()
    ),
    **_same("union1d intersect1d setdiff1d setxor1d in1d isin", call(vectors, vectors)),
    "searchsorted": call(monotone, arrays(("float32",), special=False)),
    "digitize": call(arrays(("float32",), special=False), monotone),
    "interp": interpolations(),
    "bincount": optional(call(arrays(("int32", "int64"), st.integers(0, 5), low=0)), minlength=st.integers(0, 7)),
    "histogram": optional(
        call(
            arrays(("float32", "float64"), special=False),
            st.one_of(st.integers(1, 4), monotone.filter(lambda m: m.size > 1)),
        ),
        range=st.just((-2, 2)),
    ),
    "histogram_bin_edges": call(arrays(("float32",), special=False), st.integers(1, 4)),
    "histogram2d": call(arrays(("float32",), (4,), special=False), arrays(("float32",), (4,), special=False), 2),
    "histogramdd": call(arrays(("float32",), (4, 2), special=False), 2),
    "lexsort": call(arrays(shape=(2, 4))),
    "trim_zeros": call(arrays(INTEGERS, st.integers(0, 5), low=0, high=1)),
    "packbits": call(arrays(("uint8", "bool"))),
    "unpackbits": call(arrays(("uint8",))),
    "unravel_index": call(arrays(("int32", "int64"), low=0, high=11), (3, 4)),
    "dot": product_operands("dot"),
    "matmul": product_operands("matmul"),
    "inner": product_operands("inner"),
    "vdot": product_operands("vectors"),
    "outer": product_operands("any"),
    "tensordot": tensordots(),
    "einsum": einsums(),
    "correlate": call(
        arrays(("float32",), st.integers(1, 4), special=False), arrays(("float32",), st.integers(1, 3), special=False)
    ),
    **_same("cov corrcoef", call(arrays(FLOATS, (3, 4), special=False))),
    "vander": call(vectors),
    "poly": call(arrays(("float32",), st.integers(1, 3), special=False)),
    **_same(
        "polyadd polysub polymul",
        call(
            arrays(("float32",), st.integers(1, 3), special=False),
            arrays(("float32",), st.integers(1, 3), special=False),
        ),
    ),
    "polydiv": call(
        arrays(("float32",), st.integers(1, 3), special=False, low=1),
        arrays(("float32",), st.integers(1, 3), special=False, low=1),
    ),
    "polyint": call(arrays(("float32",), st.integers(1, 3), special=False)),
    "polyval": call(arrays(FLOATS, st.integers(1, 3), special=False), arrays(FLOATS, special=False)),
    "polyfit": call(onp.arange(6.0, dtype="float32"), arrays(("float32",), (6,), special=False), 2),
    "roots": call(arrays(("float32",), st.integers(1, 4), special=False, low=1)),
    "min_scalar_type": call(small),
    "promote_types": call(st.sampled_from(ALL), st.sampled_from(ALL)),
    "result_type": call(arrays(), arrays()),
    **_same("may_share_memory shares_memory", call(arrays(), arrays())),
    "apply_along_axis": call(onp.sum, 0, arrays(shape=(2, 3))),
    "apply_over_axes": call(onp.sum, arrays(shape=(2, 3)), [0]),
}

LINALG_CALLS = {
    "cholesky": call(matrices(symmetric=True)),
    "cond": call(matrices(batch=False)),
    "det": call(matrices()),
    "slogdet": call(matrices()),
    "eig": call(matrices(symmetric=True)),
    "eigvals": call(matrices(symmetric=True)),
    "eigh": call(matrices(symmetric=True)),
    "eigvalsh": call(matrices(symmetric=True)),
    "inv": call(matrices()),
    "pinv": call(matrices(square=False)),
    "matrix_power": call(matrices(), st.integers(-2, 3)),
    "matrix_rank": call(matrices(square=False)),
    "multi_dot": call(
        st.tuples(
            arrays(("float32",), (2, 3), special=False),
            arrays(("float32",), (3, 2), special=False),
            arrays(("float32",), (2, 4), special=False),
        ).map(list)
    ),
    "norm": along_axis(
        arrays((*FLOATS, "int32"), shape=hnp.array_shapes(min_dims=1, max_dims=2, min_side=0), special=False),
        ord=st.sampled_from((None, 1, 2, float("inf"), -float("inf"), "fro", 0, 3)),
        keepdims=st.booleans(),
    ),
    "qr": call(matrices(square=False)),
    "svd": call(matrices(square=False)),
    "solve": matrices(batch=False).flatmap(
        lambda a: call(
            a, arrays((str(a.dtype),), st.sampled_from([(len(a),), (len(a), 2), (len(a), 0)]), special=False)
        )
    ),
    "lstsq": call(arrays(FLOATS, (4, 2), special=False), arrays(FLOATS, (4,), special=False)),
    "tensorinv": call(st.just(onp.eye(4, dtype="float32").reshape(2, 2, 2, 2))),
    "tensorsolve": call(
        st.just(onp.eye(4, dtype="float32").reshape(2, 2, 2, 2)), arrays(("float32",), (2, 2), special=False)
    ),
}
