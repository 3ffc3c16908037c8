"""Everything that the summary shows, as numbers: a row a target, joint chances, scenarios, assumptions, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import NoBasisError
from ..estimate import Estimate
from ..projection import Projection
from ..study import Study
from ..targets import BOUNDS, Target
from ..text import Text
from ..units import unit
from .coherence import coherence
from .findings import Findings
from .levels import quantiles
from .own_data import own_data
from .phrases import label
from .probability import probability
from .questions import observed
from .required import RequiredGrowth, last_figure, required_growth
from .variations import Variation, variations

_BEYOND = 1e-3
_EIGHTY = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Chance:
    """A chance, its range over the declared assumptions, and the assumption that moves it most.

    `by` holds the chance under each variation, in the order of `Overview.variations`.
    """

    value: Estimate
    by: tuple[float, ...]

    @property
    def low(self) -> float:
        """The least."""
        return min((self.value.value, *self.by))

    @property
    def high(self) -> float:
        """The greatest."""
        return max((self.value.value, *self.by))

    @property
    def mover(self) -> int | None:
        """The number of the variation that moves it most; None without variations."""
        moves = [abs(x - self.value.value) for x in self.by]
        return moves.index(max(moves)) if moves else None


@dataclass(frozen=True)
class Pace:
    """Pace of the plan (时序进度): the share of the way that is done less the share of the years that is over."""

    lead: float
    base: float
    year: int


@dataclass(frozen=True)
class Row:
    """One target. `status` is "open", "observed" or "no_basis"; what does not apply is None."""

    target: Target
    status: str
    latest: tuple[int, float, bool] | None
    need: RequiredGrowth | None
    pace: Pace | None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    chance: Chance | None = None
    own_data: float | None = None
    advice: str | None = None


@dataclass(frozen=True)
class Joint:
    """The chance that several targets are all met, and the one that is least likely alone."""

    targets: tuple[str, ...]
    chance: Chance
    binding: str


@dataclass(frozen=True)
class Overview:
    """What the summary shows."""

    projection: Projection
    rows: tuple[Row, ...]
    joint: Joint | None
    variations: tuple[Variation, ...]
    branches: dict[str, float]
    findings: Findings
    warnings: tuple[Text, ...]

    @property
    def study(self) -> Study:
        """The study."""
        return self.projection.study

    def row(self, name: str) -> Row:
        """Return the row of a target by name."""
        return next(row for row in self.rows if row.target.name == name)


def overview(projection: Projection) -> Overview:
    """Answer every target of a study."""
    varied = variations(projection)
    rows = tuple(_row(projection, target, varied) for target in projection.study.targets)
    branches = {name: w for block in projection.blocks for name, w in block.branch_weights().items()}
    warnings = tuple(warning for row in rows for warning in _beyond_whole(projection, row))
    return Overview(
        projection, rows, _joint(projection, rows, varied), varied, branches, coherence(projection.study), warnings
    )


def _beyond_whole(projection: Projection, row: Row) -> Iterator[Text]:
    """Warn where a share on a scale without an upper bound passes 100 % with a chance above a thousandth."""
    study, name = projection.study, row.target.indicator
    own = unit(study.unit(name))
    if row.status != "open" or own.quantity != "share" or study.scale(name).bounds[1] < np.inf:
        return
    whole = row.target.model_copy(update=dict.fromkeys(BOUNDS) | {"at_least": "100", "unit": "%"})
    chance = probability(projection, whole).value
    if chance > _BEYOND:
        words = label(study, name)
        yield Text(
            zh=f"{words('zh')}在{row.target.year}年超过100%的概率为{100 * chance:.1f}%：如不可能超过，请改用logit尺度。",
            en=f"{words('en')} passes 100 % in {row.target.year} with a chance of {100 * chance:.1f} %: where it cannot, "
            "use the scale logit.",
        )


def _row(projection: Projection, target: Target, varied: Sequence[Variation]) -> Row:
    study = projection.study
    latest = last_figure(study, target.indicator, target.year + 1)
    seen = observed(projection, target)
    need = required_growth(study, target) if latest is not None and latest[0] < target.year else None
    pace = _pace(study, target, latest)
    if seen is not None:
        return Row(target, "observed", latest, need, pace, chance=Chance(probability(projection, target), ()))
    try:
        chance = _chance(projection, [target], varied)
        low, median, high = quantiles(
            projection, target.indicator, q=_EIGHTY, first_year=target.year, last_year=target.year
        ).values[0]
    except NoBasisError as error:
        return Row(target, "no_basis", latest, need, pace, advice=str(error))
    own = own_data(projection, target.indicator, target.year)
    return Row(target, "open", latest, need, pace, float(median), float(low), float(high), chance, own)


def _chance(projection: Projection, targets: Sequence[Target], varied: Sequence[Variation]) -> Chance:
    value = probability(projection, all_of=targets)
    return Chance(value, tuple(probability(v.projection, all_of=targets).value for v in varied))


def _pace(study: Study, target: Target, latest: tuple[int, float, bool] | None) -> Pace | None:
    """Return the pace of the plan at the last figure; None without a plan, a figure or the base year's level."""
    if study.plan is None or latest is None or target.year != study.plan.last_year:
        return None
    base_year, last_year = study.plan.base_year, study.plan.last_year
    base = study.implied.get(target.indicator, {}).get(base_year)
    if base is None or latest[0] <= base_year or target.between is not None:
        return None
    goal = target.goal(study)
    if goal <= base if target.upwards else goal >= base:  # there was no way to go
        return None
    done = (latest[1] - base) / (goal - base)
    return Pace(done - (latest[0] - base_year) / (last_year - base_year), base, latest[0])


def _joint(projection: Projection, rows: Sequence[Row], varied: Sequence[Variation]) -> Joint | None:
    """All open targets of the last year together; None unless there are two or more."""
    answered = [row for row in rows if row.status == "open"]
    last = max((row.target.year for row in answered), default=0)
    group = [row for row in answered if row.target.year == last]
    if len(group) < 2:
        return None
    binding = min(group, key=lambda row: row.chance.value.value if row.chance else 1.0)
    chance = _chance(projection, [row.target for row in group], varied)
    return Joint(tuple(row.target.name for row in group), chance, binding.target.name)
