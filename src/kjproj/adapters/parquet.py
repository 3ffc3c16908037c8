"""Parquet files (extra `parquet`): columns by indicator, units and recipe in the schema's metadata.

A column's field carries `unit`, `unit_ascii` and `long_name`; the schema carries `kjproj`, JSON with units, labels and the
recipe. Every tool that reads Parquet reads the numbers; ours reads the rest too.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ..answers.levels import Quantiles
from ..answers.sample import Paths
from ..errors import KjprojError
from ..study.replacing import replace_file
from .about import About
from .frames.paths import wide_columns, wide_paths_in
from .frames.quantiles import long_columns
from .long import Columns, quantiles_in
from .needed import needed
from .other_units import ascii_unit

__all__ = ["paths_from_parquet", "paths_to_parquet", "quantiles_from_parquet", "quantiles_to_parquet"]

_EXTRA = "parquet"


def paths_to_parquet(paths: Paths, path: str | Path) -> None:
    """Write sample paths: a row a path and year, with `sample_id`, `ds`, `weight`, and a column an indicator.

    Raises:
        KjprojError: for paths without units, an indicator named like a column, or a file that cannot be written.
        MissingExtraError: without pyarrow (extra `parquet`).
    """
    columns = wide_columns(paths)
    del columns["metadata"]
    _write(columns, About.of_paths(paths), Path(path))


def paths_from_parquet(path: str | Path, *, units: Mapping[str, str] | None = None) -> Paths:
    """Return the sample paths in a file; `units` by indicator where it does not say them.

    Raises `KjprojError` where the file cannot be read, or a column, a unit or a value is missing.

    >>> import tempfile, kjproj as kj
    >>> from kjproj.adapters.parquet import paths_from_parquet, paths_to_parquet
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 100)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths_to_parquet(paths, f"{folder}/paths.parquet")
    ...     again = paths_from_parquet(f"{folder}/paths.parquet")
    >>> bool((again.values["gdp"] == paths.values["gdp"]).all()), again.units["gdp"]
    (True, '亿元')
    """
    columns, about = _read(Path(path), ("sample_id", "ds"))
    return wide_paths_in(columns, about, units)


def quantiles_to_parquet(found: Mapping[str, Quantiles], path: str | Path) -> None:
    """Write quantiles by indicator: a row a value, with `unique_id`, `ds`, `quantile`, `y` and `unit`.

    Raises:
        KjprojError: for anything but quantiles by indicator, or a file that cannot be written.
        MissingExtraError: without pyarrow (extra `parquet`).
    """
    about = About.of_quantiles(found)
    _write(long_columns(found), about, Path(path))


def quantiles_from_parquet(path: str | Path, *, units: Mapping[str, str] | None = None) -> dict[str, Quantiles]:
    """Return the quantiles in a file by indicator; `units` where it does not say them.

    Raises `KjprojError` where the file cannot be read, or a column, a unit or a value is missing.

    >>> import tempfile, kjproj as kj
    >>> from kjproj.adapters.parquet import quantiles_from_parquet, quantiles_to_parquet
    >>> found = {"gdp": kj.quantiles(kj.project(kj.datasets.yueyang()), "gdp")}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     quantiles_to_parquet(found, f"{folder}/quantiles.parquet")
    ...     quantiles_from_parquet(f"{folder}/quantiles.parquet")
    {'gdp': Quantiles(GDP, 2023 to 2025, q 0.05, 0.5, 0.95, 亿元)}
    """
    columns, about = _read(Path(path), ("unique_id", "ds", "quantile", "y"))
    return quantiles_in(columns, about, units)


def _write(columns: Columns, about: About, path: Path) -> None:
    arrow, parquet = needed("pyarrow", _EXTRA), needed("pyarrow.parquet", _EXTRA)
    table = arrow.table(dict(columns))
    fields = [own.with_metadata(_said(own.name, about)) if own.name in about.units else own for own in table.schema]
    stream = BytesIO()
    parquet.write_table(table.cast(arrow.schema(fields, metadata={"kjproj": about.to_json()})), stream)
    replace_file(path, stream.getvalue())


def _said(name: str, about: About) -> dict[str, str]:
    own, label = about.units[name], about.labels.get(name)
    named = {} if label is None else {"long_name": label("en"), "long_name_zh": label("zh")}
    return {"unit": own, "unit_ascii": ascii_unit(own), **named}


def _read(path: Path, required: tuple[str, ...]) -> tuple[dict[str, Any], About]:
    arrow, parquet = needed("pyarrow", _EXTRA), needed("pyarrow.parquet", _EXTRA)
    try:
        table = parquet.read_table(BytesIO(path.read_bytes()))
    except (OSError, arrow.ArrowException) as error:
        raise KjprojError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    missing = [name for name in required if name not in table.column_names]
    if missing:
        raise KjprojError(f"{path} has no column {missing[0]}; its columns are {', '.join(table.column_names)}")
    said = (table.schema.metadata or {}).get(b"kjproj")
    about = About.from_json(None if said is None else said.decode())
    stated = {own.name: own.metadata[b"unit"].decode() for own in table.schema if own.metadata and b"unit" in own.metadata}
    columns = {name: table[name].to_numpy() for name in table.column_names if not name.startswith("__index_level_")}
    return columns, About({**stated, **about.units}, about.labels, about.recipe)
