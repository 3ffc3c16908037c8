"""Nodes: the integrals they give are those of closed forms. Random answers are held to 8 stated errors."""

from math import lgamma

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm
from scipy.stats import t as student

from kjproj.numerics.estimates import combine
from kjproj.numerics.gibbs import chains
from kjproj.numerics.lattice import shifted_points, tent
from kjproj.numerics.nodes import companion_uniforms, place
from kjproj.numerics.normal import bivariate_rectangle
from kjproj.numerics.orthants import separation_of_variables

_Z = np.array([0.3, 1.0, 3.0, 10.0, 100.0])


def _inverse_chi_square(df, scale):
    """Log density of v = log σ, (M, d), for σ² ~ df·scale²/χ²(df) in every coordinate."""
    df, scale = np.asarray(df, float), np.asarray(scale, float)
    return lambda v: (-df * v - 0.5 * df * scale**2 * np.exp(-2.0 * v)).sum(axis=1)


def _log_integral(df, scale):
    return sum(
        lgamma(a / 2) - a / 2 * np.log(a * s * s / 2) - np.log(2) for a, s in zip(df, scale, strict=True)
    )


class _Counted:
    def __init__(self, log_density):
        self.log_density, self.points = log_density, 0

    def __call__(self, v):
        self.points += len(v)
        return self.log_density(v)


def _holds(nodes, values, exact):
    value, stderr = combine(nodes.log_weights, values, nodes.kind)
    return np.all(np.abs(value - exact) < 8 * stderr)


def test_no_coordinate_is_one_exact_node():
    nodes = place(lambda v: np.full(len(v), -3.0), np.empty(0), np.empty(0), np.empty((1, 0)))
    assert nodes.points.shape == (1, 0)
    assert nodes.log_weights.tolist() == [[-3.0]]
    assert (nodes.kind, nodes.effective) == ("exact", 1.0)


# One coordinate


_ACCURACY = [(1, 5e-9), (1.5, 1e-10), (2, 1e-11), (3, 1e-13), (6, 1e-13), (300, 1e-13)]


@pytest.mark.parametrize(("df", "tolerance"), _ACCURACY)
def test_unknown_volatility_turns_the_normal_into_student_t(df, tolerance):
    nodes = place(_inverse_chi_square([df], [1.0]), np.array([-9.2]), np.array([60.0]), np.zeros((1, 1)))
    values = ndtr(-_Z * np.exp(-nodes.points))
    value, stderr = combine(nodes.log_weights, values, nodes.kind)
    assert nodes.kind == "quadrature"
    assert np.isfinite(nodes.log_weights[0]).sum() == (128 if df < 2 else 64)
    assert value == pytest.approx(student.sf(_Z, df), abs=tolerance)
    assert np.all(np.abs(value - student.sf(_Z, df)) <= stderr)
    assert np.logaddexp.reduce(nodes.log_weights[0]) == pytest.approx(_log_integral([df], [1.0]), abs=1e-9)


@pytest.mark.parametrize("df", [1, 3])
def test_far_student_tails_are_right_in_relative_terms(df):
    z = np.array([10.0, 100.0, 1000.0])
    nodes = place(_inverse_chi_square([df], [1.0]), np.array([-9.2]), np.array([60.0]), np.zeros((1, 1)))
    value, _ = combine(nodes.log_weights, ndtr(-z * np.exp(-nodes.points)), nodes.kind)
    assert value == pytest.approx(student.sf(z, df), rel=1e-5)


def _against_riemann(log_density, lower, upper, starts, tolerance):
    """Compares with the trapezoid sum over half a million steps, corrected at the ends."""
    nodes = place(log_density, np.array([lower]), np.array([upper]), np.array(starts)[:, None])
    v = np.linspace(lower, upper, 500_001)
    p = np.exp(log_density(v[:, None]) - log_density(v[:, None]).max())
    value, stderr = combine(nodes.log_weights, ndtr(-_Z * np.exp(-nodes.points)), nodes.kind)
    exact = np.trapezoid(p * ndtr(-_Z[:, None] * np.exp(-v)), v) / np.trapezoid(p, v)
    assert value == pytest.approx(exact, abs=tolerance)
    assert np.all(np.abs(value - exact) <= stderr + 1e-9)
    return nodes


@pytest.mark.parametrize("upper", [-1.0, 0.0, 0.5, 3.0])
def test_a_volatility_that_is_cut_off_in_mid_flight(upper):
    _against_riemann(_inverse_chi_square([2], [1.0]), -9.2, upper, [-1.0], 1e-9)


