"""Our units in other tools' words, and theirs in ours; figures are moved by powers of ten in decimals, digit by digit."""

from __future__ import annotations

import re
from decimal import Decimal

from ..errors import UnitError
from ..units import known_units, unit

_BASES = {
    "yuan": "CNY",
    "US dollars": "USD",
    "euros": "EUR",
    "people": "count",
    "items per person": "count/count",
    "yuan per item": "CNY/count",
    "yuan per person": "CNY/count",
    "share": "1",
    "percentage points": "1",
    "index": "1",
}
"""By quantity, its base: currencies by ISO 4217, else what UDUNITS knows."""

_SIZES = {
    **dict.fromkeys(("thousand", "k"), 3),
    **dict.fromkeys(("million", "mn", "mln"), 6),
    **dict.fromkeys(("billion", "bn"), 9),
    **dict.fromkeys(("trillion", "tn"), 12),
}
_SPELLED = {"yuan": "CNY", "rmb": "CNY", "cny": "CNY", "usd": "USD", "us$": "USD", "eur": "EUR"}
_QUANTITY = {"CNY": "yuan", "USD": "US dollars", "EUR": "euros"}
_SCALED = re.compile(r"(?:1e(\d+)|10\^(\d+)|([a-z]+))?\s*(\S+)", re.IGNORECASE)


def ascii_unit(name: str) -> str:
    """Return a unit in plain signs: a power of ten and a currency by ISO 4217, or what UDUNITS reads.

    >>> [ascii_unit(name) for name in ("亿元", "万元", "家", "%", "百分点", "件/万人")]
    ['1e8 CNY', '1e4 CNY', 'count', 'percent', 'percent', '1e-4 count/count']
    """
    own = unit(name)
    if own.quantity in ("share", "percentage points") and own.size == 1e-2:
        return "percent"
    base = _BASES.get(own.quantity, "count")
    if own.size == 1.0:
        return base
    power = f"1e{round_power(own.size)}"
    return power if base == "1" else f"{power} {base}"


def round_power(size: float) -> int:
    """Return the power of ten that a unit's size is."""
    return Decimal(repr(size)).normalize().as_tuple().exponent  # type: ignore[return-value]


def figure_in(figure: str, given: str) -> tuple[str, str, str | None]:
    """Return a figure of another tool's unit in a known one, that unit, and the half-width of its error where digits do not say it.

    A known unit is kept. "billion CNY", "1e9 CNY" and the like become the next larger unit that is known, so that no nought
    is added that was not printed; where none is as large, the largest, and a nought that had to be added is told by the error.

    Raises `UnitError` for what is neither.

    >>> figure_in("98.06", "亿元"), figure_in("98", "billion CNY"), figure_in("98", "billion USD")
    (('98.06', '亿元', None), ('0.098', '万亿元', None), ('980', '亿美元', '5'))
    """
    if given in known_units():
        return figure, given, None
    power, quantity = _parsed(given)
    family = sorted((own for own in map(unit, known_units()) if own.quantity == quantity), key=lambda own: own.size)
    best = next((own for own in family if round_power(own.size) >= power), family[-1])
    places = power - round_power(best.size)
    decimals = len(figure.partition(".")[2])
    error = None if decimals >= places else shifted("0." + "0" * decimals + "5", places)
    return shifted(figure, places), best.name, error


def shifted(figure: str, places: int) -> str:
    """Return a figure times a power of ten, as text, exactly.

    >>> shifted("98.10", -4), shifted("1,169", -4), shifted("0.25", 2)
    ('0.009810', '0.1169', '25')
    """
    return figure if places == 0 else format(Decimal(figure.replace(",", "")).scaleb(places), "f")


def _parsed(given: str) -> tuple[int, str]:
    found = _SCALED.fullmatch(given.strip())
    if found is not None:
        base = _SPELLED.get(found[4].lower())
        power = found[1] or found[2] or _SIZES.get((found[3] or "").lower(), 0 if found[3] is None else None)
        if base is not None and power is not None:
            return int(power), _QUANTITY[base]
    raise UnitError(f"unknown unit {given[:40]!r}; expected one such as 亿元 or billion CNY; known are {' '.join(known_units())}")
