"""`Projections`: many regions after their figures, and the answers about them in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError, MissingExtraError, unknown
from ..numbers import digits, per_cent
from ..projection import Projection, project
from ..study import Study
from ..tables import Shown, Table
from ..text import Language
from .chances import METHODS, Chances, chances
from .given import Floats, Ints
from .inputs import Inputs
from .reasons import ANSWERED, REFUSED, said

if TYPE_CHECKING:
    import pandas as pd

    from .first_years import FirstYears
    from .quantiles import LevelQuantiles
    from .together import Together

SHOWN = 20


@dataclass(frozen=True, eq=False, repr=False)
class Projections(Shown):
    """Many regions projected at once: a target a row, in the order in which they were given.

    ``many["岳阳市"]`` is the `Projection` of one region, for every other answer. Each model is that of `kjproj.project`.
    """

    inputs: Inputs

    def __repr__(self) -> str:
        answered = int((self._chances.code == ANSWERED).sum())
        return f"Projections({len(self.inputs.regions)} regions, {len(self)} targets, {answered} answered)"

    def __len__(self) -> int:
        return len(self.inputs.goals.year)

    def __iter__(self) -> Iterator[str]:
        return iter(self.inputs.regions)

    def __contains__(self, region: object) -> bool:
        return region in self._numbers

    def __getitem__(self, region: str) -> Projection:
        """Return the projection of one region; raises `KjprojError` for an unknown one."""
        return project(self.study(region))

    def study(self, region: str) -> Study:
        """Return the study of one region; raises `KjprojError` for an unknown one."""
        name = str(region)  # a column of codes has become text
        if name not in self._numbers:
            raise KjprojError(unknown("region", name, self.regions))
        return self.inputs.study(self._numbers[name])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.inputs.regions)}

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of the regions."""
        return self.inputs.regions

    @cached_property
    def region(self) -> NDArray[np.object_]:
        """The region of each target, (T,)."""
        return np.array(self.inputs.regions, object)[self.inputs.goals.region]

    @cached_property
    def indicator(self) -> NDArray[np.object_]:
        """The indicator of each target, (T,)."""
        return np.array([i.name for i in self.inputs.indicators], object)[self.inputs.goals.indicator]

    @property
    def year(self) -> Ints:
        """The year of each target, (T,)."""
        return self.inputs.goals.year

    @property
    def probability(self) -> Floats:
        """How likely each target is, (T,); NaN where there is no answer, for which see `reasons`."""
        return self._chances.value

    @property
    def stderr(self) -> Floats:
        """The error of the computation, (T,)."""
        return self._chances.stderr

    @cached_property
    def methods(self) -> NDArray[np.object_]:
        """How each was computed, (T,): "observed", "closed form" (all of a shape at once), "alone" (by `kjproj.project`), or ""."""
        return np.array(METHODS, object)[self._chances.method]

    @cached_property
    def reasons(self) -> NDArray[np.object_]:
        """Why there is no answer, (T,); "" where there is one."""
        return reasons_of(self._chances.code, self._chances.words, "en")

    @cached_property
    def _chances(self) -> Chances:
        return chances(self.inputs)

    def together(self) -> Together:
        """Return how likely each region meets all of its targets."""
        from .together import together

        return together(self.inputs, lambda: self._chances)

    def first_years(self, *, until: int | None = None) -> FirstYears:
        """Return how likely each target's figure is first reached in each year, by yearly checks.

        `until` is the last year that is checked; the last target's year without it. Raises `KjprojError` where no year is left.
        """
        from .first_years import first_years

        return first_years(self.inputs, self._chances, until)

    def quantiles(self, *, q: Sequence[float] = (0.05, 0.5, 0.95), last_year: int | None = None) -> LevelQuantiles:
        """Return quantiles of each series' level by year, from the first open year to `last_year` (the last target's)."""
        from .quantiles import quantiles

        return quantiles(self.inputs, q, last_year)

    def to_dict(self) -> dict[str, Any]:
        """Return columns, one row a target."""
        goals = self.inputs.goals
        return {
            "region": self.region,
            "indicator": self.indicator,
            "year": self.year,
            "bound": np.where(goals.upwards, "at_least", "at_most").astype(object),
            "figure": goals.figure,
            "probability": self.probability,
            "stderr": self.stderr,
            "method": self.methods,
            "reason": self.reasons,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a target as a pandas frame (extra `pandas`)."""
        return framed(self.to_dict())

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the first targets with their chances, and how many have none, by reason."""
        head = {"zh": ("地区", "指标", "年份", "目标", "概率"), "en": ("region", "indicator", "year", "target", "chance")}[lang]
        goals, why = self.inputs.goals, reasons_of(self._chances.code, {}, lang)
        rows = []
        for i in range(min(len(self), SHOWN)):
            figure = float(goals.figure[i])
            goal = "—" if np.isnan(figure) else f"{'≥' if goals.upwards[i] else '≤'}{digits(figure)}"
            chance = per_cent(float(self.probability[i]), lang) if not why[i] else "—"
            rows.append((self.region[i], self.indicator[i], str(self.year[i]), goal, chance))
        return (Table(head, tuple(rows), "", (*left_out(len(self), lang), *counted(why, lang))),)


def reasons_of(codes: NDArray[np.int8], words: dict[int, str], lang: Language) -> NDArray[np.object_]:
    """Return reasons in words, with what was said where a region was refused when projected alone."""
    known = np.array([said(code, lang) for code in range(int(codes.max(initial=0)) + 1)], object)
    found = known[codes]
    for i, text in words.items():
        if codes[i] == REFUSED:
            found[i] = f"{found[i]}: {text}"
    return np.asarray(found)


def left_out(count: int, lang: Language) -> tuple[str, ...]:
    """Say that a table goes on."""
    if count <= SHOWN:
        return ()
    return ({"zh": f"共{count}行，此处列出前{SHOWN}行。", "en": f"{count} rows, the first {SHOWN} are shown"}[lang],)


def counted(reasons: NDArray[np.object_], lang: Language) -> tuple[str, ...]:
    """Say how many have no answer, by reason."""
    names, counts = np.unique(reasons[reasons != ""].astype(str), return_counts=True)
    lines = {"zh": "{n}项无法回答：{why}", "en": "{n} not answered: {why}"}[lang]
    return tuple(lines.format(n=n, why=why) for why, n in zip(names.tolist(), counts.tolist(), strict=True))


def framed(columns: dict[str, Any]) -> pd.DataFrame:
    """Return columns as a pandas frame."""
    try:
        import pandas as pd
    except ModuleNotFoundError:
        raise MissingExtraError("pandas", "pandas") from None
    return pd.DataFrame(columns)


