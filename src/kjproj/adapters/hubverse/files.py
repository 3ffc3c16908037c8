"""Files of model output: their names, CSV and Parquet, exact both ways."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ...errors import KjprojError
from ...study.replacing import replace_file
from ..columns import Backend, columns_in, frame_from
from ..long import Columns
from ..needed import needed
from .form import COLUMNS, day

NAME = re.compile(r"(\d{4}-\d{2}-\d{2}|[A-Za-z0-9_]+)-([A-Za-z0-9_]+)-([A-Za-z0-9_]+)")
_MODEL = re.compile(r"[A-Za-z0-9_]+-[A-Za-z0-9_]+")
_DATES = ("origin_date", "target_end_date")
_EXTRA = "parquet"


def file_name(origin_date: date | str, model: str, ending: Literal["csv", "parquet"] = "parquet") -> str:
    """Return the name of a model's file of a round, in the folder of the model: `team-model/2023-03-20-team-model.csv`.

    Raises `KjprojError` unless the model is a team's and a model's abbreviation, of letters, digits and underscores.

    >>> file_name("2023-03-20", "yueyang-kjproj", "csv")
    'yueyang-kjproj/2023-03-20-yueyang-kjproj.csv'
    """
    if not _MODEL.fullmatch(model):
        raise KjprojError(f"model is {model!r}; expected a team and a model of letters, digits and underscores: yueyang-kjproj")
    if ending not in ("csv", "parquet"):
        raise KjprojError(f'ending is {ending!r}; expected "csv" or "parquet"')
    return f"{model}/{day(origin_date).isoformat()}-{model}.{ending}"


def write(frame: Any, folder: str | Path, *, model: str, ending: Literal["csv", "parquet"] = "parquet") -> Path:
    """Write model output of one round into a hub's folder of model output, and return the file's path.

    Args:
        frame: model output, of pandas, polars or pyarrow.
        folder: such as `model-output`; the model's folder in it is made where it is missing.
        model: the team's and the model's abbreviation, "yueyang-kjproj".
        ending: "csv" or "parquet" (extra `parquet`); both are read back exactly.

    Raises `KjprojError` for several origin dates, a wrong model, and a file that cannot be written.
    """
    columns = columns_in(frame, COLUMNS, "model output")
    days = {str(value)[:10] for value in columns["origin_date"].tolist()}
    if len(days) != 1:
        raise KjprojError(f"the frame has the origin dates {', '.join(sorted(days))}; write one file for each")
    path = Path(folder) / file_name(days.pop(), model, ending)
    held = {name: columns[name].tolist() for name in COLUMNS}
    for name in _DATES:
        held[name] = [str(value)[:10] for value in held[name]]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KjprojError(f"{path.parent} cannot be made: {error.strerror}") from None
    replace_file(path, _csv(held) if ending == "csv" else _parquet(held))
    return path


def read(path: str | Path, *, backend: Backend = "pandas") -> Any:
    """Return the model output in a CSV or Parquet file as a frame, with the model of its name in the column `model_id`.

    Raises `KjprojError` for another name or ending, and where the file cannot be read or a column is missing.

    >>> import tempfile, kjproj as kj
    >>> from kjproj.adapters import hubverse
    >>> frame = hubverse.to_model_output(kj.project(kj.datasets.yueyang()), region="430600", indicators=["gdp"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = hubverse.write(frame, folder, model="yueyang-kjproj", ending="csv")
    ...     again = hubverse.read(path)
    >>> path.name, again["model_id"].unique().tolist(), bool((again["value"] == frame["value"]).all())
    ('2023-03-20-yueyang-kjproj.csv', ['yueyang-kjproj'], True)
    """
    given = Path(path)
    found = NAME.fullmatch(given.stem)
    if found is None or given.suffix not in (".csv", ".parquet"):
        raise KjprojError(f"{given.name} is no name of model output; expected one such as 2023-03-20-yueyang-kjproj.csv")
    try:
        content = given.read_bytes()
    except OSError as error:
        raise KjprojError(f"{given} cannot be read: {error.strerror}") from None
    columns = _from_csv(content, given) if given.suffix == ".csv" else _from_parquet(content, given)
    return frame_from({"model_id": [f"{found[2]}-{found[3]}"] * len(columns["value"]), **columns}, backend)


def _csv(columns: Columns) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(zip(*(columns[name] for name in COLUMNS), strict=True))
    return text.getvalue().encode()


def _from_csv(content: bytes, path: Path) -> dict[str, list[Any]]:
    try:
        head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        held = {name: [row[k] for row in rows] for k, name in enumerate(head)}
        numbers: dict[str, list[Any]] = {"horizon": list(map(int, held["horizon"])), "value": list(map(float, held["value"]))}
        return {name: numbers.get(name, held[name]) for name in COLUMNS}
    except (KeyError, IndexError, ValueError) as error:
        raise KjprojError(f"{path} is no model output in CSV: {error}") from None


def _parquet(columns: Columns) -> bytes:
    arrow, parquet = needed("pyarrow", _EXTRA), needed("pyarrow.parquet", _EXTRA)
    dates = {name: [date.fromisoformat(value) for value in columns[name]] for name in _DATES}
    kinds = {"horizon": arrow.int32(), "value": arrow.float64(), **dict.fromkeys(_DATES, arrow.date32())}
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in COLUMNS])
    stream = io.BytesIO()
    parquet.write_table(arrow.table({**columns, **dates}, schema), stream)
    return stream.getvalue()


def _from_parquet(content: bytes, path: Path) -> dict[str, list[Any]]:
    arrow, parquet = needed("pyarrow", _EXTRA), needed("pyarrow.parquet", _EXTRA)
    try:
        table = parquet.read_table(io.BytesIO(content))
        held = {name: table[name].to_pylist() for name in COLUMNS}
    except (KeyError, arrow.ArrowException) as error:
        raise KjprojError(f"{path} is no model output in Parquet: {str(error).splitlines()[0]}") from None
    return {**held, **{name: [str(value) for value in held[name]] for name in _DATES}}
