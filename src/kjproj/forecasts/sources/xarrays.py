"""Sample paths in an xarray DataArray."""

from __future__ import annotations

from typing import Any

from ...errors import KjprojError, MissingExtraError
from ..calendar import Dates
from .arrays import Table, from_array
from .frames import in_order
from .units import agreed


def from_xarray(array: Any, sample_dim: str, year_dim: str, dates: Dates, unit: str | None = None) -> tuple[Table, str | None]:
    """Return the years and paths (P, n) of an array over samples and years, and its unit: that of its attribute `units`, or `unit`.

    Dimensions of one label fall away; paths are in the order of the samples' labels, where they have any.
    """
    try:
        import xarray
    except ImportError:
        raise MissingExtraError("xarray", "xarray") from None
    if not isinstance(array, xarray.DataArray):
        raise KjprojError(f"the array is {type(array).__name__}; expected an xarray DataArray (of a Dataset, one variable)")
    missing = [name for name in (sample_dim, year_dim) if name not in array.dims]
    if missing:
        said = ", ".join(map(str, array.dims))
        raise KjprojError(f"the array has no dimension {missing[0]!r}; it has {said}: name them by sample_dim and year_dim")
    others = [name for name in array.dims if name not in (sample_dim, year_dim)]
    large = [name for name in others if array.sizes[name] != 1]
    if large:
        raise KjprojError(f"the array has {array.sizes[large[0]]} labels along {large[0]!r}; select one first")
    if year_dim not in array.coords:
        raise KjprojError(f"the array has no coordinate along {year_dim!r}; expected calendar years, or dates")
    ordered = array.squeeze(others).transpose(sample_dim, year_dim).sortby(year_dim)
    if sample_dim in ordered.coords:
        labels = ordered[sample_dim].values.tolist()
        place = {label: k for k, label in enumerate(labels)}
        if len(place) < len(labels):
            raise KjprojError(f"the array has two samples of one label along {sample_dim!r}; expected each once")
        ordered = ordered.isel({sample_dim: [place[label] for label in in_order(labels)]})
    own = agreed([array.attrs.get("units")], unit, "the attribute units")
    return from_array(ordered.values, list(ordered[year_dim].values), dates), own
