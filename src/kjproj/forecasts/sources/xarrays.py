"""Sample paths in an xarray DataArray."""

from __future__ import annotations

from typing import Any

from ...errors import KjprojError, MissingExtraError
from ..calendar import Dates
from .arrays import Table, from_array


def from_xarray(array: Any, sample_dim: str, year_dim: str, dates: Dates) -> Table:
    """Return the years and paths (P, n) of an array over samples and years; dimensions of one label fall away."""
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
    return from_array(ordered.values, list(ordered[year_dim].values), dates)
