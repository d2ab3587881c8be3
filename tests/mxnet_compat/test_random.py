"""np.random against the distributions of SciPy, and its errors against NumPy's."""

import collections
import itertools

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, np, npx
from mxnet.gluon import HybridBlock, nn
from scipy import stats

N = 20_000
LOWEST_P = (
    1e-5  # of a test that passes, so that one in thousands of correct tests fails; the seed makes it the same one
)

# Parameters of each function, and the distribution that they stand for
CONTINUOUS = {
    "beta": [((2.0, 3.0), stats.beta(2, 3)), ((0.5, 0.5), stats.beta(0.5, 0.5))],
    "chisquare": [((3.0,), stats.chi2(3)), ((1.0,), stats.chi2(1))],
    "exponential": [((2.0,), stats.expon(scale=2))],
    "gamma": [((2.5, 3.0), stats.gamma(2.5, scale=3)), ((0.4, 2.0), stats.gamma(0.4, scale=2))],
    "gumbel": [((1.0, 2.0), stats.gumbel_r(1, 2))],
    "logistic": [((1.0, 2.0), stats.logistic(1, 2))],
    "lognormal": [((1.0, 0.5), stats.lognorm(0.5, scale=onp.exp(1)))],
    "normal": [((1.0, 2.0), stats.norm(1, 2)), ((), stats.norm())],
    "pareto": [((3.0,), stats.lomax(3))],
    "power": [((3.0,), stats.powerlaw(3)), ((0.5,), stats.powerlaw(0.5))],
    "rayleigh": [((2.0,), stats.rayleigh(scale=2))],
    "uniform": [((-1.0, 3.0), stats.uniform(-1, 4)), ((), stats.uniform())],
    "weibull": [((1.5,), stats.weibull_min(1.5)), ((0.7,), stats.weibull_min(0.7))],
}
CASES = [(name, *case) for name, cases in CONTINUOUS.items() for case in cases]
OTHERS = {"choice", "multinomial", "multivariate_normal", "rand", "randint", "randn", "shuffle"}


@pytest.fixture(autouse=True)
def seed():
    npx.random.seed(20)


def public_functions():
    return [name for name, value in vars(np.random).items() if callable(value) and not name.startswith("_")]


def test_every_function_is_tested():
    assert set(public_functions()) == set(CONTINUOUS) | OTHERS


def follows(numbers, distribution):
    numbers = onp.asarray(numbers, dtype="float64").ravel()
    return stats.kstest(numbers, distribution.cdf).pvalue > LOWEST_P


def are_frequencies(counts, probabilities=None):
    counts = onp.asarray(counts)
    expected = None if probabilities is None else onp.asarray(probabilities) * counts.sum()
    return stats.chisquare(counts, expected).pvalue > LOWEST_P


def are_random_orders(orders, number):
    """Whether every order of 4 (of which `number` were chosen) is equally frequent."""
    counts = collections.Counter(tuple(int(entry) for entry in order) for order in orders)
    return are_frequencies([counts.pop(order, 0) for order in itertools.permutations(range(4), number)]) and not counts


# Distributions


@pytest.mark.parametrize(("name", "parameters", "distribution"), CASES)
def test_numbers_follow_their_distribution(name, parameters, distribution):
    function = getattr(np.random, name)
    numbers = function(*parameters, size=N).asnumpy()
    assert numbers.dtype == "float32"
    assert follows(numbers, distribution)
    assert abs(stats.spearmanr(numbers[:-1], numbers[1:]).statistic) < 5 / N**0.5
    low, high = distribution.support()
    assert (numbers >= low).all()
    assert (numbers <= high).all()


@pytest.mark.parametrize(("name", "parameters", "distribution"), [case for case in CASES if case[1]])
def test_parameters_may_be_arrays(name, parameters, distribution):
    function = getattr(np.random, name)
    arrays = [np.full((N,), value) for value in parameters]
    assert follows(function(*arrays).asnumpy(), distribution)
    for position in range(len(parameters)):
        some = [
            array if i == position else value for i, (array, value) in enumerate(zip(arrays, parameters, strict=True))
        ]
        numbers = function(*some).asnumpy()
        assert numbers.shape == (N,)
        assert follows(numbers, distribution)


