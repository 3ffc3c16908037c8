"""One series as a study of one indicator, projected by the engine: whatever the motion, the gaps and the beliefs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...beliefs import Flat
from ...engine.law import Law
from ...errors import KjprojError
from ...projection import Projection, project
from ...rows import Unknown
from ...scales import Scale
from ...study import Indicator, Study
from ...units import unit
from .laws import LevelLaw

Floats = NDArray[np.float64]
_LAST_YEAR, _FIRST_YEAR, _FINAL_YEAR = 2000, 1800, 2300
_DIGITS = 17
_PATHS_AT_ONCE = 4096


class Studied:
    """A study of one indicator: a step of the series is a year, and its last figure is of the year 2000."""

    def __init__(self, assumptions: Any, scale: Scale, times: NDArray[np.int64], levels: Floats) -> None:
        self.assumptions, self.scale = assumptions, scale
        self.years, self.levels = times - times[-1] + _LAST_YEAR, levels

    @cached_property
    def indicator(self) -> Indicator:
        """The series as an indicator."""
        own = self.assumptions
        name = own.unit or "index"
        stated = {"drift": own.drift, "volatility": own.volatility}
        return Indicator(
            name="series",
            unit=name,
            measure="ratio" if unit(name).quantity == "share" else "flow",
            scale=self.scale,
            reference_class=own.reference_class,
            region=own.region,
            motion=own.brownian if own.brownian is not None and own.cls is None else own.motion,
            beliefs={key: value for key, value in stated.items() if value is not None} if own.cls is not None else None,
        )

    @cached_property
    def study(self) -> Study:
        """The study, its figures exact."""
        if self.years[0] < _FIRST_YEAR:
            raise KjprojError(f"{_LAST_YEAR - self.years[0] + 1} steps of figures; such beliefs can be computed over {_LAST_YEAR - _FIRST_YEAR + 1}")
        shown = [np.format_float_positional(x, _DIGITS, fractional=False, trim="-")[:24] for x in self.levels]
        evidence = [
            {"kind": "level", "indicator": "series", "year": int(year), "value": text, "error": "0"}
            for year, text in zip(self.years, shown, strict=True)
        ]
        return Study.from_dict({"as_of": f"{_LAST_YEAR}-12-31", "indicators": [self.indicator], "evidence": evidence})

    @cached_property
    def projection(self) -> Projection:
        """The study, conditioned on its figures."""
        return project(self.study)

    def law(self, steps: int) -> LevelLaw:
        """Return the law of the level so many steps after the last figure."""
        found = self._law([steps])
        kept = found.weights > 0.0
        return LevelLaw(self.scale, found.weights[kept], found.mean[kept, 0], found.sd[kept, 0], self._tail)

    def paths(self, rng: np.random.Generator, n: int, steps: int) -> Floats:
        """Return n joint draws (n, steps) of the levels that follow the last figure."""
        law = self._law(range(1, steps + 1)).narrow()
        picks = np.sort(rng.choice(len(law.weights), n, p=law.weights))
        places = np.concatenate(
            [
                law.mean[k] + (law.factor[k] @ rng.standard_normal((len(k), law.factor.shape[2], 1)))[:, :, 0]
                for k in np.split(picks, range(_PATHS_AT_ONCE, n, _PATHS_AT_ONCE))
            ]
        )
        return np.asarray(self.scale.to_level(rng.permutation(places)))

    def _law(self, steps: Any) -> Law:
        last = _LAST_YEAR + max(steps)
        if last > _FINAL_YEAR:
            raise KjprojError(f"{max(steps)} steps ahead; expected at most {_FINAL_YEAR - _LAST_YEAR}")
        return self.projection.law([((Unknown("series", _LAST_YEAR + int(h)), 1.0),) for h in steps])

    @property
    def _tail(self) -> float:
        """As many as there are changes, less one where the drift is flat, under a flat volatility; infinite else."""
        parameters = self.projection.assumed["series"].motion.parameters().values()
        flat = [p for p in parameters if isinstance(p.belief, Flat)]
        changes = len(self.levels) - 1
        return float(changes - any(p.linear for p in flat)) if any(p.positive for p in flat) else np.inf
