"""How likely is a target, given how fast something grows on which it rests? The chance given GDP, beside the chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.unknowns import roots
from ..errors import KjprojError, NoBasisError, NotAnswerableError
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Clause, Requirement, Terms, Unknown
from ..scales import Log
from ..study.verdicts import is_linear
from ..targets import BaseTarget
from .levels import law_quantiles
from .questions import Names, required, resolve
from .regions import chance_under, computed, functionals_of
from .required import last_figure

_SLOW_TO_FAST = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class GivenGrowth:
    """The chance of a target by the growth of an indicator.

    Attributes:
        indicator: what is known to grow.
        base_year, year: the years between which it does.
        growth: a year; fractions on a logarithmic scale, else changes on the scale.
        chance: of the target, one for each growth.
    """

    indicator: str
    base_year: int
    year: int
    growth: tuple[float, ...]
    chance: tuple[Estimate, ...]

    @property
    def swing(self) -> float:
        """How far apart the least and the greatest chance lie."""
        values = [chance.value for chance in self.chance]
        return max(values) - min(values)


def given(
    projection: Projection,
    target: Names | Iterable[Names],
    indicator: str,
    *,
    growth: float | Sequence[float] | None = None,
) -> GivenGrowth:
    """Return the chance of a target (or of several together), given how fast an indicator grows up to the target's year.

    Everything else keeps its posterior law, conditioned on that growth; a scenario, by contrast, changes the belief.
    Given the nodes the law is Gaussian, so conditioning on a value is exact; nodes are weighed by its density.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, a target, or several of them, to be met together.
        indicator: what is known to grow, from its last figure to the (last) target's year.
        growth: a year, such as 0.04 for 4 % (on a scale that is not logarithmic: the change on the scale); one or
            several. Without it the 10, 50 and 90 % quantiles of what is projected.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for targets about events or sums of levels, an indicator that is not linear, or one that
            another tool's draws fix.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = kj.given(projection, "rd_spending_2025", "gdp", growth=(0.04, 0.07))
    >>> print([f"{chance.value:.2f}" for chance in found.chance])
    ['0.32', '0.52']
    """
    targets = resolve(projection, target)
    clauses = _clauses(projection, targets, indicator)
    year = max(getattr(one, "until", None) or one.year for one in targets)
    base = _base_year(projection, indicator, year)
    moved: Terms = ((Unknown(indicator, year), 1.0), (Unknown(indicator, base), -1.0))
    return _given(projection, clauses, moved, None if growth is None else _asked(growth))


def givens(projection: Projection, targets: Sequence[BaseTarget]) -> tuple[GivenGrowth, ...]:
    """Return the chance given each indicator on which the targets' derived indicators rest; none where none can be said."""
    study = projection.study
    names = dict.fromkeys(root for one in targets for name in one.indicators if name in study.derived for root in roots(study, name))
    found = []
    for name in names:
        try:
            found.append(given(projection, targets, name))
        except (NoBasisError, NotAnswerableError):
            continue
    return tuple(found)


def _clauses(projection: Projection, targets: Sequence[BaseTarget], indicator: str) -> Requirement:
    """Return the clauses that figures leave open; raises `NotAnswerableError` where their chance is not computed."""
    study = projection.study
    if study.counts_events(indicator) or not is_linear(study, indicator):
        raise NotAnswerableError(f"{indicator} has no place on a scale that could be given; name one that moves on its own")
    found: list[Clause] = []
    for target in targets:
        left = required(study, target)
        if isinstance(left, bool):
            raise NotAnswerableError(f"published figures decide {target.name}, whatever {indicator} does")
        found.extend(left)
    counts = any(study.counts_events(u.indicator) for clause in found for half in clause for u, _ in half.terms)
    if counts or not computed(study, tuple(found)):
        names = ", ".join(target.name for target in targets)
        raise NotAnswerableError(f"{names} is about events or sums of levels; ask for a level, a ratio or a growth rate")
    return tuple(found)


def _base_year(projection: Projection, indicator: str, year: int) -> int:
    found = last_figure(projection.study, indicator, year)
    if found is not None:
        return found[0]
    if projection.study.last_past_year >= year:
        raise NotAnswerableError(f"{year} is past, and no figure of {indicator} lies before it; give one")
    return projection.study.last_past_year


def _asked(growth: float | Sequence[float]) -> tuple[float, ...]:
    try:
        found = tuple(float(g) for g in np.atleast_1d(np.asarray(growth, float)))
    except (TypeError, ValueError):
        found = ()
    if not found or not all(np.isfinite(g) and g > -1 for g in found):
        raise KjprojError(f"growth is {growth!r}; expected yearly growth such as 0.04 for 4 %, or several")
    return found


def _given(projection: Projection, clauses: Requirement, moved: Terms, growth: tuple[float, ...] | None) -> GivenGrowth:
    functionals = functionals_of(clauses)
    law = projection.law([*functionals, moved]).narrow()
    (last, _), (first, _) = moved
    years, compounds = last.year - first.year, isinstance(projection.study.scale(last.indicator), Log)
    if growth is None:
        places, _ = law_quantiles(law.part([len(functionals)]), np.array(_SLOW_TO_FAST))
    else:
        places = years * (np.log1p(growth) if compounds else np.array(growth))
    try:
        cuts = [law.given(len(functionals), float(place), projection.seed).part(range(len(functionals))) for place in places]
    except ValueError:
        raise NotAnswerableError("nothing is left open about that growth: figures or another tool's draws fix it") from None
    chances = tuple(chance_under(cut, functionals, clauses, projection.seed) for cut in cuts)
    a_year = np.expm1(places / years) if compounds else places / years
    return GivenGrowth(last.indicator, first.year, last.year, tuple(a_year.tolist()), chances)
