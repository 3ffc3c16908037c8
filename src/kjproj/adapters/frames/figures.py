"""Published figures as a frame: their text is kept, because its digits are their error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ...errors import KjprojError
from ...evidence import AnyEvidence, Evidence
from ...figures import number
from ...study import Study
from ..columns import Backend, columns_in, frame_from, text_in
from ..long import Columns, calendar_years

_PLAIN = ("error", "relative_error", "source", "section", "published", "expected", "since", "note")
_COLUMNS = ("unique_id", "ds", "kind", "y", "figure", "unit", "fields", *_PLAIN)
_NUMBERS = ("relative_error",)


def figures_to_frame(study: Study, *, backend: Backend = "pandas") -> Any:
    """Return the evidence of a study as a frame, a row each, in the study's order.

    The columns are `unique_id`, `ds`, `kind`, `y` (the number), `figure` (the same as printed, "98.10"), `unit`, and
    `fields`, JSON of what else the evidence says. A figure in its indicator's unit says that unit.

    Raises:
        KjprojError: for anything but a study with evidence, or another backend.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> frame = kj.adapters.frames.figures_to_frame(kj.datasets.yueyang())
    >>> frame[["unique_id", "ds", "y", "figure", "unit"]].values.tolist()[0]
    ['rd_spending', 2021, 98.06, '98.06', '亿元']
    """
    if not isinstance(study, Study):
        raise KjprojError(f"study is {type(study).__name__}; expected a kjproj.Study")
    if not study.evidence:
        raise KjprojError("the study has no evidence")
    rows = [_row(item, study) for item in study.evidence]
    return frame_from({name: [row[name] for row in rows] for name in rows[0]}, backend)


def _row(item: Evidence, study: Study) -> dict[str, Any]:
    said = item.model_dump(mode="json")
    name, year, kind = said.pop("indicator"), said.pop("year"), said.pop("kind")
    figure = said.pop("value") if isinstance(said.get("value"), str) else None
    given = said.pop("unit", None)
    if given is None:
        said["unit"] = None  # the indicator's own, which the column says
    return {
        "unique_id": name,
        "ds": year,
        "kind": kind,
        "y": None if figure is None else number(figure),
        "figure": figure,
        "unit": given or study.unit(name),
        "fields": json.dumps(said, ensure_ascii=False),
    }


def figures_from_frame(frame: Any, *, error: str | None = None, source: str | None = None) -> tuple[Evidence, ...]:
    """Return the figures in a frame as evidence, for `Study.with_evidence`.

    Args:
        frame: of pandas, polars or pyarrow, with `unique_id`, `ds` and `figure` or `y`. `kind` is "level" unless it says
            so; `unit`, `error`, `source`, `section`, `published`, `expected`, `relative_error`, `since` and `note` are read
            where they stand.
        error: the half-width of the figures' errors where no row states one; "0" takes them as exact. Numbers need it: 98.1
            does not say whether 98.1 or 98.10 was printed. Text as printed ("98.10") does not.
        source: the name of one of the study's sources, where no row says it.

    Raises:
        KjprojError: for a number without an error, a figure that differs from `y`, and what no evidence is; it names the row.

    >>> import pandas as pd
    >>> from kjproj.adapters.frames import figures_from_frame
    >>> frame = pd.DataFrame({"unique_id": "rd", "ds": [2020, 2021], "y": ["89.00", "98.06"], "unit": "亿元"})
    >>> [f.to_text() for f in figures_from_frame(frame)]
    ['rd: 89.00 亿元 (2020)', 'rd: 98.06 亿元 (2021)']
    """
    return figures_in(columns_in(frame, ("unique_id", "ds"), "figures"), error, source)


def figures_in(columns: Columns, error: str | None, source: str | None) -> tuple[Evidence, ...]:
    """Return the figures in columns as evidence."""
    unknown = [name for name in columns if name not in _COLUMNS]
    if unknown:
        raise KjprojError(f"the column {unknown[0]} means nothing here; known are {', '.join(_COLUMNS)}")
    years = calendar_years(columns["ds"], "ds").tolist()
    reader: TypeAdapter[Any] = TypeAdapter(AnyEvidence)
    found = []
    for k, year in enumerate(years):
        row = {name: column[k] for name, column in columns.items()}
        try:
            found.append(reader.validate_python(_document(row, year, error, source)))
        except ValidationError as problem:
            first = problem.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise KjprojError(f"row {k} ({row['unique_id']}, {year}): {place}: {first['msg']}") from None
        except KjprojError as problem:
            raise KjprojError(f"row {k} ({row['unique_id']}, {year}): {problem}") from None
    return tuple(found)


def _document(row: Mapping[str, Any], year: int, error: str | None, source: str | None) -> dict[str, Any]:
    """Return what a study's document says for a row."""
    said = {name: _cell(row[name], name) for name in _PLAIN if name in row and text_in(row[name]) is not None}
    figure, printed = _figure(row)
    more = json.loads(text_in(row.get("fields")) or "{}")
    own_unit = text_in(row.get("unit"))
    document = {
        "kind": text_in(row.get("kind")) or "level",
        "indicator": text_in(row["unique_id"]),
        "year": year,
        **({} if figure is None else {"value": figure}),
        **({} if own_unit is None else {"unit": own_unit}),
        **({} if source is None else {"source": source}),
        **({} if error is None or figure is None else {"error": error}),
        **said,
        **more,
    }
    if figure is not None and not printed and not {"error", "relative_error"} & set(document):
        raise KjprojError(f'{figure} is a number, which does not keep its digits; give the text as printed, or error="0"')
    return {key: value for key, value in document.items() if not (key == "unit" and value is None)}


def _figure(row: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Return a row's figure, and whether it stands there as printed."""
    text, y = text_in(row.get("figure")), row.get("y")
    if text is None and isinstance(y, str):
        text, y = text_in(y), None
    stated = text_in(y)
    if text is None:
        return (None, True) if stated is None else (plain(float(stated)), False)
    if stated is not None and number(text) != float(stated):
        raise KjprojError(f"the figure is {text}, y is {stated}; make them the same, or drop one column")
    return text, True


def plain(value: float) -> str:
    """Return a number as the shortest text that reads as the same, without exponent: 98.1, 767."""
    text = format(Decimal(repr(float(value))), "f")
    return text.removesuffix(".0")


def _cell(value: Any, name: str) -> Any:
    if name == "since":
        return int(value)
    if name in _NUMBERS:
        return float(value)
    return bool(value) if name == "expected" else str(value)