@pytest.mark.parametrize(("sd", "tolerance"), [(0.01, 1e-12), (0.3, 1e-12), (1.0, 1e-9), (3.0, 1e-7)])
def test_lognormal_beliefs(sd, tolerance):
    _against_riemann(lambda v: -0.5 * ((v[:, 0] + 1) / sd) ** 2, -9.2, 8.0, [0.0], tolerance)


@pytest.mark.parametrize(
    ("s1", "s2", "apart"), [(0.3, 0.3, 3.0), (0.1, 0.5, 4.0), (0.01, 0.3, 3.0), (0.5, 0.5, 1.6)]
)
def test_two_peaks(s1, s2, apart):
    def log_density(v):
        left, right = (v[:, 0] + 2 + apart / 2) / s1, (v[:, 0] + 2 - apart / 2) / s2
        return np.logaddexp(-0.5 * left**2 - np.log(s1), -0.5 * right**2 - np.log(s2))

    _against_riemann(log_density, -9.2, 5.0, [-2.0], 1e-8)


def test_a_peak_narrower_than_the_scan_is_found_from_its_start():
    _against_riemann(lambda v: -0.5 * ((v[:, 0] + 1.2345) / 1e-3) ** 2, -9.2, 5.0, [-1.2345], 1e-9)

    def bump(v):
        with np.errstate(divide="ignore"):
            return 4 * np.log(np.maximum(1 - ((v[:, 0] + 1.2345) / 0.005) ** 2, 0.0))

    nodes = place(bump, np.array([-9.2]), np.array([5.0]), np.array([[-1.2345]]))
    value, _ = combine(nodes.log_weights, nodes.points[:, 0], nodes.kind)
    assert value == pytest.approx(-1.2345, abs=1e-6)


def test_a_density_may_be_zero_on_part_of_the_box():
    def half(v):
        return np.where(v[:, 0] > -2.0, -0.5 * v[:, 0] ** 2, -np.inf)

    nodes = place(half, np.array([-9.0]), np.array([9.0]), np.zeros((1, 1)))
    value, _ = combine(nodes.log_weights, (nodes.points[:, 0] > 0) * 1.0, nodes.kind)
    assert value == pytest.approx(0.5 / norm.cdf(2.0), abs=0.02)


def test_a_density_that_is_nowhere_is_refused():
    for d in (1, 2):
        with pytest.raises(ValueError, match="density is zero"):
            place(lambda v: np.full(len(v), -np.inf), np.zeros(d), np.ones(d), np.full((1, d), 0.5))


# Several coordinates

_DF, _SCALE = np.array([3.0, 4.0, 6.0]), np.array([0.05, 0.1, 0.2])
_LOW, _HIGH, _START = np.full(3, -9.2), np.full(3, 6.0), np.full((1, 3), -2.0)


def _student_joint(v):
    return np.prod(ndtr(-np.array([0.05, 0.2, 0.1]) * np.exp(-v)), axis=1)


_JOINT = np.prod(student.sf(np.array([0.05, 0.2, 0.1]) / _SCALE, _DF))


def test_three_unknown_volatilities_give_the_product_of_three_student_tails():
    nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START)
    value, stderr = combine(nodes.log_weights, _student_joint(nodes.points), nodes.kind)
    assert nodes.kind == "randomised"
    assert stderr < 1e-4
    assert abs(value - _JOINT) < 8 * stderr
    rows = np.logaddexp.reduce(nodes.log_weights, axis=1)
    exact = _log_integral(_DF, _SCALE)
    assert abs(np.exp(rows - exact).mean() - 1) < 8 * np.exp(rows - exact).std(ddof=1) / 4


def test_every_node_belongs_to_one_row_and_rows_are_equally_long():
    nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, n=500, shifts=8)
    owned = np.isfinite(nodes.log_weights)
    assert owned.sum(axis=0).tolist() == [1] * 8 * 61
    assert owned.sum(axis=1).tolist() == [61] * 8


@pytest.mark.parametrize(("d", "effective"), [(2, 0.9), (5, 0.9), (10, 0.85), (20, 0.85)])
def test_the_share_that_counts_stays_high_and_evaluations_modest(d, effective):
    log_density = _Counted(_inverse_chi_square(np.resize(_DF, d), np.resize(_SCALE, d)))
    starts = np.vstack([np.full(d, -2.0), np.full((d, d), -2.0) + 2.0 * np.eye(d)])
    nodes = place(log_density, np.full(d, -9.2), np.full(d, 6.0), starts)
    assert nodes.effective > effective
    assert nodes.khat < 0.5
    assert log_density.points < 4096 + (2500 if d == 20 else 1500)


