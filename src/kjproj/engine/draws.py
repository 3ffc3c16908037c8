"""Another tool's draws: checked, and put on the indicators' scales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from ..study import Study
from .unknowns import roots

Floats = NDArray[np.float64]
_EXPECTED = "expected arrays by indicator and year, such as {'gdp': {2024: array, 2025: array}}"


def checked_draws(study: Study, paths: Mapping[str, Mapping[int, Any]]) -> dict[str, dict[int, Floats]]:
    """Return draws by indicator and year on their scales; raises `KjprojError` for what does not fit, or unequal lengths."""
    if not isinstance(paths, Mapping):
        raise KjprojError(f"paths are {type(paths).__name__}; {_EXPECTED}")
    draws = {name: _checked(study, name, by_year) for name, by_year in paths.items()}
    sizes = {len(values) for by_year in draws.values() for values in by_year.values()}
    if len(sizes) > 1:
        raise KjprojError(f"paths have {' and '.join(map(str, sorted(sizes)))} draws; expected equal lengths")
    return draws


def _checked(study: Study, name: str, by_year: Mapping[int, Any]) -> dict[int, Floats]:
    """Return draws on the indicator's scale; the message of an error says which year is wrong."""
    indicator = study.indicator(name)
    if name in study.derived:
        raise KjprojError(f"paths: {name} is derived by an identity; give paths for one of its members")
    if not isinstance(by_year, Mapping) or not by_year:
        raise KjprojError(f"paths of {name} are {'empty' if isinstance(by_year, Mapping) else 'no mapping'}; {_EXPECTED}")
    wrong = [year for year in by_year if not isinstance(year, int | np.integer) or not 1800 <= year <= 2300]
    if wrong:
        raise KjprojError(f"paths of {name} have the year {wrong[0]!r}; expected a calendar year such as 2024")
    years = sorted(map(int, by_year))
    if years != list(range(years[0], years[-1] + 1)):
        raise KjprojError(f"paths of {name} have the years {', '.join(map(str, years))}; expected every year in between")
    stated = [e.year for e in study.evidence if name in roots(study, e.indicator) and e.year >= years[0]]
    if stated:
        raise KjprojError(
            f"paths of {name} begin in {years[0]}, but figures speak of {name} in {max(stated)}; "
            "begin the paths after the last figure"
        )
    low, high = indicator.scale.bounds
    found = {}
    for year in years:
        try:
            values = np.asarray(by_year[year], dtype=float)
        except (TypeError, ValueError):
            raise KjprojError(f"paths of {name} in {year} are not numbers; expected one number a draw") from None
        if values.ndim != 1 or not len(values):
            raise KjprojError(f"paths of {name} in {year} have shape {values.shape}; expected one value a draw")
        outside = values[~(np.isfinite(values) & (values > low) & (values < high))]
        if len(outside):
            raise KjprojError(
                f"paths of {name} in {year} hold {outside[0]:g}; expected finite values on the scale from {low:g} to {high:g}, "
                f"in {indicator.unit}"
            )
        found[year] = np.asarray(indicator.scale.to_scale(values), float)
    return found
