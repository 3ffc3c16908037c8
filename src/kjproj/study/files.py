"""Reading and writing studies, and errors with their places."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import KjprojError, MissingExtraError, Problem, StudyError
from ..text import Language
from .replacing import replace_file

M = TypeVar("M", bound=BaseModel)
_LARGEST = 10_000_000


def validated(cls: type[M], data: dict[str, Any], origin: str) -> M:
    """Return `data` as a model; raises `StudyError` with the place of every problem."""
    try:
        return cls.model_validate(data)
    except ValidationError as error:
        raise StudyError(_problems(error), origin) from None
    except RecursionError:
        raise StudyError([Problem("the document", "is nested too deeply")], origin) from None


def _problems(error: ValidationError) -> list[Problem]:
    found: list[Problem] = []
    items = error.errors(include_url=False)
    other_version = [item for item in items if item["type"] == "version"]
    for item in other_version or items:
        if item["type"] == "study":
            found.extend(_inside(item["loc"], problem) for problem in item["ctx"]["problems"])
        elif item["type"] != "too_short" or not any(_within(other["loc"], item["loc"]) for other in items):
            found.append(Problem(_place(item["loc"]), _advice(item)))
    return found


def _inside(loc: tuple[int | str, ...], problem: Problem) -> Problem:
    """Return a problem of a study with its place in what the study is a part of."""
    return Problem(f"{_place(loc)}.{problem.place}", problem.message) if loc else problem


_OF_SEVERAL_KINDS = frozenset({"scale", "motion", "forecast", "drift", "volatility", "level", "rate", "size", "events", "hazard", "target"})
_LISTS_OF_SEVERAL_KINDS = frozenset({"evidence", "targets", "identities", "parts", "questions", "all_of", "any_of", "given"})


def _place(loc: tuple[int | str, ...]) -> str:
    """Write ("evidence", 3, "level", "unit") as evidence[3].unit: kinds, after fields of several, are left out."""
    place, field, kind_follows = "", "", False
    for part in loc:
        if isinstance(part, int):
            place += f"[{part}]"
            kind_follows = field in _LISTS_OF_SEVERAL_KINDS
        elif kind_follows:
            kind_follows = False
        else:
            place += f".{part}" if place else part
            field, kind_follows = part, part in _OF_SEVERAL_KINDS
    return place or "the document"


def _within(loc: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    """Tell whether a place lies inside another: a list whose items are wrong is not also too short."""
    return len(loc) > len(outer) and loc[: len(outer)] == outer


_EXPECTED = {
    "tuple_type": "a list, in [ ]",
    "model_type": "an object, in { }",
    "model_attributes_type": "an object, in { }",
    "int_type": "a whole number, without quotes",
    **dict.fromkeys(
        ("date_from_datetime_parsing", "date_from_datetime_inexact", "date_parsing", "date_type"), "a day such as 2022-12-31"
    ),
}


def _advice(item: Any) -> str:
    kind, message, given = item["type"], item["msg"], item.get("input")
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "is not a key that is known here; take it out, or correct its spelling"
    if kind == "union_tag_not_found":
        return "says no kind; add kind"
    if kind == "too_short":
        message = f"expected {item['ctx']['min_length']} or more items"
    if kind == "too_long":
        length = item["ctx"]["actual_length"]
        message = f"expected at most {item['ctx']['max_length']} items" + ("" if length is None else f"; there are {length}")
    if kind in _EXPECTED:
        message = f"expected {_EXPECTED[kind]}"
    message = message.removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        message = "expected letters, digits and underscores, not beginning with a digit"
    if kind == "union_tag_invalid":
        known = item["ctx"]["expected_tags"].removesuffix(", 'own'")
        message = f"unknown kind; expected one of {known}"
    said = f" (given: {given!r})" if isinstance(given, str | int | float | bool) or given is None else ""
    return f"{message[0].lower()}{message[1:]}{said[:120]}"


def parse_json(text: str | bytes, origin: str) -> dict[str, Any]:
    """Return the object that a JSON text states; NaN, infinity and doubled keys are refused."""
    if len(text) > _LARGEST:
        raise StudyError([Problem("the document", f"is larger than {_LARGEST} characters")], origin)
    try:
        data = json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text, parse_constant=_no_constant, object_pairs_hook=no_doubles)
        json.dumps(data, ensure_ascii=False).encode()  # half of a surrogate pair is no character
    except (ValueError, RecursionError) as error:
        raise StudyError([Problem("the document", f"is not JSON: {error}")], origin) from None
    return mapping(data, origin)


def parse_text(content: bytes | str, origin: str) -> dict[str, Any]:
    """Return the document that a text states whose format nobody says: JSON where it begins with a bracket, else YAML."""
    try:
        text = content if isinstance(content, str) else content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        raise StudyError([Problem("the document", "is not UTF-8 text; save it as UTF-8")], origin) from None
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "[", ""):
        return parse_json(text, origin)
    return mapping(parse_yaml(text, origin), origin)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")


def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's fields; raises `ValueError` for a key that stands twice."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError(f"the key {_doubled([key for key, _ in pairs])!r} stands twice in one object")
    return data


def _doubled(keys: list[Any]) -> Any:
    """Return a key that stands more than once; None where none does."""
    counts = Counter(map(str, keys))
    return next((key for key in keys if counts[str(key)] > 1), None)


def mapping(data: Any, origin: str) -> dict[str, Any]:
    """Return a document's fields; raises `StudyError` for anything but a mapping."""
    if not isinstance(data, Mapping):
        raise StudyError([Problem("the document", "states no fields; expected as_of, indicators, …")], origin)
    return dict(data)