@pytest.mark.parametrize("name", [name for name, cases in CONTINUOUS.items() if len(cases[0][0]) == 2])
def test_parameters_are_broadcast_and_numbers_stay_independent(name):
    (first, second), distribution = CONTINUOUS[name][0]
    numbers = getattr(np.random, name)(np.full((200, 1), first), np.full((100,), second)).asnumpy()
    assert numbers.shape == (200, 100)
    assert follows(numbers, distribution)
    assert abs(onp.corrcoef(numbers[:, 0], numbers[:, 1])[0, 1]) < 0.35
    assert abs(onp.corrcoef(numbers[0], numbers[1])[0, 1]) < 0.5


@pytest.mark.parametrize("name", CONTINUOUS)
def test_parameters_may_be_lists_and_numpys_arrays_and_numbers(name):
    function = getattr(np.random, name)
    parameters = CONTINUOUS[name][0][0]
    assert function(*[[value] * 3 for value in parameters]).shape == (3,)
    assert function(*[onp.array([value] * 3) for value in parameters], size=(2, 3)).shape == (2, 3)
    assert function(*[onp.float64(value) for value in parameters], size=2).shape == (2,)


def test_rand_and_randn_are_uniform_and_normal():
    assert follows(np.random.rand(N).asnumpy(), stats.uniform())
    assert follows(np.random.randn(N).asnumpy(), stats.norm())
    assert np.random.rand().shape == np.random.randn().shape == ()
    assert np.random.rand(2, 0).shape == np.random.randn(2, 0).shape == (2, 0)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_uniform_numbers_are_less_than_high(dtype):
    largest = max(float(np.random.uniform(size=10**6, dtype=dtype).max()) for _ in range(3))
    assert 0.999 < largest < 1


@pytest.mark.parametrize("as_array", [False, True])
def test_beta_with_small_parameters_is_nearly_a_coin(as_array):
    a, b = (np.full((2000,), 1e-3), 3e-3) if as_array else (1e-3, 3e-3)
    numbers = np.random.beta(a, b, size=2000).asnumpy()
    assert ((numbers >= 0) & (numbers <= 1)).all()
    assert abs(numbers.mean() - 0.25) < 0.05


def test_float64_and_float16():
    for name in ("beta", "chisquare", "gamma", "lognormal", "normal", "uniform"):
        for dtype in ("float16", "float64"):
            parameters, distribution = CONTINUOUS[name][0]
            numbers = getattr(np.random, name)(*parameters, size=2000, dtype=dtype)
            assert numbers.dtype == dtype
            assert follows(numbers.asnumpy(), distribution)


def test_out_receives_the_numbers():
    for name in ("normal", "lognormal", "uniform", "exponential"):
        out = np.zeros(N)
        parameters, distribution = CONTINUOUS[name][0]
        getattr(np.random, name)(*parameters, size=N, out=out)
        assert follows(out.asnumpy(), distribution)


# Sizes


@pytest.mark.parametrize(("name", "parameters", "distribution"), CASES)
def test_every_form_of_size(name, parameters, distribution):
    function = getattr(np.random, name)
    for size in (None, (), 3, (3,), [3], (2, 3), 0, (0, 3), (3, 0), onp.int64(3), (onp.int64(2), 3)):
        expected = () if size is None else onp.empty(size).shape
        assert function(*parameters, size=size).shape == expected
    for size in (-1, (2, -1)):
        with pytest.raises(ValueError, match=r"size must not be negative, but is \(?.*-1"):
            function(*parameters, size=size)
    for size in (2.5, "3", (2, 1.0), True):
        with pytest.raises(TypeError, match="size must be an integer or a tuple of integers"):
            function(*parameters, size=size)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_arrays_of_parameters_must_fit_the_size(name):
    function = getattr(np.random, name)
    parameters = [np.full((2, 3), value) for value in CONTINUOUS[name][0][0]]
    assert function(*parameters, size=(4, 2, 3)).shape == (4, 2, 3)
    for size in (3, (2,), (1, 3), (5, 3), 0):
        with pytest.raises(ValueError, match="do not fit into numbers of shape"):
            function(*parameters, size=size)
    assert function(*[np.ones((0, 3)) for _ in parameters]).shape == (0, 3)


