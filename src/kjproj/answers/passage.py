"""Whether one of several years' bounds is met, or all of them: year after year, where paths are Markov."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.estimates import combine, error_parts
from ..numerics.normal import interval_probability
from ..numerics.passage import first_passage, staying_inside
from ..projection import Projection
from ..rows import HalfSpace, Requirement, Terms, Unknown

Floats = NDArray[np.float64]
_RTOL = 1e-6
_NEGLIGIBLE = 1e-8
_KNOWN = 1e-10


def in_turn(clauses: Requirement) -> bool:
    """Tell whether clauses are about three functionals or more of different years, and ask for one of them, or for each."""
    if len(clauses) > 1 and any(len(clause) > 1 for clause in clauses):
        return False
    functionals = list({half.terms for clause in clauses for half in clause})
    return len(functionals) > 2 and in_order(functionals) is not None


def by_passage(law: Law, functionals: Sequence[Terms], clauses: Requirement) -> Estimate | None:
    """Return the probability that clauses hold which are `in_turn`; None where the method does not serve.

    `law` is that of the functionals. One of them that no clause names may come before the others: given it, paths may be
    Markov that are not otherwise.
    """
    columns = in_order(functionals)
    if columns is None:
        return None
    ordered, terms = law.part(columns), [functionals[j] for j in columns]
    if len(clauses) > 1:
        return stays_inside(ordered, *bounds_of(terms, [clause[0] for clause in clauses]))
    found = left_by(ordered, *bounds_of(terms, [half.missed() for half in clauses[0]]))
    return None if found is None else found[-1]


def start(projection: Projection, functionals: Sequence[Terms]) -> tuple[Terms, ...]:
    """Return the last level that is published before the first of one indicator's years; nothing where there is none.

    Paths are Markov given it where drift and start are both uncertain.
    """
    unknowns = [terms[0][0] for terms in functionals if len(terms) == 1]
    names, years = {unknown.indicator for unknown in unknowns}, [unknown.year for unknown in unknowns]
    if len(unknowns) < len(functionals) or len(names) != 1:
        return ()
    (name,) = names
    stated = [year for year in projection.study.implied.get(name, {}) if year < min(years)]
    return ((((Unknown(name, max(stated)), 1.0),)),) if stated else ()


def in_order(functionals: Sequence[Terms]) -> list[int] | None:
    """Return the positions of functionals in the order of their last years; None where two share one."""
    years = [max(unknown.year for unknown, _ in terms) for terms in functionals]
    return sorted(range(len(years)), key=years.__getitem__) if len(set(years)) == len(years) else None


def bounds_of(functionals: Sequence[Terms], halves: Sequence[HalfSpace]) -> tuple[Floats, Floats]:
    """Return the bounds (q,) and (q,) within which functionals lie in all half-spaces; infinite where none is about them."""
    lower, upper = np.full(len(functionals), -np.inf), np.full(len(functionals), np.inf)
    for half in halves:
        j = functionals.index(half.terms)
        lower[j], upper[j] = max(lower[j], half.lower), min(upper[j], half.upper)
    return lower, upper


def left_by(law: Law, lower: Floats, upper: Floats) -> list[Estimate] | None:
    """Return the chances of having been outside of the bounds (q,) by each year; None where the method does not serve.

    The law's functionals are in the order of their years, and each varies.
    """
    if _starts(lower, upper) and law.sd[:, 0].max() <= _KNOWN * law.sd[:, -1].max():
        return left_by(*_without_start(law, lower, upper))
    inside = _inside(law, lower, upper)
    if inside is None:
        return None
    outside = 1.0 - inside
    least = np.maximum.accumulate(outside, axis=1)
    kept, atol = _shares(law, np.minimum(outside.sum(axis=1), 1.0), least[:, -1])
    found = first_passage(law.mean[kept], law.cov[kept], lower, upper, rtol=_RTOL, atol=atol)
    if found is None:
        return left_by(*_without_start(law, lower, upper)) if _starts(lower, upper) else None
    errors = np.zeros(least.shape)
    least[kept], errors[kept] = found.by, found.error
    return [_averaged(law, least[:, j], errors[:, j]) for j in range(len(lower))]


def stays_inside(law: Law, lower: Floats, upper: Floats) -> Estimate | None:
    """Return the chance of lying inside of the bounds (q,) in every year; see `left_by`."""
    if _starts(lower, upper) and law.sd[:, 0].max() <= _KNOWN * law.sd[:, -1].max():
        return stays_inside(*_without_start(law, lower, upper))
    inside = _inside(law, lower, upper)
    if inside is None:
        return None
    values, errors = inside.prod(axis=1), np.zeros(len(inside))
    kept, atol = _shares(law, inside.min(axis=1), values)
    found = staying_inside(law.mean[kept], law.cov[kept], lower, upper, rtol=_RTOL, atol=atol)
    if found is None:
        return stays_inside(*_without_start(law, lower, upper)) if _starts(lower, upper) else None
    values[kept], errors[kept] = found
    return _averaged(law, values, errors)


def _starts(lower: Floats, upper: Floats) -> bool:
    """Whether the first functional is a start that nothing is asked about."""
    return len(lower) > 1 and not np.isfinite([lower[0], upper[0]]).any()


def _without_start(law: Law, lower: Floats, upper: Floats) -> tuple[Law, Floats, Floats]:
    return law.part(range(1, len(lower))), lower[1:], upper[1:]


def _inside(law: Law, lower: Floats, upper: Floats) -> Floats | None:
    """The chances (K, q) of lying inside in each year; None where a year does not vary, or figures state bounds."""
    sd = law.sd
    if law.bound is not None or not (sd > 0.0).all():
        return None
    return interval_probability((lower - law.mean) / sd, (upper - law.mean) / sd)


def _shares(law: Law, most: Floats, least: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the components that count, and the error allowed to each; most and least (K,) bound their chances."""
    if law.kind in ("exact", "quadrature"):
        logs = law.log_weights - law.log_weights.max(axis=1, keepdims=True)
        weights = np.exp(logs)
        weights = (weights / weights.sum(axis=1, keepdims=True)).max(axis=0)
    else:
        weights = law.weights
    total, order = float(weights @ least), np.argsort(weights * most)
    kept = np.sort(order[np.cumsum((weights * most)[order]) > _NEGLIGIBLE * total])
    return kept, _RTOL * total / (weights[kept] * len(kept))


def _averaged(law: Law, values: Floats, errors: Floats) -> Estimate:
    """The mean over the components, with the errors of the nodes and of the components."""
    value, stderr = combine(law.log_weights, values, law.kind)
    own, _ = combine(law.log_weights, errors, law.kind)
    parts = error_parts(law.log_weights, values, law.kind)
    parts[0] = math.copysign(abs(parts[0]) + float(own), parts[0])
    return Estimate(min(max(float(value), 0.0), 1.0), float(stderr + own), "quadrature", tuple(parts.tolist()))
