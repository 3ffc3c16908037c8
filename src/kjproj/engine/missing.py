"""What to bring where nothing says where an indicator stands."""

from __future__ import annotations

from collections.abc import Mapping

from ..forecasts import Forecast
from ..rows import Terms, Unknown
from ..study import Study
from .unknowns import leaves


def too_early(unknown: Unknown, first_year: int) -> str:
    """Say that figures begin later."""
    return (
        f"nothing in the study says where {unknown.indicator} stood in {unknown.year}: its figures begin in {first_year}; "
        "ask for a later year, or add an earlier figure"
    )


def no_level(study: Study, terms: Terms, given: Mapping[str, Forecast]) -> str:
    """Say that no level determines a functional, or that a forecast begins after what it asks for."""
    for leaf in (leaf for unknown, _ in terms for leaf in leaves(study, unknown)):
        if leaf.indicator in given and leaf.year < given[leaf.indicator].first:
            first = given[leaf.indicator].first
            return (
                f"the forecast of {leaf.indicator} begins in {first}, and no figure says where it stands in {leaf.year}: ask from {first} on, "
                "or bring a forecast that begins earlier"
            )
    (unknown, _), *_ = terms
    return (
        f"nothing in the study says where {unknown.indicator} stands: add evidence of kind 'level' for one year, "
        "or for the indicators that determine it"
    )