# Parameters out of range

WRONG = [
    (name, position, value)
    for name, position, values in [
        ("beta", 0, (0, -1, onp.nan)),
        ("beta", 1, (0, -1, onp.nan)),
        ("chisquare", 0, (0, -1, onp.nan)),
        ("exponential", 0, (-1, onp.nan)),
        ("gamma", 0, (0, -1, onp.nan, onp.inf)),
        ("gamma", 1, (0, -1, onp.nan)),
        ("gumbel", 1, (-1, onp.nan)),
        ("logistic", 1, (-1, onp.nan)),
        ("lognormal", 1, (-1, onp.nan)),
        ("normal", 1, (-1, onp.nan)),
        ("pareto", 0, (0, -1, onp.nan)),
        ("power", 0, (0, -1, onp.nan)),
        ("rayleigh", 0, (-1, onp.nan)),
        ("weibull", 0, (0, -1, onp.nan)),
    ]
    for value in values
]


@pytest.mark.parametrize(("name", "position", "value"), WRONG)
def test_a_parameter_out_of_range_is_an_error_at_the_call(name, position, value):
    parameters = list(CONTINUOUS[name][0][0])
    for wrong in (value, np.array([1.0, value])):
        parameters[position] = wrong
        with pytest.raises(ValueError, match=rf"np\.random\.{name}: \w+ must be .*, but is {float(value):g}"):
            getattr(np.random, name)(*parameters)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_parameter_of_a_wrong_type_is_an_error(name):
    for wrong in ("a", None, 1j):
        with pytest.raises(TypeError, match=f"np.random.{name}|np.random.normal"):
            getattr(np.random, name)(*[wrong for _ in CONTINUOUS[name][0][0]])


def test_a_location_may_be_nan_as_in_numpy():
    assert onp.isnan(np.random.normal(np.array([onp.nan, 1]), 1).asnumpy()).tolist() == [True, False]


def test_a_range_too_long_for_float32_is_an_error():
    with pytest.raises(OverflowError, match="too long for float32"):
        np.random.uniform(-3e38, 3e38)
    for wrong in (onp.inf, onp.nan, 1e39):
        with pytest.raises(ValueError, match="high must be a finite number"):
            np.random.uniform(0, wrong)


# Integers


@pytest.mark.parametrize(("low", "high"), [(0, 5), (-3, 4), (7, 8)])
def test_integers_are_uniform(low, high):
    numbers = np.random.randint(low, high, size=N).asnumpy()
    assert (numbers.min(), numbers.max(), numbers.dtype) == (low, high - 1, "int64")
    if high - low > 1:
        assert are_frequencies(onp.bincount(numbers - low))


@pytest.mark.parametrize("high", [3 * 2**22, 3 * 2**29, 3 * 2**30, 3 * 2**40, 2**53])
def test_integers_of_a_long_range_are_uniform(high):
    numbers = np.random.randint(high, size=N).asnumpy()
    assert follows(numbers / high, stats.uniform())
    assert are_frequencies(onp.bincount(numbers % 8))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", onp.int32, int, "bool"])
def test_types_of_integers(dtype):
    numbers = np.random.randint(0, 2, size=1000, dtype=dtype)
    assert numbers.dtype == onp.dtype(dtype)
    assert are_frequencies(onp.bincount(numbers.asnumpy().astype(int)))