@pytest.mark.parametrize(("d", "rho"), [(2, 0.9), (5, 0.6), (10, 0.9)])
def test_correlated_coordinates_are_straightened(d, rho):
    precision = 4 * np.linalg.inv(np.full((d, d), rho) + (1 - rho) * np.eye(d))

    def log_density(v):
        assert np.all((v >= -9.2) & (v <= 6.0)), "evaluated outside of the box"
        return -0.5 * np.einsum("ki,ij,kj->k", v + 2.5, precision, v + 2.5, optimize=True)

    nodes = place(log_density, np.full(d, -9.2), np.full(d, 6.0), np.zeros((1, d)))
    assert nodes.effective > 0.7
    assert _holds(nodes, ndtr(nodes.points[:, 0] + 2.5), 0.5)
    assert _holds(nodes, (nodes.points[:, 0] + 2.5) * (nodes.points[:, 1] + 2.5), rho / 4)


def test_two_modes_are_both_found_and_keep_their_shares():
    def log_density(v):
        wide, narrow = ((v + 4) / 0.3) ** 2, (v / 0.1) ** 2
        return np.logaddexp(-0.5 * wide.sum(axis=1), np.log(0.5 * 9) - 0.5 * narrow.sum(axis=1))

    starts = np.array([[-3.5, -3.0], [1.0, 1.0]])
    nodes = place(log_density, np.full(2, -9.2), np.full(2, 6.0), starts)
    assert nodes.effective > 0.9
    assert _holds(nodes, (nodes.points[:, 0] < -2) * 1.0, 2 / 3)


def test_a_posterior_cut_off_by_its_box():
    """Independent normals with mean at the edge of the box: every coordinate is a half normal."""
    nodes = place(lambda v: -0.5 * (v**2).sum(axis=1), np.full(3, -9.0), np.zeros(3), np.full((1, 3), -1.0))
    assert nodes.effective > 0.9
    assert _holds(nodes, nodes.points, np.full(3, -np.sqrt(2 / np.pi)))


def test_random_effects_eight_schools():
    """Posterior of (mean, log spread) over eight groups of known errors, against a fine grid (BDA, 5.5)."""
    y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    s = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])

    def log_density(v):
        variance = np.exp(2 * v[:, 1:]) + s**2
        return -0.5 * (np.log(variance) + (y - v[:, :1]) ** 2 / variance).sum(axis=1) + v[:, 1]

    box = np.array([-30.0, -6.0]), np.array([45.0, 4.0])
    nodes = place(log_density, *box, np.array([[5.0, 1.0]]))
    grid = np.stack(np.meshgrid(np.linspace(-30, 45, 1201), np.linspace(-6, 4, 1201), indexing="ij"), -1)
    p = np.exp(log_density(grid.reshape(-1, 2)).reshape(1201, 1201) + 30.0)
    inner = np.trapezoid(
        p[..., None] * np.stack([ndtr((grid[..., 0] - 8) / 3), np.exp(grid[..., 1])], -1), axis=0
    )
    exact = np.trapezoid(inner, axis=0) / np.trapezoid(np.trapezoid(p))
    values = np.stack([ndtr((nodes.points[:, 0] - 8) / 3), np.exp(nodes.points[:, 1])], axis=1)
    assert _holds(nodes, values, exact)


@pytest.mark.parametrize("seed", range(6))
def test_a_funnel_is_handed_to_gibbs_which_says_how_little_it_knows(seed):
    """v ~ N(0, 1), two effects N(0, exp(v)²) cut at ±12; the modes' profiles miss the mouth."""

    def log_density(x):
        v, effects = x[:, :1], x[:, 1:]
        return (-0.5 * v**2).sum(axis=1) - 0.5 * ((effects * np.exp(-v)) ** 2).sum(axis=1) - 2 * v[:, 0]

    v = np.linspace(-12.0, 12.0, 100_001)
    marginal = norm.pdf(v) * (2 * ndtr(12 * np.exp(-v)) - 1) ** 2
    exact = marginal[v > 1].sum() / marginal.sum()
    nodes = place(log_density, np.full(3, -12.0), np.full(3, 12.0), np.zeros((1, 3)), seed=seed)
    assert nodes.kind == "gibbs"
    assert nodes.khat > 0.7
    assert nodes.log_weights.shape == (16, 16 * 257)
    assert 0 < nodes.effective < 1
    assert _holds(nodes, (nodes.points[:, 0] > 1) * 1.0, exact)
    assert np.ptp(np.logaddexp.reduce(nodes.log_weights, axis=1)) < 1e-9


