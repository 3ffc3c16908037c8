"""What a cell says, and what is written into one: nothing is lost on the way there and back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from ...errors import KjprojError
from ..files import no_doubles
from .fields import Field
from .headers import english_value

LONGEST = 32_767
"""What a cell holds, in characters."""

_AWKWARD = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "是": True, "否": False, "√": True, "1": True, "0": False}
_ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_POINTS = (None, "%", "百分点", "pp")


@dataclass(frozen=True)
class Held:
    """What a cell holds: its value, the format in which it is shown, and whether it is a formula that was never computed."""

    value: Any
    number_format: str = "General"
    uncomputed: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.uncomputed and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))

    @property
    def in_per_cent(self) -> bool:
        """Whether a number is shown as a percentage."""
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        return is_number and "%" in _section(self.number_format, 0.0)


_YEARS = re.compile(r"(\d{4}年?)([、，,；;\s]+\d{4}年?)*")
"""A list of years: 2020、2021、2022."""


def decode(held: Held, field: Field, unit: str | None = None) -> Any:
    """Return what a cell says in the document; raises `KjprojError` for what no document can say.

    `unit` is what the row states: a number shown as a percentage is taken as shown for a figure in per cent.
    """
    value = held.value
    if held.uncomputed:
        raise KjprojError("is a formula without a computed value; open the file in a spreadsheet program, save it, and try again")
    if isinstance(value, datetime | date | time | timedelta):
        if "date" in field.takes and isinstance(value, date):
            return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
        raise KjprojError("is a date; expected another kind of value: set the cell's format to text and type it again")
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _from_number(held, field, unit)
    text = str(value)
    if text in _ERRORS:
        raise KjprojError(f"holds the error {text}; correct the formula, or the cell's format")
    return _from_text(text, field)


def _from_number(held: Held, field: Field, unit: str | None) -> Any:
    value = held.value
    if "flag" in field.takes and value in (0, 1):
        return bool(value)
    if "whole" in field.takes and float(value).is_integer():
        return int(value)
    if field.takes & {"whole", "number"}:
        return value
    if field.takes == {"json"} and float(value).is_integer():
        return [int(value)]
    text = displayed(value, held.number_format if unit in _POINTS or not held.in_per_cent else _as_fraction(held.number_format))
    return _from_text(text, field)


def _from_text(raw: str, field: Field) -> Any:
    text, plain = _unquoted(raw)
    if text == "null" and plain:
        return None
    if plain and "json" in field.takes and text[:1] in ("{", "["):
        try:
            return json.loads(text, object_pairs_hook=no_doubles)
        except (ValueError, RecursionError) as error:
            if "text" not in field.takes:
                raise KjprojError(f"is not JSON: {error}") from None
    if "date" in field.takes:
        found = _DATE.fullmatch(text) or _DAY.fullmatch(text)
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else text
    if "text" in field.takes or not plain:
        return english_value(text, field.choices)
    if "names" in field.takes:
        return _names(text)
    return _from_word(text, field)


def _from_word(text: str, field: Field) -> Any:
    if "json" in field.takes and _YEARS.fullmatch(text):
        return [int(year) for year in re.findall(r"\d{4}", text)]
    if "flag" in field.takes:
        return _FLAGS.get(text.lower(), text)
    digits = text.removesuffix("年") if "whole" in field.takes else text
    if field.takes & {"whole", "number"} and _NUMBER.fullmatch(digits):
        number = float(digits)
        return int(number) if number.is_integer() and "whole" in field.takes else number
    return text


def _names(text: str) -> list[str]:
    mark = r"[、；;\n]" if re.search(r"[、；;\n]", text) else r"[,，]"
    return [name.strip() for name in re.split(mark, text) if name.strip()]


def _unquoted(raw: str) -> tuple[str, bool]:
    """Return a cell's text, and whether it stands as it is: what a cell cannot hold is written as a JSON text."""
    text = raw.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            inner = json.loads(text)
        except ValueError:
            return text, True
        if isinstance(inner, str) and _needs_quotes(inner):
            return inner, False
    return text, True


def _needs_quotes(text: str) -> bool:
    return text != text.strip() or text in ("", "null") or text[0] in '"{[#' or bool(_AWKWARD.search(text))


def encode(value: Any, field: Field) -> Any:
    """Return what is written into a cell for a value: the plainest thing that is read back as the same."""
    for cell in _candidates(value, field):
        try:
            again = decode(Held(cell), field)
        except KjprojError:
            continue
        if not Held(cell).empty and again == value and type(again) in (type(value), int, float):
            if isinstance(cell, str) and len(cell) > LONGEST:
                raise KjprojError(f"{field.path} has {len(cell)} characters, a cell holds {LONGEST}; write the study to a .json file")
            return cell
    raise KjprojError(f"{field.path} is {value!r}, which a cell cannot hold; write the study to a .json file")


def _candidates(value: Any, field: Field) -> list[Any]:
    as_json = json.dumps(value, ensure_ascii=bool(_AWKWARD.search(repr(value)) or isinstance(value, str)))
    if isinstance(value, str):
        dates = [date.fromisoformat(value)] if "date" in field.takes and _is_date(value) else []
        safe = [] if _AWKWARD.search(value) else [value]
        return [*dates, *safe, json.dumps(value, ensure_ascii=bool(_AWKWARD.search(value)))]
    if isinstance(value, bool):
        return [value]
    if isinstance(value, int | float):
        return [value] if float(f"{value:.16g}") == value else [repr(value)]
    if isinstance(value, list) and all(isinstance(v, str) and not _AWKWARD.search(v) for v in value):
        return ["、".join(value), as_json]
    return [as_json]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= date(1900, 3, 1)
    except ValueError:
        return False


def displayed(value: float, number_format: str) -> str:
    """Return a number with the digits that its format shows, without separators; fifteen digits at most where it names none."""
    section = _section(number_format, value)
    shape = re.search(r"[0#?][0#?,]*(\.[0#?]*)?", section)
    exact = Decimal(f"{value:.15g}").scaleb(2 if "%" in section else 0)
    if shape is None or "General" in section or "E" in section or re.search(r"[0#?],+(?![0#?])", section) or "/" in section:
        return format(exact, "f")
    places = (shape[1] or ".")[1:]
    text = format(exact.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP, Context(prec=400)), "f")
    least = len(places.rstrip("#?"))
    while len(text.partition(".")[2]) > least and text.endswith("0"):
        text = text[:-1]
    return text.removesuffix(".")


def _section(number_format: str, value: float) -> str:
    """Return the part of a format that is about a number of this sign, without what it merely adds."""
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|!.', "", number_format or "General")
    sections = plain.split(";")
    return sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]


def _as_fraction(number_format: str) -> str:
    """Return the format that shows the same digits of a percentage as a fraction: "0.00%" → "0.0000"."""
    places = re.search(r"\.([0#?]*)", number_format)
    return "0." + "0" * (2 + len(places[1] if places else ""))
