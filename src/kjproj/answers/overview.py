"""Everything that the summary shows, as numbers: a row a target, joint chances, scenarios, assumptions, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import NoBasisError, NotAnswerableError
from ..progress import OnProgress, Progress
from ..projection import Projection
from ..study import Study
from ..targets import BaseTarget, Bounded, Target
from ..text import Text
from ..units import unit
from .bounds import Bounds, bounds, ranged
from .coherence import coherence
from .findings import Findings
from .levels import measured_quantiles
from .own_data import own_data
from .phrases import label
from .probability import probability
from .questions import observed
from .required import RequiredGrowth, YearlyPath, last_figure, meets, required_growth, yearly_path
from .variations import Variation, variations

_BEYOND = 1e-3
_EIGHTY = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Pace:
    """Pace of the plan (时序进度): the share of the way that is done less the share of the years that is over."""

    lead: float
    base: float
    year: int


@dataclass(frozen=True)
class Row:
    """One target. `status` is "open", "observed" or "no_basis"; what does not apply is None.

    `path` are yearly reference values: those of an open target that the last figure does not meet by now.
    """

    target: BaseTarget
    status: str
    latest: tuple[int, float, bool] | None
    need: RequiredGrowth | None
    pace: Pace | None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    chance: Bounds | None = None
    own_data: float | None = None
    advice: str | None = None
    path: YearlyPath | None = None


@dataclass(frozen=True)
class Joint:
    """The chance that several targets are all met, and the one that is least likely alone.

    `pair` marks those of one year that an identity connects: "300 and 4.6 % of GDP".
    """

    targets: tuple[str, ...]
    chance: Bounds
    binding: str
    pair: bool


@dataclass(frozen=True)
class Overview:
    """What the summary shows."""

    projection: Projection
    rows: tuple[Row, ...]
    joints: tuple[Joint, ...]
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


def overview(projection: Projection, on_progress: OnProgress | None = None) -> Overview:
    """Answer every target of a study; `on_progress` is told (done, total, None) in targets, their joint chances one more."""
    varied, questions = variations(projection), projection.study.questions
    work, rows = Progress(on_progress, len(questions) + 1), []
    for done, target in enumerate(questions, 1):
        rows.append(_row(projection, target, varied))
        work(done)
    joints = _joints(projection, rows, varied)
    work(len(questions) + 1)
    branches = {name: w for block in projection.blocks for name, w in block.branch_weights().items()}
    warnings = tuple(warning for row in rows for warning in _warned(projection, row))
    return Overview(projection, tuple(rows), joints, varied, branches, coherence(projection), warnings)


def beyond_whole(projection: Projection, row: Row) -> float | None:
    """Return the chance that a share on a scale without an upper bound passes 100 %; None where it cannot."""
    study, name = projection.study, row.target.indicator
    if row.status != "open" or study.counts_events(name) or study.scale(name).bounds[1] < np.inf:
        return None
    if unit(study.unit(name)).quantity != "share":
        return None
    whole = Target(name="whole", indicator=name, year=row.target.year, at_least="100", unit="%")
    return probability(projection, whole).value


def _warned(projection: Projection, row: Row) -> Iterator[Text]:
    """Warn where that chance is above a thousandth."""
    chance = beyond_whole(projection, row)
    if chance is not None and chance > _BEYOND:
        words = label(projection.study, row.target.indicator)
        yield Text(
            zh=f"{words('zh')}在{row.target.year}年超过100%的概率为{100 * chance:.1f}%：如不可能超过，请改用logit尺度。",
            en=f"{words('en')} passes 100 % in {row.target.year} with a chance of {100 * chance:.1f} %: where it cannot, "
            "use the scale logit.",
        )


def _row(projection: Projection, target: BaseTarget, varied: Sequence[Variation]) -> Row:
    study = projection.study
    latest = last_figure(study, target.indicator, target.year + 1)
    need, pace = _need(study, target, latest), _pace(study, target, latest)
    if observed(projection, target) is not None:
        return Row(target, "observed", latest, need, pace, chance=Bounds(probability(projection, target), {}))
    try:
        chance = bounds(projection, target, over=varied)
        low, middle, high = measured_quantiles(projection, target, _EIGHTY) or (None, None, None)
    except (NoBasisError, NotAnswerableError) as error:
        return Row(target, "no_basis", latest, need, pace, advice=str(error))
    own = None if study.counts_events(target.indicator) else own_data(projection, target.indicator, target.year)
    path = None if need is None or meets(study, target, need) else yearly_path(study, target)
    return Row(target, "open", latest, need, pace, middle, low, high, chance, own, path=path)


def _need(study: Study, target: BaseTarget, latest: tuple[int, float, bool] | None) -> RequiredGrowth | None:
    if latest is None or latest[0] >= target.year or target.goal_level(study) is None:
        return None
    return required_growth(study, target)


def _pace(study: Study, target: BaseTarget, latest: tuple[int, float, bool] | None) -> Pace | None:
    """Return the pace of the plan at the last figure; None without a plan, a figure or the base year's level."""
    if study.plan is None or latest is None or target.year != study.plan.last_year:
        return None
    base_year, last_year = study.plan.base_year, study.plan.last_year
    base, goal = study.implied.get(target.indicator, {}).get(base_year), target.goal_level(study)
    between = isinstance(target, Bounded) and target.between is not None
    if base is None or goal is None or latest[0] <= base_year or between:
        return None
    if goal <= base if target.upwards else goal >= base:  # there was no way to go
        return None
    done = (latest[1] - base) / (goal - base)
    return Pace(done - (latest[0] - base_year) / (last_year - base_year), base, latest[0])


def _joints(projection: Projection, rows: Sequence[Row], varied: Sequence[Variation]) -> tuple[Joint, ...]:
    """Open targets of one year that an identity connects, and all those of the last year where there are more.

    Of a target that is answered for several base years none is among "all": they are one target.
    """
    answered = [row for row in rows if row.status == "open"]
    last = max((row.target.year for row in answered), default=0)
    pairs = [group for group in _connected(projection.study, answered) if len(group) > 1]
    whole = [row for row in answered if row.target.year == last and "@" not in row.target.name]
    groups = [(group, True) for group in pairs]
    if len(whole) > 1 and not any(set(map(id, group)) == set(map(id, whole)) for group in pairs):
        groups.append((whole, False))
    return tuple(_joint(projection, group, varied, pair=pair) for group, pair in groups)


def _connected(study: Study, rows: Sequence[Row]) -> Iterator[list[Row]]:
    for identity in study.identities:
        members = {identity.result, *identity.members}
        for year in dict.fromkeys(row.target.year for row in rows):
            yield [r for r in rows if r.target.year == year and r.target.kind == "level" and r.target.indicator in members]


def _joint(projection: Projection, rows: Sequence[Row], varied: Sequence[Variation], *, pair: bool) -> Joint:
    binding = min(rows, key=lambda row: row.chance.value.value if row.chance else 1.0)
    chance = ranged(projection, [row.target for row in rows], varied)
    return Joint(tuple(row.target.name for row in rows), chance, binding.target.name, pair)