def test_khat_decides_between_more_shifts_and_gibbs(monkeypatch):
    """Above .5 four times the shifts, above .7 chains, whose rows all hold the importance estimate of Z.

    Weights that are nearly equal need no chains, whatever the shape of their tail.
    """
    cases = ((0.4, 0.3, 8, "randomised"), (0.6, 0.3, 32, "randomised"), (0.8, 0.3, 16, "gibbs"), (0.8, 0.9, 32, "randomised"))
    for shape, share, rows, kind in cases:
        monkeypatch.setattr("kjproj.numerics.nodes.khat", lambda _, shape=shape: shape)
        monkeypatch.setattr("kjproj.numerics.nodes.effective_share", lambda _, share=share: share)
        nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, n=512, shifts=8)
        assert (nodes.kind, len(nodes.log_weights), nodes.khat) == (kind, rows, shape)
        totals = np.logaddexp.reduce(nodes.log_weights, axis=1)
        assert totals.mean() == pytest.approx(_log_integral(_DF, _SCALE), abs=0.02)
        assert _holds(nodes, _student_joint(nodes.points), _JOINT)


def test_gibbs_chains_follow_the_law():
    """Slices of a correlated normal: 16 chains against the closed form."""

    def log_density(x):
        return -0.5 * (x[:, 0] ** 2 + (x[:, 1] - 0.5 * x[:, 0]) ** 2 / 0.75)

    start = np.random.default_rng(0).normal(size=(500, 2))
    kept, effective = chains(log_density, np.full(2, -9.0), np.full(2, 9.0), start, np.zeros(500), 500, 7)
    for moment, exact in ((kept[:, 0] ** 2, 1.0), (kept[:, 0] * kept[:, 1], 0.5), (kept[:, 1] ** 2, 1.0)):
        means = moment.reshape(16, -1).mean(axis=1)
        assert abs(means.mean() - exact) < 8 * means.std(ddof=1) / 4
        assert means.std(ddof=1) < 0.2
    assert 0.05 < effective <= 1


def test_the_same_seed_gives_the_same_nodes_and_another_one_others():
    first, again, other = (
        place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, n=512, seed=seed) for seed in (3, 3, 4)
    )
    assert np.array_equal(first.points, again.points)
    assert np.array_equal(first.log_weights, again.log_weights)
    assert not np.array_equal(first.points, other.points)


def test_over_512_seeds_the_errors_are_as_large_as_stated():
    """Ratio of root mean squares at most 1.2; under honest errors it passes that with chance below 1e-6."""
    found = []
    for seed in range(512):
        nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, n=1024, seed=seed)
        found.append(combine(nodes.log_weights, _student_joint(nodes.points), nodes.kind))
    error, stated = np.array(found).T
    assert 0.8 < np.sqrt(np.mean((error - _JOINT) ** 2) / np.mean(stated**2)) < 1.2


# One point set for nodes and orthants


def test_companions_lie_inside_and_the_first_do_not_change_with_more():
    nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, n=512, shifts=8, seed=3)
    few, many = companion_uniforms(nodes, 2, seed=3), companion_uniforms(nodes, 5, seed=3)
    assert many.shape == (len(nodes.points), 5)
    assert np.array_equal(few, many[:, :2])
    assert np.array_equal(many.reshape(8, 61, 5), tent(shifted_points(61, 9, 8, seed=3, start=4)))
    assert 0 < many.min() < many.max() < 1


def test_companions_are_independent_of_their_nodes():
    """Along every node coordinate companions average ½ within 8 standard errors of the 16 rows."""
    nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START, seed=3)
    u = companion_uniforms(nodes, 4, seed=3) - 0.5
    for j in range(3):
        rows = ((nodes.points[:, j] + 2)[:, None] * u).reshape(16, -1, 4).mean(axis=1)
        assert np.all(np.abs(rows.mean(axis=0)) < 8 * rows.std(axis=0, ddof=1) / 4)
        assert np.all(rows.std(axis=0) < 0.02)


def test_separated_orthants_on_companions_agree_with_the_exact_ones_at_the_nodes():
    nodes = place(_inverse_chi_square(_DF, _SCALE), _LOW, _HIGH, _START)
    sd = np.exp(nodes.points[:, :2])
    cov = 0.5 * sd[:, :, None] * sd[:, None, :] + 0.5 * np.eye(2) * sd[:, None, :] ** 2
    lower, upper = np.full(sd.shape, -0.05), np.full(sd.shape, np.inf)
    u = companion_uniforms(nodes, 1, seed=0)
    separated = separation_of_variables(lower, upper, cov, u)
    exact = bivariate_rectangle(lower / sd, upper, 0.5)
    difference, stderr = combine(nodes.log_weights, separated - exact, nodes.kind)
    assert abs(difference) < 8 * stderr
    assert stderr < 2e-4


def test_nodes_without_randomisation_have_no_companions():
    nodes = place(_inverse_chi_square([3], [1.0]), np.array([-9.2]), np.array([6.0]), np.zeros((1, 1)))
    with pytest.raises(ValueError, match="quadrature"):
        companion_uniforms(nodes, 2, seed=0)