def test_sizes_and_errors_of_integers():
    for size in (None, (), 3, (2, 3), 0, (0, 3)):
        assert np.random.randint(5, size=size).shape == (() if size is None else onp.empty(size).shape)
    for low, high in ((5, 5), (5, 3), (0, None), (-1, None)):
        with pytest.raises(ValueError, match="low must be less than high"):
            np.random.randint(low, high)
    for wrong in (2.5, np.array([1, 2]), "a"):
        with pytest.raises(TypeError, match="must be one integer"):
            np.random.randint(wrong)
    for low, high, dtype in ((0, 257, "uint8"), (-1, 3, "uint8"), (0, 2**40, "int32"), (0, 2**54, "int64")):
        with pytest.raises(ValueError, match=r"do not fit into|longer than 2\*\*53"):
            np.random.randint(low, high, dtype=dtype)
    with pytest.raises(TypeError, match="dtype must be a type of integers"):
        np.random.randint(5, dtype="float32")


# Choices


def test_choices_with_replacement_are_uniform_or_follow_p():
    assert are_frequencies(onp.bincount(np.random.choice(5, size=N).asnumpy(), minlength=5))
    p = [0.1, 0.2, 0.3, 0.4]
    for probabilities in (p, onp.array(p), np.array(p), np.array(p, dtype="float64")):
        numbers = np.random.choice(4, size=N, p=probabilities).asnumpy()
        assert are_frequencies(onp.bincount(numbers, minlength=4), p)
    numbers = np.random.choice(np.array([3, 2, 1, 0]), size=N, p=np.array(p)).asnumpy()
    assert are_frequencies(onp.bincount(numbers.astype(int)), p[::-1])


@pytest.mark.parametrize("number", [2, 3, 4])
def test_choices_without_replacement_come_in_every_order(number):
    for a in (4, np.arange(4), [0, 1, 2, 3]):
        choices = [np.random.choice(a, size=number, replace=False) for _ in range(400)]
        assert are_random_orders([choice.asnumpy() for choice in choices], number)


def test_choices_without_replacement_with_probabilities():
    p = onp.array([0.1, 0.2, 0.3, 0.4])
    counts = collections.Counter(
        tuple(np.random.choice(4, size=2, replace=False, p=np.array(p)).tolist()) for _ in range(1500)
    )
    pairs = list(itertools.permutations(range(4), 2))
    assert are_frequencies([counts[pair] for pair in pairs], [p[i] * p[j] / (1 - p[i]) for i, j in pairs])


def test_shapes_and_types_of_choices():
    for size in (None, (), 3, (3, 2), 0, (0, 3)):
        for replace in (True, False):
            shape = () if size is None else onp.empty(size).shape
            assert np.random.choice(8, size, replace).shape == shape
            assert np.random.choice(np.arange(8), size, replace).shape == shape
    assert np.random.choice(onp.array([1, 2]), 3).dtype == "int64"
    out = np.zeros(4, dtype="int64")
    np.random.choice(4, 4, replace=False, out=out)
    assert sorted(out.tolist()) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"a": 0}, "nothing to choose from"),
        ({"a": onp.ones(0), "size": 2}, "nothing to choose from"),
        ({"a": -1}, "a must not be negative"),
        ({"a": onp.ones((2, 2))}, "a must have one axis"),
        ({"a": 3, "size": 4, "replace": False}, "only 3 to choose, not 4"),
        ({"a": onp.ones(3), "size": (2, 2), "replace": False}, "only 3 to choose, not 4"),
        ({"a": 3, "size": -1}, "size must not be negative"),
        ({"a": 3, "p": [0.5, 0.5]}, "one probability for each of the 3"),
        ({"a": 2, "p": [0.5, 0.6]}, "their sum must be 1"),
        ({"a": 2, "p": [-0.5, 1.5]}, "at least 0"),
        ({"a": 2, "p": [onp.nan, 1]}, "at least 0"),
        ({"a": 3, "p": [0.5, 0.5, 0], "size": 3, "replace": False}, "fewer than 3 probabilities"),
    ],
)
def test_choices_that_are_not_possible(arguments, message):
    population = arguments["a"]
    for a in [population] if isinstance(population, int) else [population, np.array(population)]:
        with pytest.raises(ValueError, match=message):
            np.random.choice(**{**arguments, "a": a})


