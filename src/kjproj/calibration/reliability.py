"""How forecasts under a study's classes did where the outcome is known: the shipped record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import KjprojError
from ..numbers import per_cent_range
from ..projection import Projection
from ..study import Study
from ..tables import Shown, Table
from ..text import Language

_FILE = Path(__file__).parent.parent / "data" / "calibration.json"


@dataclass(frozen=True)
class Reliability(Shown):
    """The part of the record that concerns some classes.

    Attributes:
        classes: by class: cases, covered_80, covered_95 (with "…_se"), crps, and brier_skill, for "series" (regions that
            the fit did not see) and "years" (later years).
        without: classes without a record.
    """

    classes: dict[str, dict[str, Any]]
    without: tuple[str, ...] = ()

    def describe(self, lang: Language = "en") -> str:
        """Say it in one line."""
        if not self.classes:
            return "所用同类经验没有检验记录" if lang == "zh" else "no record for the classes in use"
        cells = [v["series"] for v in self.classes.values()]
        count = sum(c["cases"] for c in cells)
        low, high = (f(c["covered_80"] for c in cells) for f in (min, max))
        span = per_cent_range(low, high, lang)
        if lang == "zh":
            return f"历史检验：在未参与拟合的地区的{count}次预测中，80%区间实际覆盖{span}"
        return f"on {count:,} forecasts for regions that the fit did not see, the 80 % range held {span} of what came"

    def to_text(self, lang: Language = "en") -> str:
        """Say it in one line."""
        return self.describe(lang)

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return one row a class and a way of leaving out what is scored."""
        if not self.classes:
            return (Table(notes=(self.describe(lang),)),)
        left_out = {"zh": {"series": "其他地区", "years": "其后年份"}, "en": {"series": "other regions", "years": "later years"}}[lang]
        head = {
            "zh": ("同类经验", "检验对象", "预测次数", "80%区间覆盖", "95%区间覆盖", "Brier技能分"),
            "en": ("class", "scored on", "forecasts", "in 80 %", "in 95 %", "Brier skill"),
        }[lang]
        rows = []
        for name, by_split in self.classes.items():
            for split, cell in by_split.items():
                held = (f"{cell['covered_80']:.3f}", f"{cell['covered_95']:.3f}", f"{cell['brier_skill']:.3f}")
                rows.append((name, left_out.get(split, split), f"{cell['cases']:,}", *held))
        without = ("、" if lang == "zh" else ", ").join(self.without)
        notes = [f"没有检验记录：{without}" if lang == "zh" else f"no record: {without}"] if self.without else []
        return (Table(head, tuple(rows), notes=(*notes, self.describe(lang))),)


@cache
def record() -> dict[str, Any]:
    """Return the shipped record of calibration, as `scripts/record_calibration.py` wrote it."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def reliability(of: Study | Projection | str | Iterable[str]) -> Reliability:
    """Return how forecasts did under the classes of a study or projection, or under classes by name.

    Raises `KjprojError` for what is none of these.

    >>> import kjproj as kj
    >>> sorted(kj.reliability("rd_spending").classes)
    ['rd_spending']
    """
    if isinstance(of, Projection):
        names = [a.reference_class for a in of.assumed.values() if a.reference_class]
    elif isinstance(of, Study):
        names = [i.reference_class for i in of.indicators if i.reference_class and i.motion is None]
    elif isinstance(of, str):
        names = [of]
    else:
        names = list(of)
    if not all(isinstance(name, str) for name in names):
        raise KjprojError("reliability takes a study, a projection, or names of classes")
    known = record()["classes"]
    unique = dict.fromkeys(names)
    return Reliability({n: known[n] for n in unique if n in known}, tuple(n for n in unique if n not in known))
