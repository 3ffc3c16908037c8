"""Reading figures and targets from frames: pandas, polars, pyarrow, or a mapping of columns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from ..figures import half_unit, number
from .given import Figures, Floats, Goals, Ints, distinct

Texts = NDArray[np.object_]
_MOST_YEARS = 50
_YEARS = 1800, 2300
_NO_NAME = frozenset({"", "None", "nan", "<NA>", "NaT"})
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


@dataclass(frozen=True)
class Columns:
    """A frame, and the names of its columns of regions and indicators."""

    frame: Any
    region: str
    indicator: str | None

    def has(self, name: object) -> bool:
        """Tell whether there is a column."""
        return name in names_of(self.frame)

    def column(self, name: object) -> NDArray[Any]:
        """Return a column as an array."""
        for known in (name, str(name)):
            if self.has(known):
                found, rows = _array(self.frame[known]), len(self.frame[self.region]) if self.has(self.region) else None
                if rows is not None and len(found) != rows:
                    raise KjprojError(f"column {name!r} has {len(found)} rows, {self.region!r} has {rows}; expected one value a row")
                return found
        said = ", ".join(map(str, names_of(self.frame))) or "none"
        raise KjprojError(f"the frame has no column {name!r}; it has {said}")

    def regions(self, known: Sequence[str] = ()) -> Index:
        """Return the region of each row, numbered after those that are known."""
        found = Index.of(self.column(self.region).tolist(), known)
        if not len(found.rows):
            raise KjprojError("the frame has no rows; give one a region, or one a region and year")
        if not _NO_NAME.isdisjoint(found.names) or any(map(str.isspace, found.names)):
            nameless = [i for i, name in enumerate(found.names) if name.isspace() or name in _NO_NAME]
            row = int(np.flatnonzero(np.isin(found.rows, nameless))[0]) + 1
            raise KjprojError(f"row {row} names no region; fill the column {self.region!r}, or take the row out")
        return found

    def indicators(self, default: str, rows: int, known: Sequence[str] = ()) -> Index:
        """Return the indicator of each row, numbered after those that are known."""
        if self.indicator is None:
            return Index((default,), np.zeros(rows, np.int64))
        return Index.of(self.column(self.indicator).tolist(), known)


def collected(frame: Any) -> Any:
    """Return a frame whose values are there: a lazy one is collected."""
    collect = None if isinstance(frame, Mapping) else getattr(frame, "collect", None)
    return collect() if type(frame).__name__ == "LazyFrame" and callable(collect) else frame


def names_of(frame: Any) -> Sequence[object]:
    """Return the names of a frame's columns."""
    if isinstance(frame, Mapping):
        return list(frame)
    names = getattr(frame, "column_names", None) or getattr(frame, "columns", None)
    if names is None:
        raise KjprojError(f"the frame is {type(frame).__name__}; expected a pandas, polars or pyarrow frame, or a mapping of columns")
    return list(names)


def _array(column: Any) -> NDArray[Any]:
    found = np.asarray(column)
    if found.ndim != 1:
        raise KjprojError(f"a column has {found.ndim} dimensions; expected one value a row")
    return found


def numbers(values: NDArray[Any], name: object, regions: Index) -> Floats:
    """Return a column of numbers, or of texts of them, a row of `regions` each; NaN where one is missing."""
    if values.dtype.kind in "iuf":
        return values.astype(float)
    return np.array([_number(value, name, row, regions) for row, value in enumerate(values.tolist())], float)


def _number(value: object, name: object, row: int, regions: Index) -> float:
    if value is None or value != value or str(value).strip() in ("", "<NA>", "NaT"):  # noqa: PLR0124 - NaN is not itself
        return np.nan
    try:
        if isinstance(value, bool) or (isinstance(value, str) and "," in value and not _GROUPED.fullmatch(value.strip())):
            raise ValueError
        return number(value) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        where = f"row {row + 1}, region {regions.names[regions.rows[row]]!r}"
        raise KjprojError(f"column {name!r} holds {value!r} in {where}; expected numbers such as 98.06 or 1,169, or nothing") from None


def _half_widths(values: NDArray[Any], levels: Floats, error: float | None) -> Floats:
    """By how much figures may be wrong: as stated, or half a unit of the last digit of texts, or not at all."""
    if error is not None:
        return np.full(len(levels), error)
    if values.dtype.kind in "iuf":
        return np.zeros(len(levels))
    return np.array([half_unit(v.strip()) if isinstance(v, str) and v.strip() else 0.0 for v in values.tolist()])


def year_of(value: object) -> int:
    """Return a calendar year."""
    try:
        year = int(str(value))
    except ValueError:
        year = 0
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise KjprojError(f"the year is {value!r}; expected a calendar year such as 2022")
    return year


@dataclass(frozen=True)
class Index:
    """Names in order of appearance, and the number of each row's name."""

    names: tuple[str, ...]
    rows: Ints

    @classmethod
    def of(cls, values: Sequence[Any], known: Sequence[str] = ()) -> Index:
        """Number the names that values are, or are written as, those that are known first."""
        try:
            found = cls._of(values, known)
        except TypeError:  # a value that has no hash
            found = None
        if found is None or set(map(type, found.names)) - {str}:
            return cls._of(list(map(str, values)), known)
        return found

    @classmethod
    def _of(cls, values: Sequence[Any], known: Sequence[str]) -> Index:
        numbers: dict[Any, int] = defaultdict(count().__next__)
        for name in known:
            numbers[name]
        rows = np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))
        return cls(tuple(numbers), rows)


