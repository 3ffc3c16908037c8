"""When is a target reached, by yearly checks?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..errors import KjprojError, NoBasisError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import per_cent
from ..progress import OnProgress, Progress
from ..projection import Projection
from ..tables import Shown, Table
from ..targets import BaseTarget, Bounded, Target
from ..text import Language, Text
from .asked import first_checked, in_year
from .by_year import reached_by_year
from .phrases import aimed
from .probability import probability
from .questions import calendar_year, required

_YEARS_BEYOND = 5


@dataclass(frozen=True, repr=False)
class When(Shown):
    """The year in which a target's bound is first met, checked at year ends from the first open year on.

    Attributes:
        years: the years that were checked.
        reached: by year, the probability that the bound was met in that year or before.
        already: by year, the probability that it was met in a year that is past but not published, where above ½.
        of: the target in words.
    """

    years: tuple[int, ...]
    reached: Mapping[int, Estimate]
    already: Mapping[int, Estimate]
    of: Text | None = None

    def __repr__(self) -> str:
        by = ", ".join(f"by {year}: {self.reached[year].value:.2f}" for year in self.years)
        name = "" if self.of is None else f"{self.of('en')}; "
        return f"When({name}median {self.median}; {by})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the chance by the end of each year, and below it the median and the chance that it is later."""
        chances = {**self.already, **self.reached}
        rows = tuple((str(year), per_cent(chances[year].value, lang)) for year in sorted(chances))
        last, never, title = self.years[-1], per_cent(self.never.value, lang), "" if self.of is None else self.of(lang)
        if lang == "zh":
            half = f"首次达到的年份中位数为{self.median}年" if self.median else f"首次达到的年份中位数在{last}年之后"
            note = f"{half}；到{last}年仍未达到的概率为{never}。"
            return (Table(("年份", "该年底前达到的概率"), rows, title, (note,)),)
        half = f"median: {self.median}" if self.median else f"median: after {last}"
        return (Table(("year", "reached by its end"), rows, title, (f"{half}; not by {last}: {never}",)),)

    def by(self, year: int) -> Estimate:
        """Return the probability that the bound is met in `year` or an earlier open year."""
        if year < self.years[0]:
            return Estimate(0.0, 0.0, "closed form")
        if year > self.years[-1]:
            raise KjprojError(f"checked until {self.years[-1]}; ask kj.when(…, until={year})")
        return self.reached[year]

    @property
    def median(self) -> int | None:
        """The first year by which the bound is met with probability one half; None if that lies later."""
        return next((year for year in self.years if self.reached[year].value >= 0.5), None)

    @property
    def never(self) -> Estimate:
        """The probability that the bound is not met in any year that was checked."""
        last = self.reached[self.years[-1]]
        return Estimate(1.0 - last.value, last.stderr, last.method)


def when(
    projection: Projection, target: str | BaseTarget, *, until: int | None = None, on_progress: OnProgress | None = None
) -> When:
    """Return when a target's bound is first met, whatever the target's own year.

    Args:
        projection: from `kjproj.project`.
        target: a one-sided target.
        until: the last year that is checked; five years after the target's unless given, or where another tool's
            forecast ends.
        on_progress: told (done, total, chance by the last year done) in years, at most every tenth of a second and at the
            end; where they are not all computed at once, later years take longer.

    Raises:
        NoBasisError: where the study does not say where the indicator stands, or how it moves.
        NotAnswerableError: for a target between two bounds.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = kj.when(projection, "rd_spending_2025")
    >>> found.median, round(found.by(2025).value, 2) > 0.5
    (2025, True)
    """
    asked = projection.study.target(target)
    if isinstance(asked, Bounded) and asked.between is not None:
        raise NotAnswerableError(f"{asked.name} lies between two bounds; kj.when takes one-sided targets")
    first = first_checked(projection, asked)
    last = max(projection.reach(asked.indicators, asked.year + _YEARS_BEYOND), first) if until is None else calendar_year(until, "until")
    if last < first:
        raise KjprojError(f"until is {last}; expected {first} or later, the first year after as_of (and after the base year)")
    years = tuple(range(first, last + 1))
    _prepare(projection, asked, years[-1])
    work, reached, before = Progress(on_progress, len(years)), {}, Estimate(0.0, 0.0, "observed")
    for count, now in enumerate(_met_by(projection, asked, years), 1):
        before = now if now.value >= before.value else Estimate(before.value, now.stderr, now.method)
        reached[years[count - 1]] = before
        work(count, lambda found=before: found)  # type: ignore[misc]
    return When(years, reached, _already(projection, asked, first), aimed(projection.study, asked))


def _prepare(projection: Projection, target: BaseTarget, last_year: int) -> None:
    for name in target.indicators:
        if not projection.study.counts_events(name):
            for block in projection.blocks_of(name):
                block.prepare(last_year)


def _met_by(projection: Projection, target: BaseTarget, years: tuple[int, ...]) -> Iterator[Estimate]:
    """Yield by year how likely the bound is met in it or before; what only grows is met in the last one."""
    in_years = [in_year(target, year) for year in years]
    if projection.study.counts_events(target.indicator) and not isinstance(target, Target):
        yield from (probability(projection, one) for one in in_years)
        return
    found = reached_by_year(projection, [required(projection.study, one) for one in in_years])
    if found is None:
        yield from (probability(projection, any_of=in_years[:count]) for count in range(1, len(years) + 1))
    else:
        yield from found


def _already(projection: Projection, target: BaseTarget, first_open: int) -> dict[int, Estimate]:
    study = projection.study
    if not isinstance(target, Target) or study.counts_events(target.indicator):
        return {}
    stated = study.implied.get(target.indicator, {})
    found = {}
    for year in range(max(stated, default=first_open) + 1, first_open):
        try:
            chance = probability(projection, in_year(target, year))
        except NoBasisError:  # a forecast of another tool begins later
            continue
        if chance.value > 0.5:
            found[year] = chance
    return found