# Permutations


@pytest.mark.parametrize("shape", [(4,), (4, 2), (4, 1, 3)])
def test_shuffling_brings_every_order_of_the_rows(shape):
    def shuffled():
        x = np.arange(4).reshape((4,) + (1,) * (len(shape) - 1)) * np.ones(shape)
        np.random.shuffle(x)
        rows = x.asnumpy().reshape(4, -1)
        assert (rows == rows[:, :1]).all()
        return rows[:, 0]

    assert are_random_orders([shuffled() for _ in range(500)], 4)


@pytest.mark.parametrize("make", [list, onp.array, lambda x: np.array(x, dtype="int32"), lambda x: np.array([x, x])[1]])
def test_lists_and_arrays_and_views_are_shuffled_in_place(make):
    def shuffled():
        x = make([0, 1, 2, 3])
        np.random.shuffle(x)
        return x.tolist() if hasattr(x, "tolist") else x

    assert are_random_orders([shuffled() for _ in range(500)], 4)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (1,), (1, 3)])
def test_shuffling_nothing_changes_nothing(shape):
    x = np.ones(shape)
    np.random.shuffle(x)
    assert x.asnumpy().tolist() == onp.ones(shape).tolist()


def test_shuffling_bools_and_what_cannot_be_shuffled():
    x = np.arange(4) > 2
    np.random.shuffle(x)
    assert (x.dtype, int(x.sum())) == (bool, 1)
    for wrong in (np.array(3.0), (1, 2, 3), 3):
        with pytest.raises(TypeError):
            np.random.shuffle(wrong)


# Several numbers at a time


def test_counts_are_multinomial():
    p = onp.array([0.2, 0.3, 0.5])
    for probabilities in (p, p.tolist(), np.array(p)):
        counts = np.random.multinomial(10, probabilities, size=N // 4).asnumpy()
        assert (counts.sum(axis=1) == 10).all()
        assert onp.allclose(counts.mean(axis=0), 10 * p, atol=0.12)
        assert onp.allclose(onp.cov(counts.T), 10 * (onp.diag(p) - onp.outer(p, p)), atol=0.25)
        for outcome in range(3):
            expected = stats.binom(10, p[outcome]).pmf(range(11))
            assert are_frequencies(
                onp.bincount(counts[:, outcome], minlength=11)[:9], expected[:9] / expected[:9].sum()
            )


def test_shapes_and_errors_of_multinomial():
    for size in (None, (), 3, (2, 3), 0):
        assert np.random.multinomial(5, [0.5, 0.5], size=size).shape == (
            () if size is None else onp.empty(size).shape
        ) + (2,)
    softmax = npx.softmax(np.random.normal(size=(20, 50)))  # the sum of float32 numbers is not exactly 1
    assert all(int(np.random.multinomial(7, p).sum()) == 7 for p in softmax)
    for wrong in ([0.5, 0.6], [-0.5, 1.5], [onp.nan, 0.5], [1.2, 0.0]):
        for pvals in (wrong, np.array(wrong)):
            with pytest.raises(ValueError, match="the entries of pvals must be at least 0, and their sum must be 1"):
                np.random.multinomial(5, pvals)
    for n in (-1, 2.5):
        with pytest.raises(ValueError, match="n must be an integer and at least 0"):
            np.random.multinomial(n, [0.5, 0.5])


COVARIANCE = onp.array([[2, 0.8, 0], [0.8, 1, -0.3], [0, -0.3, 3]])
MEAN = onp.array([1, -2, 5])


def check_multivariate(numbers, mean, covariance):
    assert onp.allclose(numbers.mean(axis=0), mean, atol=0.12)
    assert onp.allclose(onp.cov(numbers.T), covariance, atol=0.25)
    whitened = onp.linalg.solve(onp.linalg.cholesky(covariance), (numbers - mean).T)
    assert all(follows(row, stats.norm()) for row in whitened)


def test_vectors_have_their_mean_and_covariance():
    check_multivariate(
        np.random.multivariate_normal(np.array(MEAN), np.array(COVARIANCE), N).asnumpy(), MEAN, COVARIANCE
    )
    several = np.random.multivariate_normal(
        np.array([MEAN, 3 * MEAN]), np.array([COVARIANCE, COVARIANCE / 2]), N
    ).asnumpy()
    check_multivariate(several[:, 0], MEAN, COVARIANCE)
    check_multivariate(several[:, 1], 3 * MEAN, COVARIANCE / 2)


def test_shapes_and_errors_of_vectors():
    for size in (None, (), 4, (2, 4), 0):
        vectors = np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]], size)
        assert vectors.shape == (() if size is None else onp.empty(size).shape) + (2,)
        npx.waitall()
    same = np.random.multivariate_normal(np.zeros(2), np.ones((2, 2)), 5).asnumpy()
    assert onp.allclose(same[:, 0], same[:, 1], atol=1e-3)
    for wrong in ([[1, 2], [2, 1]], [[1, 0.5], [-0.5, 1]], [[-1, 0], [0, 1]], [[onp.nan, 0], [0, 1]]):
        with pytest.raises(ValueError, match="not symmetric and positive semidefinite"):
            np.random.multivariate_normal(np.zeros(2), np.array(wrong))
    for wrong in (np.eye(3), np.ones(2), np.ones((2, 3))):
        with pytest.raises(ValueError, match="their shapes are"):
            np.random.multivariate_normal(np.zeros(2), wrong)