def wide(columns: Columns, regions: Index, indicators: Index, levels: Sequence[Any] | Mapping[int, str], error: float | None) -> Figures:
    """Return the figures of a frame with one row a region (and indicator) and one column a year."""
    if isinstance(levels, str) or not isinstance(levels, Iterable):
        raise KjprojError(f"levels is {levels!r}; expected a list of years, such as [2021, 2022], or names of columns by year")
    pairs = list(levels.items()) if isinstance(levels, Mapping) else [(name, name) for name in levels]
    named = {year_of(year): name for year, name in pairs}
    if len(named) < len(pairs):
        year, _ = Counter(year_of(year) for year, _ in pairs).most_common(1)[0]
        raise KjprojError(f"levels has the year {year} twice; give each year once")
    years = tuple(sorted(named))
    if not 1 <= len(years) <= _MOST_YEARS:
        raise KjprojError(f"levels has {len(years)} years; expected 1 to {_MOST_YEARS}")
    twice = _twice(regions.rows * len(indicators.names) + indicators.rows)
    if twice is not None:
        raise KjprojError(f"region {regions.names[regions.rows[twice]]!r} has two rows; give one a region and indicator")
    raw = [columns.column(named[year]) for year in years]
    values = [numbers(column, named[year], regions) for column, year in zip(raw, years, strict=True)]
    found = np.stack(values, axis=1)
    widths = np.stack([_half_widths(c, v, error) for c, v in zip(raw, values, strict=True)], axis=1) if _rounded(raw, error) else None
    texts = np.stack([c.astype(object) for c in raw], axis=1) if any(c.dtype.kind not in "iuf" for c in raw) else None
    return Figures(regions.rows, indicators.rows, years, found, widths, texts)


def _rounded(raw: Sequence[NDArray[Any]], error: float | None) -> bool:
    return bool(error) or (error is None and any(column.dtype.kind not in "iuf" for column in raw))


def long(columns: Columns, regions: Index, indicators: Index, year: str, value: str, error: float | None) -> Figures:
    """Return the figures of a frame with one row a region, indicator and year; rows without a value are left out."""
    raw = columns.column(value)
    levels, when = numbers(raw, value, regions), numbers(columns.column(year), year, regions)
    if not (np.isfinite(when) & (when == np.floor(when))).all() or when.min() < _YEARS[0] or when.max() > _YEARS[1]:
        raise KjprojError(f"column {year!r} holds something else than calendar years such as 2022")
    years = np.unique(when[~np.isnan(levels)]).astype(np.int64)
    if not 1 <= len(years) <= _MOST_YEARS:
        raise KjprojError(f"column {value!r} has figures of {len(years)} years; expected 1 to {_MOST_YEARS}")
    keys, series = np.unique(regions.rows * len(indicators.names) + indicators.rows, return_inverse=True)
    kept = np.flatnonzero(~np.isnan(levels))
    at = series[kept], np.searchsorted(years, when[kept])
    twice = _twice(at[0] * len(years) + at[1])
    if twice is not None:
        row = kept[twice]
        raise KjprojError(f"region {regions.names[regions.rows[row]]!r} has the year {int(when[row])} twice; give one value a year")
    shape = len(keys), len(years)
    found = np.full(shape, np.nan)
    found[at] = levels[kept]
    widths = texts = None
    if _rounded([raw], error):
        widths = np.zeros(shape)
        widths[at] = _half_widths(raw, levels, error)[kept]
    if raw.dtype.kind not in "iuf":
        texts = np.full(shape, None, object)
        texts[at] = raw.astype(object)[kept]
    return Figures(keys // len(indicators.names), keys % len(indicators.names), tuple(years.tolist()), found, widths, texts)


def _twice(keys: Ints) -> int | None:
    """The position of a key that stood before; None where none did."""
    if len(distinct(keys)) == len(keys):
        return None
    _, first = np.unique(keys, return_index=True)
    return int(np.setdiff1d(np.arange(len(keys)), first)[0])


def goals(
    columns: Columns, regions: Index, indicators: Index, figures: Figures, at_least: str | None, at_most: str | None, year: int | str
) -> Goals:
    """Return the targets of a frame, one a row, in its order."""
    rows = len(regions.rows)
    up, down = (np.full(rows, np.nan) if name is None else numbers(columns.column(name), name, regions) for name in (at_least, at_most))
    both = np.flatnonzero(~np.isnan(up) & ~np.isnan(down))
    if len(both):
        raise KjprojError(f"region {regions.names[regions.rows[both[0]]]!r} has both a least and a most; give each a row of its own in targets=")
    if isinstance(year, str):
        when = numbers(columns.column(year), year, regions)
        if not ((when >= _YEARS[0]) & (when <= _YEARS[1]) & (when == np.floor(when))).all():
            raise KjprojError(f"column {year!r} holds something else than calendar years such as 2025")
        years = when.astype(np.int64)
    else:
        years = np.full(rows, year_of(year))
    keys, own = figures.region * len(indicators.names) + figures.indicator, regions.rows * len(indicators.names) + indicators.rows
    return Goals(_found(keys, own), regions.rows, indicators.rows, years, np.where(np.isnan(up), down, up), ~np.isnan(up))


def _found(keys: Ints, wanted: Ints) -> Ints:
    """Return where wanted keys stand, −1 where they do not."""
    if np.array_equal(keys, wanted):  # a frame of figures has targets in its own rows
        return np.arange(len(keys))
    order = np.argsort(keys, kind="stable")
    found = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    return np.where(keys[found] == wanted, found, -1)
