"""First-order and total parts of a variance by groups of inputs: exact on one block's mixture, else sampled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..numerics.truncated import normal_rule, truncated_normal
from .directions import Directions, Key

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """A variance and, by group, its first-order and total parts, in the same squared unit."""

    variance: float
    first: Mapping[Key, float]
    total: Mapping[Key, float]


def pooled(found: Directions) -> Floats:
    """Return the weights of a block's nodes, (K,), adding up to 1: those of the fine rule for a quadrature."""
    rows = found.log_weights[:1] if found.kind in ("exact", "quadrature") else found.log_weights
    weights = np.exp(rows - rows.max()).sum(axis=0)
    return np.asarray(weights / weights.sum())


def rows_of(found: Directions) -> Floats:
    """Return the weights of its independent rows, or of its two rules, (R, K), each adding up to 1."""
    weights = np.exp(found.log_weights - found.log_weights.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def parts(found: Directions, c: Floats, weights: Floats) -> Parts:
    """Return the parts of the variance of c·places, c (q,), under weights (K,) of the nodes.

    With m the mean and a_j the loadings of the sum given the node: Var = Var m + Σ E a_j². A normal's first-order part
    is (E a_j)², its total one E a_j². What the nodes do on their own is Var m, and together with the normals
    Var m + Σ Var a_j; both fall to commitments, readings and volatilities in this order, by the law of total variance.
    """
    w = weights
    s, rule = normal_rule() if found.cut else (np.zeros(1), np.ones(1))
    a, pull = c @ found.loading, found.pull @ c
    cut = pull[:, None] * truncated_normal(found.low[:, None], found.high[:, None], s)
    about = cut - (cut @ rule)[:, None]
    split = _Split(w, found.case, found.reading)
    alone, of_normals, of_cut = split((found.mean @ c + cut @ rule)[:, None])[:, 0], split(a).sum(axis=1), split(about) @ rule
    kept = found.cut is not None and found.cut[0] == "commitment"  # then what is cut is known with the case, before the nodes
    own, more = (alone + of_cut, of_normals) if kept else (alone, of_normals + of_cut)
    first, total = dict.fromkeys(found.keys, 0.0), dict.fromkeys(found.keys, 0.0)
    for j, key in enumerate(found.keys):
        first[key] += float(w @ a[:, j]) ** 2
        total[key] += float(w @ a[:, j] ** 2)
    for kind, x, y, there in zip(("commitment", "reading", "volatility"), own, more, present(found), strict=True):
        if there:
            first[kind, found.block.name], total[kind, found.block.name] = float(x), float(x + y)
    if found.cut is not None:
        common, whole = float(rule @ (w @ about) ** 2), float(w @ (about**2 @ rule))
        first[found.cut] = first.get(found.cut, 0.0) + common
        total[found.cut] = total.get(found.cut, 0.0) + (common if kept else whole)
    for name, values in found.hints.items():
        first["nuisance", name], total["nuisance", name] = float(w @ (values @ c) ** 2), 0.0
    variance = float(alone.sum() + w @ (a**2).sum(axis=1) + w @ (about**2 @ rule))
    return Parts(variance, first, total)


def present(found: Directions) -> tuple[bool, bool, bool]:
    """Tell whether commitments, several readings, and parameters at the nodes are there."""
    return bool(found.case.max() > 0), bool(found.reading.max() > 0), bool(found.block.readings[0].axes)


class _Split:
    """Parts the variance of values (K, m) into between cases, between readings of a case, and within them: (3, m)."""

    def __init__(self, weights: Floats, case: NDArray[np.int64], reading: NDArray[np.int64]) -> None:
        self.weights = weights
        self.groups = [np.zeros(len(weights), np.int64), case, case * (reading.max() + 1) + reading, np.arange(len(weights))]

    def __call__(self, values: Floats) -> Floats:
        means = [self._mean(values, group) for group in self.groups]
        return np.array([self.weights @ (finer - coarser) ** 2 for coarser, finer in pairwise(means)])

    def _mean(self, values: Floats, group: NDArray[np.int64]) -> Floats:
        """Return of each node the mean of its group, (K, m)."""
        if len(group) and group[-1] == len(group) - 1 and group.max() == len(group) - 1:
            return values
        count = int(group.max()) + 1
        total, weight = np.zeros((count, values.shape[1])), np.zeros(count)
        np.add.at(total, group, self.weights[:, None] * values)
        np.add.at(weight, group, self.weights)
        return np.asarray(total[group] / np.maximum(weight, 1e-300)[group][:, None])


Value = Callable[[Sequence[Floats]], Floats]
"""The quantity from the places (n, q) of each block: (n,)."""


def sampled(found: Sequence[Directions], value: Value, n: int, seed: int) -> Parts:
    """Return the parts of the variance of a function of places by sampling: `scipy.stats.sobol_indices` on n points.

    Inputs are the same as in `parts`. Source of the estimators: Saltelli et al. (2010), doi 10.1016/j.cpc.2009.09.018.
    """
    from scipy.stats import sobol_indices
    from scipy.stats.qmc import Sobol

    inputs = [_Inputs(one) for one in found]
    widths = [one.width for one in inputs]
    points = Sobol(2 * sum(widths), rng=np.random.default_rng(seed)).random(n)
    (a, b), ends = np.split(points, 2, axis=1), np.cumsum(widths)[:-1]

    def at(u: Floats) -> Floats:
        return value([one.places(own) for one, own in zip(inputs, np.split(u, ends, axis=1), strict=True)])

    groups = [group for one in inputs for group in one.groups]
    sets = [frozenset({key}) for key in dict.fromkeys(groups)]
    sets += [nested for one in inputs for nested in one.nested if nested not in sets]
    mixed = [np.where([group in chosen for group in groups], b, a) for chosen in sets]
    f_A, f_B, f_AB = at(a), at(b), np.array([at(u) for u in mixed])
    shares = sobol_indices(func={"f_A": f_A[None], "f_B": f_B[None], "f_AB": f_AB[:, None]}, n=n)
    variance = float(np.var(np.concatenate([f_A, f_B])))
    closed, left = (dict(zip(sets, (variance * np.ravel(s)).tolist(), strict=True)) for s in (shares.first_order, shares.total_order))
    first = {key: closed[frozenset({key})] for key in dict.fromkeys(groups)}
    total = {key: left[frozenset({key})] for key in first}
    for one in inputs:
        _in_order(one, closed, left, first, total)
    return Parts(variance, first, total)


Sets = Mapping[frozenset[Key], float]


def _in_order(one: _Inputs, closed: Sets, left: Sets, first: dict[Key, float], total: dict[Key, float]) -> None:
    """Give commitment, reading and volatility what they add to those before them, as in `parts`."""
    case, reading, node = (frozenset({key}) for key in one.groups[:3])
    alone = closed[case], closed[case | reading], closed[case | reading | node]
    there = left[node], left[reading | node], left[case | reading | node]
    order = one.groups[:3]
    first.update(zip(order, (alone[0], alone[1] - alone[0], alone[2] - alone[1]), strict=True))
    total.update(zip(order, (there[2] - there[1], there[1] - there[0], there[0]), strict=True))


class _Inputs:
    """Uniform inputs of one block: the case, the reading given it, the node given both, the normals, the cut one."""

    def __init__(self, found: Directions) -> None:
        self.found = found
        name = found.block.name
        self.groups: list[Key] = [("commitment", name), ("reading", name), ("volatility", name), *found.keys]
        self.groups += [found.cut] if found.cut else []
        self.width = len(self.groups)
        self.weights = pooled(found)

    @property
    def nested(self) -> tuple[frozenset[Key], ...]:
        """The sets of inputs at the nodes that stand before, and after, one of them."""
        case, reading, node = self.groups[:3]
        return frozenset({case, reading}), frozenset({case, reading, node}), frozenset({reading, node})

    def places(self, u: Floats) -> Floats:
        """Return places (n, q) from uniforms (n, width)."""
        from scipy.special import ndtri

        found, node = self.found, self._node(u[:, :3])
        z = ndtri(np.clip(u[:, 3:], 1e-15, 1.0 - 1e-15))
        out = found.mean[node] + np.einsum("nqd,nd->nq", found.loading[node], z[:, : len(found.keys)])
        if found.cut:
            cut = truncated_normal(found.low[node], found.high[node], z[:, -1])
            out += found.pull[node] * cut[:, None]
        return np.asarray(out)

    def _node(self, u: Floats) -> NDArray[np.int64]:
        """Pick nodes by uniforms (n, 3): a case, a reading of it, a node of that in the order of their means."""
        labels = np.stack([self.found.case, self.found.reading], axis=1)
        order = np.lexsort((self.found.mean.sum(axis=1), labels[:, 1], labels[:, 0]))
        low, high = np.zeros(len(u)), np.ones(len(u))
        weights, sorted_labels = self.weights[order], labels[order]
        ends = np.concatenate([[0.0], np.cumsum(weights)])
        for column in range(2):
            prefix = sorted_labels[:, : column + 1]
            starts = np.flatnonzero(np.r_[True, (prefix[1:] != prefix[:-1]).any(axis=1)])
            borders = np.r_[ends[starts], 1.0]
            at = low + u[:, column] * (high - low)
            k = np.clip(np.searchsorted(borders, at, side="right") - 1, 0, len(starts) - 1)
            low, high = borders[k], borders[k + 1]
        at = low + u[:, 2] * (high - low)
        return np.asarray(order[np.clip(np.searchsorted(ends, at, side="right") - 1, 0, len(order) - 1)])