def study_in(cls: type[M], path: Path) -> M:
    """Return the study in a file; the places of problems are its cells where it is a spreadsheet."""
    if path.suffix.lower() != ".xlsx":
        return validated(cls, read(path), str(path))
    from .sheets.reading import read_book

    book = read_book(path)
    try:
        return validated(cls, book.document, str(path))
    except StudyError as error:
        raise StudyError([book.problem(problem) for problem in error.problems], str(path)) from None


def read(path: Path) -> dict[str, Any]:
    """Return the document in a text file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KjprojError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise KjprojError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    if path.suffix.lower() == ".json":
        return parse_json(text, str(path))
    if path.suffix.lower() in (".yaml", ".yml"):
        return mapping(parse_yaml(text, str(path)), str(path))
    raise KjprojError(f"{path} has an unknown ending; {ENDINGS}")


ENDINGS = "expected .json, .yaml, .yml or .xlsx (a spreadsheet of another kind: save it as .xlsx)"


def _yaml() -> Any:
    try:
        import yaml
    except ModuleNotFoundError:
        raise MissingExtraError("pyyaml", "yaml") from None
    return yaml


def parse_yaml(text: str, origin: str) -> Any:
    """Return what a YAML text states; doubled keys and aliases are refused."""
    yaml = _yaml()
    if len(text) > _LARGEST:
        raise StudyError([Problem("the document", f"is larger than {_LARGEST} characters")], origin)
    try:
        return yaml.load(text, Loader=_loader(yaml))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise StudyError([Problem("the document", f"is not YAML: {' '.join(str(error).split())}")], origin) from None


def yaml_nodes(text: str) -> Any:
    """Return the root node of a YAML text, whose marks say where everything stands."""
    yaml = _yaml()
    return yaml.compose(text, Loader=_loader(yaml))


def _loader(yaml: Any) -> Any:
    """Return a loader that refuses doubled keys and aliases (a small file could stand for an enormous one)."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc,name-defined,unused-ignore]
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases (*name) are not used in a study; write the text out")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            key = _doubled([key.value for key, _ in node.value])
            if key is not None:
                raise yaml.YAMLError(f"the key {key!r} stands twice in one mapping")
            return super().construct_mapping(node, deep=deep)

    return Loader


def write_json(data: Mapping[str, Any]) -> str:
    """Return JSON text that a person can read."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def write_yaml(data: Mapping[str, Any]) -> str:
    """Return YAML text, keys in the document's order."""
    return str(_yaml().safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=110))


def write(data: Mapping[str, Any], path: Path, lang: Language = "en") -> None:
    """Write a document in the format that the file's ending names; the headers of a spreadsheet are in `lang`."""
    writers = {".json": write_json, ".yaml": write_yaml, ".yml": write_yaml}
    ending = path.suffix.lower()
    if ending == ".xlsx":
        from .sheets.writing import workbook

        replace_file(path, workbook(data, lang))
    elif ending in writers:
        replace_file(path, writers[ending](data).encode())
    else:
        raise KjprojError(f"{path} has an unknown ending; {ENDINGS}")


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return bytes that are the same for the same data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_levels(
    levels: Mapping[str, Mapping[int, str]],
    unit: str,
    scale: str,
    reference_class: str | None,
    error: str | None,
    as_of: date | None,
) -> dict[str, Any]:
    """Return the document of a study of yearly levels."""
    odd = [name for name, by_year in levels.items() if not isinstance(by_year, Mapping)]
    if odd:
        raise KjprojError(f'levels of {odd[0]!r} are {levels[odd[0]]!r}; expected a mapping such as {{2020: "97", 2021: "110"}}')
    years = [year for by_year in levels.values() for year in by_year]
    wrong = [year for year in years if not isinstance(year, int) or not MINYEAR <= year <= MAXYEAR]
    if wrong:
        raise KjprojError(f"the year {wrong[0]!r} is not a calendar year; expected a whole number such as 2020")
    if not years:
        raise KjprojError('no levels given; expected a mapping such as {"rd": {2020: "97", 2021: "110"}}')
    stated = {} if error is None else {"error": error}
    flat = {"kind": "brownian", "drift": {"kind": "flat"}, "volatility": {"kind": "flat"}}
    beliefs = {"motion": flat} if reference_class is None else {"reference_class": reference_class}
    measure = {"measure": "ratio"} if unit == "%" else {}
    return {
        "as_of": as_of or date(max(years), 12, 31),
        "indicators": [{"name": n, "unit": unit, **measure, "scale": {"kind": scale}, **beliefs} for n in levels],
        "evidence": [
            {"kind": "level", "indicator": name, "year": year, "value": value, **stated}
            for name, by_year in levels.items()
            for year, value in sorted(by_year.items())
        ],
    }