# Seeds


def draws():
    x = np.arange(8)
    np.random.shuffle(x)
    yield x
    parameters = {name: cases[0][0] for name, cases in CONTINUOUS.items()}
    parameters |= {"rand": (), "randn": (), "randint": (2**40,), "choice": (2**20,), "multinomial": (2**20, [0.5, 0.5])}
    for name, values in parameters.items():
        yield getattr(np.random, name)(*values)
    yield np.random.choice(1000, 9, replace=False)
    yield np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]])


@pytest.mark.parametrize("again", [npx.random.seed, mx.random.seed])
def test_the_same_seed_gives_the_same_numbers_and_another_one_others(again):
    npx.random.seed(5)
    first = [x.asnumpy() for x in draws()]
    second = [x.asnumpy() for x in draws()]
    again(5)
    repeated = [x.asnumpy() for x in draws()]
    for one, other, same in zip(first, second, repeated, strict=True):
        assert onp.array_equal(one, same)
        assert not onp.array_equal(one, other)


# npx.random, gradients, hybridized networks


def test_npx_random():
    for arguments in ({"prob": 0.3}, {"logit": onp.log(0.3 / 0.7)}, {"prob": np.full((N,), 0.3)}):
        numbers = npx.random.bernoulli(**arguments, size=N).asnumpy()
        assert are_frequencies(onp.bincount(numbers.astype(int)), [0.7, 0.3])
    assert npx.random.bernoulli(logit=np.array([5.0, -5.0])).shape == (2,)
    for wrong in (-0.1, 1.1, onp.nan, np.array([0.5, 1.5])):
        with pytest.raises(ValueError, match=r"prob must be from 0.0 to 1.0, but is"):
            npx.random.bernoulli(prob=wrong)
    assert npx.random.normal_n(np.zeros(3), np.ones(3), batch_shape=(2,)).shape == (2, 3)
    assert npx.random.uniform_n(np.zeros(3), 1.0, batch_shape=0).shape == (0, 3)
    with pytest.raises(ValueError, match="scale must be at least 0"):
        npx.random.normal_n(0.0, -1.0)


def test_the_gradient_with_respect_to_mean_and_scale():
    mean, scale = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    for x in (mean, scale):
        x.attach_grad()
    with autograd.record():
        y = np.random.normal(mean, scale)
        z = np.random.multivariate_normal(mean, np.eye(2))
    autograd.backward([y, z])
    assert mean.grad.tolist() == [2, 2]
    assert onp.allclose(scale.grad.asnumpy(), ((y - mean) / scale).asnumpy(), atol=1e-5)


