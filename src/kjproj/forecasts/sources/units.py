"""The unit that data state, beside what is said of them."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import KjprojError
from ...units import known_units


def agreed(here: Iterable[object], stated: str | None, where: str) -> str | None:
    """Return the one unit that data state or that is stated; None where neither does.

    Raises `KjprojError` for several units, for one that is not known and not stated, and where both differ.
    """
    found = list(dict.fromkeys(str(one) for one in here if isinstance(one, str) and one.strip()))
    if len(found) > 1:
        raise KjprojError(f"{where} holds the units {', '.join(found[:5])}; expected one for all of a forecast's values")
    if not found:
        return stated
    (own,) = found
    if own not in known_units():
        if stated is None:
            raise KjprojError(f"{where} says {own!r}, which is not known here; say the unit by unit=, such as 亿元")
        return stated
    if stated not in (None, own):
        raise KjprojError(f"{where} says {own!r}, and unit= says {stated!r}; expected the same: leave out unit=, or correct one")
    return own
