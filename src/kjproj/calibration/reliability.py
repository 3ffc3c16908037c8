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
from ..text import Language

_FILE = Path(__file__).parent.parent / "data" / "calibration.json"


@dataclass(frozen=True)
class Reliability:
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

    def __str__(self) -> str:
        return self.describe("en")


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