def test_the_gradient_with_respect_to_bounds():
    for hybrid in (False, True):
        net = nn.HybridLambda(lambda F, low, high: F.np.random.uniform(low, high))
        if hybrid:
            net.hybridize()
        low, high = np.array([1.0, 2.0]), np.array([3.0, 7.0])
        for x in (low, high):
            x.attach_grad()
        with autograd.record():
            y = net(low, high)
        y.backward()
        fraction = ((y - low) / (high - low)).asnumpy()
        assert ((fraction >= 0) & (fraction < 1)).all()
        assert onp.allclose(low.grad.asnumpy(), 1 - fraction, atol=1e-5)
        assert onp.allclose(high.grad.asnumpy(), fraction, atol=1e-5)
    with autograd.record():
        assert np.random.uniform(low, 3.0, size=(4, 2)).shape == (4, 2)
        with pytest.raises(ValueError, match="do not fit"):
            np.random.uniform(low, 3.0, size=(4, 3))


def test_gamma_has_no_gradient():
    for draw in (np.random.gamma, np.random.chisquare, lambda x: np.random.beta(x, 2.0)):
        x = np.array([1.0, 2.0])
        x.attach_grad()
        with autograd.record():
            y = draw(x)
        with pytest.raises(NotImplementedError, match=r"np.random.gamma has no gradient.*scale \* np.random.gamma"):
            y.backward()
    with autograd.record():
        y = x * np.random.gamma(2.0, size=2) + np.random.gamma(x.detach())
    y.backward()
    assert (x.grad != 0).all()


class Draw(HybridBlock):
    def __init__(self, draw):
        super().__init__()
        self.draw = draw

    def hybrid_forward(self, F, x):
        return 0 * x.sum() + self.draw(F.np, x)


def in_network(draw, x=None):
    net = Draw(draw)
    net.hybridize()
    return net(np.ones(N) if x is None else x).asnumpy()


@pytest.mark.parametrize(("name", "parameters", "distribution"), [case for case in CASES if case[1]])
def test_numbers_in_a_hybridized_network(name, parameters, distribution):
    def with_numbers(np, x):
        return getattr(np.random, name)(*parameters, size=N)

    def with_symbols(np, x):
        return getattr(np.random, name)(*[value * x for value in parameters])

    assert follows(in_network(with_numbers), distribution)
    assert follows(in_network(with_symbols), distribution)


def test_other_functions_in_a_hybridized_network():
    assert follows(in_network(lambda np, x: np.random.rayleigh(size=N)), stats.rayleigh())
    numbers = in_network(lambda np, x: np.random.randint(2**30, size=N).astype("float32"))
    assert follows(numbers / 2**30, stats.uniform())
    numbers = in_network(lambda np, x: np.random.multivariate_normal(x, COVARIANCE_SYMBOL(np), size=N), np.array(MEAN))
    check_multivariate(numbers, MEAN, COVARIANCE)
    orders = []
    net = Draw(lambda np, x: np.random.choice(4, 4, replace=False).astype("float32"))
    net.hybridize()
    orders = [net(np.ones(1)).asnumpy() for _ in range(500)]
    assert are_random_orders(orders, 4)
    net = Draw(lambda np, x: np.random.choice(x, 3, replace=False))
    net.hybridize()
    assert are_random_orders([net(np.arange(4)).asnumpy() for _ in range(500)], 3)


def COVARIANCE_SYMBOL(np):  # noqa: N802
    rows = [np.concatenate([np.full((1,), value) for value in row]) for row in COVARIANCE]
    return np.stack(rows)


def test_errors_in_a_hybridized_network():
    with pytest.raises(ValueError, match="scale must be at least 0"):
        in_network(lambda np, x: np.random.normal(0, -1.0, size=3))
    with pytest.raises(NotImplementedError, match="not possible in a hybridized network"):
        in_network(lambda np, x: np.random.shuffle(x))
    with pytest.raises(ValueError, match="only 3 to choose"):
        in_network(lambda np, x: np.random.choice(3, 4, replace=False))
