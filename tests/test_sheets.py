"""Studies in spreadsheets: nothing is lost, cells mean what they show, and errors name sheet and cell."""

from __future__ import annotations

import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from studies import document, level, target, walk
from test_bad_studies import WRONG, leaves, put
from test_bad_studies import small as full

import kjproj as kj
from kjproj.study.sheets.cells import displayed
from kjproj.study.sheets.fields import sheets
from kjproj.study.sheets.headers import find_header, find_sheet, header, sheet_title

LANGUAGES = ("zh", "en")
EVIDENCE = ["kind", "indicator", "year", "value", "unit", "error", "source"]


def small(**parts: Any) -> dict[str, Any]:
    whole = {
        "indicators": [{"name": "x", "unit": "亿元", "motion": walk(0.05, 0.1)}, {"name": "y", "unit": "%", "motion": walk(0.05, 0.1)}],
        "evidence": [level("x", 2022, "98.10"), level("y", 2022, "2.23")],
        "targets": [target("t", "x", 2025, at_least="120")],
    }
    return document(**{**whole, **parts})


Change = Callable[[Any], None]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Write a study, let a function change the workbook, save it."""

    def write(change: Change, data: dict[str, Any] | None = None, lang: Any = "en") -> Path:
        path = tmp_path / "study.xlsx"
        kj.Study.from_dict(data or small()).to_file(path, lang=lang)
        book = load_workbook(path)
        change(book)
        book.save(path)
        return path

    return write


def places(path: Path) -> dict[str, str]:
    with pytest.raises(kj.StudyError) as error:
        kj.Study.from_file(path)
    return {p.place: p.message for p in error.value.problems}


def figures(book: Any, *rows: list[Any]) -> None:
    """Put evidence in place of what stands there."""
    del book["evidence"]
    sheet = book.create_sheet("evidence")
    for row in (EVIDENCE, *rows):
        sheet.append(row)


def every_kind() -> dict[str, Any]:
    """A full document with every kind of evidence, every field of which is stated, and every belief."""
    data = full()
    said = {"source": "r", "section": "2", "note": {"zh": "注", "en": "n"}, "published": "2023-01-15", "expected": True}
    share = {"kind": "normal", "mean": 0.7, "sd": 0.03}
    data["evidence"] += [
        {"kind": "level", "indicator": "gdp", "year": 2022, "value": "1,169.0", "relative_error": 0.02, **said},
        {"kind": "level", "indicator": "gdp", "year": 2022, "value": "1,170.0", "revises": True, "note": "plain"},
        {"kind": "partial", "indicator": "gdp", "year": 2022, "period": "Q1-Q3", "value": "822.94", "error": "0.5", "unit": "亿元", "share": share, "wobble": 0.02, **said},
        {"kind": "growth", "indicator": "gdp", "year": 2022, "value": "-5.10", "error": "0", "prices": "constant", "deflator": {"kind": "normal", "mean": 0.01, "sd": 0.01}, **said},
        {"kind": "growth", "indicator": "gdp", "year": 2022, "value": "+6.0", "period": "Q1-Q3", "wobble": 0.02},
        {"kind": "bound", "indicator": "gdp", "year": 2022, "more_than": "1000", "unit": "亿元", "relative_error": 0.01, **said},
        {"kind": "bound", "indicator": "gdp", "year": 2022, "at_most": "9000"},
    ]
    data["indicators"][3]["motion"]["rate"] = {"kind": "elicited", "low": 0.1, "mode": 0.2, "high": 0.4, "probability": 0.8}
    data["indicators"][3] |= {"aliases": ["甲", "b, c"], "note": {"en": "n"}, "label": {"zh": "份额"}}
    data["scenarios"].append({"name": "own", "label": {"zh": "自", "en": "own"}, "reason": {"zh": "由"}, "changes": [
        {"indicator": "gdp", "motion": {"kind": "sum", "parts": [walk({"kind": "flat"}, 0.1), {"kind": "step", "year": 2024, "size": share}]}},
        {"indicator": "share", "rate": 0.3, "level": 1.25},
    ]})
    return data


# there and back


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("data", [full(), every_kind(), small(), kj.datasets.yueyang().to_dict()], ids=["full", "every kind", "small", "bundled"])
def test_a_study_returns_as_it_went(tmp_path: Path, data: dict[str, Any], lang: Any) -> None:
    """The same document, the same study, the same digest; in the headers of both languages."""
    study = kj.Study.from_dict(data)
    study.to_file(tmp_path / "a.xlsx", lang=lang)
    again = kj.Study.from_file(tmp_path / "a.xlsx")
    assert again.to_dict() == study.to_dict() == data
    assert (again, again.digest) == (study, study.digest)
    titles = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert sheet_title("evidence", lang) in titles
    assert ("依据" in titles) == (lang == "zh")


AWKWARD = ["", " a ", "null", "=1+1", "+7", "-x", "@sum", "'quoted", '"', '"a"', "[x]", '{"a": 1}', "a\nb", "a\r\nb", "\t", "#REF!", "TRUE", "2021", "1.50", "2021-01-01", "\u3000", "a、b,c", "\x01", "水平", "x" * 200]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_return(tmp_path: Path, text: str) -> None:
    """Also where they look like a formula, a number, a date, JSON, or nothing."""
    data = small(evidence=[level("x", 2022, "98.10", section=text, note={"zh": text or "n", "en": "-"})])
    data["indicators"][0]["aliases"] = [text, "b"]
    study = kj.Study.from_dict(data)
    study.to_file(tmp_path / "a.xlsx")
    assert kj.Study.from_file(tmp_path / "a.xlsx").to_dict() == data
    for sheet in load_workbook(tmp_path / "a.xlsx").worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_what_begins_like_a_formula_is_quoted(tmp_path: Path) -> None:
    """No spreadsheet runs it."""
    kj.Study.from_dict(small(evidence=[level("x", 2022, "98.10", section='=HYPERLINK("a")')])).to_file(tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["evidence"]
    cell = next(c for c in sheet[2] if str(c.value).startswith("="))
    assert (cell.data_type, bool(cell.quotePrefix), cell.number_format) == ("s", True, "@")


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-7, 123456789.123456789, 2 / 3, 1, -0.0, 3e14])
def test_numbers_return_to_the_last_bit(tmp_path: Path, value: float) -> None:
    data = small(correlations=[{"between": ["x", "y"], "value": value if abs(value) <= 1 else 1 / value, "reason": "r"}])
    kj.Study.from_dict(data).to_file(tmp_path / "a.xlsx")
    assert kj.Study.from_file(tmp_path / "a.xlsx").to_dict() == data


def test_every_sound_variation_of_a_full_document_returns(tmp_path: Path) -> None:
    """Every place of a document put to wrong and odd values in turn: what is accepted at all returns as it went."""
    draw = random.Random(0)
    path, tried = tmp_path / "a.xlsx", 0
    for at in draw.sample(list(leaves(full())), 60):
        for value in (*draw.sample(WRONG, 4), None, "a、b", {"zh": "甲"}, [], 2024):
            try:
                study = kj.Study.from_dict(put(full(), at, value))
            except kj.KjprojError:
                continue
            study.to_file(path, lang=draw.choice(LANGUAGES))
            assert kj.Study.from_file(path).to_dict() == study.to_dict(), (at, value)
            tried += 1
    assert tried > 30


def test_every_field_has_a_header_of_its_own_in_both_languages() -> None:
    """And each header leads back to its field; so does each sheet's title."""
    for sheet, columns in sheets().items():
        for lang in LANGUAGES:
            assert find_sheet(sheet_title(sheet, lang)) == sheet
            for path in columns:
                assert find_header(sheet, header(sheet, path, lang)) == path


# what cells mean


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (98.1, "0.00", "98.10"), (98.1, "General", "98.1"), (767.0, "General", "767"), (767, "General", "767"), (1169.0, "#,##0.00", "1169.00"),
        (0.1 + 0.2, "General", "0.3"), (98.125, "0.00", "98.13"), (-0.5, "0.0_);[Red](0.0)", "-0.5"), (5.0, '0.0"亿元"', "5.0"), (2.5, "0.##", "2.5"),
        (0.0223, "0.00%", "2.23"), (1e20, "General", "100000000000000000000"), (98.1, "@", "98.1"), (2.0, "0.0#", "2.0"), (12345.6, "0.00E+00", "12345.6"),
        (12345.6, "0.0,", "12345.6"), (1e308, "0%", "1" + "0" * 310), (0.07, "0%", "7"), (0.285, "General%", "28.5"), (98.1, "", "98.1"),
    ],
)  # fmt: skip
def test_numbers_have_the_digits_that_are_shown(value: float, number_format: str, shown: str) -> None:
    assert displayed(value, number_format) == shown


def test_what_people_type_is_understood(changed: Callable[..., Path]) -> None:
    """Numbers for figures, years as text or with decimals, dates as dates or text, words in Chinese, stray blanks, empty rows."""

    def type_in(book: Any) -> None:
        figures(
            book,
            ["level", " x ", "2021", 98.1, None, None, None], [None] * 7, ["水平", "x", 2020.0, 97, "亿元", 0.5, None],
            ["level", "x", "2019年", "96.50", None, 1, ""], ["level", "y", 2021, 0.0223, None, None, None],
        )  # fmt: skip
        sheet = book["evidence"]
        sheet["D2"].number_format, sheet["D6"].number_format = "0.00", "0.00%"
        for row in book["study"].iter_rows():
            if row[0].value == "as_of":
                row[1].value = datetime(2022, 12, 31)

    study = kj.Study.from_file(changed(type_in))
    assert study.as_of == date(2022, 12, 31)
    assert study.to_dict()["evidence"] == [
        level("x", 2021, "98.10"), level("x", 2020, "97", unit="亿元", error="0.5"), level("x", 2019, "96.50", error="1"), level("y", 2021, "2.23", unit="%"),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), [("2022-12-31", date(2022, 12, 31)), ("2022/3/5", date(2022, 3, 5)), ("2022年3月5日", date(2022, 3, 5)), (20220305, date(2022, 3, 5))])
def test_dates_may_be_typed_as_text(changed: Callable[..., Path], text: Any, day: date) -> None:
    def type_in(book: Any) -> None:
        for row in book["study"].iter_rows():
            if row[0].value == "as_of":
                row[1].value, row[1].number_format = text, "General"

    assert kj.Study.from_file(changed(type_in, small(evidence=[]))).as_of == day


def test_a_percentage_in_another_unit_keeps_its_value(changed: Callable[..., Path]) -> None:
    """2.23 % shown as a percentage, with the unit share, is 0.0223."""

    def type_in(book: Any) -> None:
        figures(book, ["level", "y", 2021, 0.0223, "share"])
        book["evidence"]["D2"].number_format = "0.00%"

    assert kj.Study.from_file(changed(type_in)).to_dict()["evidence"] == [level("y", 2021, "0.0223", unit="share")]


def test_merged_and_hidden_cells(changed: Callable[..., Path]) -> None:
    """A cell merged over rows counts in each of them; hidden rows and sheets count."""

    def type_in(book: Any) -> None:
        figures(book, ["level", "x", 2021, "98"], ["level", None, 2020, "97"], ["level", "y", 2021, "2.2"])
        book["evidence"].merge_cells("B2:B3")
        book["evidence"].row_dimensions[4].hidden = True
        book["targets"].sheet_state = "hidden"

    study = kj.Study.from_file(changed(type_in))
    assert [(e.indicator, e.year) for e in study.evidence] == [("x", 2021), ("x", 2020), ("y", 2021)]
    assert len(study.targets) == 1


@pytest.mark.parametrize(("kept", "wanted"), [("<v>98</v>", "98"), ("<v>98.5</v>", "98.50")])
def test_formulas_count_with_the_value_that_was_computed(changed: Callable[..., Path], kept: str, wanted: str) -> None:
    """As the spreadsheet program saved it, with the digits that the cell shows; an empty text is an empty cell."""

    def type_in(book: Any) -> None:
        figures(book, ["level", "x", 2021, "=90+8", None, None, '=""'])
        book["evidence"]["D2"].number_format = "0.00" if "." in kept else "General"

    path = changed(type_in)
    rewritten(path, {'<f>90+8</f><v></v>': f"<f>90+8</f>{kept}", '<f>90+8</f><v />': f"<f>90+8</f>{kept}", '<c r="G2"><f>""</f><v></v>': '<c r="G2" t="str"><f>""</f><v></v>', '<c r="G2"><f>""</f><v />': '<c r="G2" t="str"><f>""</f><v></v>'})
    assert kj.Study.from_file(path).to_dict()["evidence"] == [level("x", 2021, wanted)]


def rewritten(path: Path, changes: dict[str, str]) -> None:
    """Change the text of a workbook's parts, as a spreadsheet program would have saved it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            text = part.decode("utf-8") if name.endswith(".xml") else None
            for old, new in changes.items():
                text = text.replace(old, new) if text is not None else None
            book.writestr(name, part if text is None else text)


def test_a_file_that_unpacks_to_an_enormous_one_is_refused(tmp_path: Path) -> None:
    """Before it is unpacked."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 210_000_000)
    with pytest.raises(kj.KjprojError, match="unpacks to more than"):
        kj.Study.from_file(tmp_path / "a.xlsx")


def test_whatever_is_typed_a_study_or_an_error_comes_out(tmp_path: Path) -> None:
    """Odd things in odd cells: every workbook gives a study, or a `KjprojError` whose problems have places."""
    odd = [None, 1e308, -1.5, 5e-324, True, datetime(2020, 1, 1), timedelta(1), "=1+1", "{", "[[", "{}", "[1]", "null", '""', "2021年", "#REF!", "NaN", "1e999", "、", "是", "[" * 20_000]
    formats = ["0.00%", "yyyy-mm-dd", "#,##0.0000", "0.0,", "[h]:mm", "@", "# ?/?"]
    draw = random.Random(7)
    kj.Study.from_dict(every_kind()).to_file(tmp_path / "a.xlsx", lang="zh")
    for _ in range(60):
        book = load_workbook(tmp_path / "a.xlsx")
        sheet = draw.choice([s for s in book.worksheets if s.title != "#lists"])
        for _ in range(draw.choice((1, 1, 3))):
            spot = sheet.cell(draw.randint(1, sheet.max_row + 1), draw.randint(1, sheet.max_column + 1))
            spot.value = draw.choice(odd)
            spot.number_format = draw.choice((*formats, *["General"] * 9))
        book.save(tmp_path / "b.xlsx")
        try:
            study = kj.Study.from_file(tmp_path / "b.xlsx")
        except kj.StudyError as error:
            assert all(p.place and p.message for p in error.problems)
            assert len(str(error)) < 6000
        else:
            assert study.indicators


def test_many_rows_are_read_quickly(tmp_path: Path) -> None:
    """Five thousand figures: in time that grows with their number."""
    study = kj.Study.from_dict(small(evidence=[level("x", 1900 + k % 100, "98.10", note=f"n{k}") for k in range(5000)]))
    study.to_file(tmp_path / "a.xlsx")
    start = time.perf_counter()
    assert len(kj.Study.from_file(tmp_path / "a.xlsx").evidence) == 5000
    assert time.perf_counter() - start < 20


def test_own_sheets_and_columns_begin_with_a_mark(changed: Callable[..., Path]) -> None:
    """What begins with # is the writer's own; an empty sheet is nothing."""

    def type_in(book: Any) -> None:
        book.create_sheet("# sums")["A1"] = "anything"
        book.create_sheet("Sheet9")
        book["targets"]["Z1"], book["targets"]["Z2"] = "# mine", 5

    assert kj.Study.from_file(changed(type_in)).to_dict() == small()


def test_scenarios_have_a_row_a_change(changed: Callable[..., Path]) -> None:
    """A name may stand once and be left out below; a scenario without changes has one row."""
    changes = [{"indicator": "x", "drift": 0.02}, {"indicator": "y", "drift": {"kind": "normal", "mean": 0.01, "sd": 0.02}}]
    data = small(scenarios=[{"name": "trend", "reason": "r"}, {"name": "slow", "reason": {"zh": "慢", "en": "s"}, "changes": changes}])

    def look(book: Any) -> None:
        sheet = book["scenarios"]
        assert [row[0].value for row in sheet.iter_rows(min_row=2)][:3] == ["trend", "slow", "slow"]
        sheet["A4"] = None

    assert kj.Study.from_file(changed(look, data)).to_dict() == data


# refusals


def typed(*rows: list[Any]) -> Change:
    return lambda book: figures(book, *rows)


def cell(sheet: str, where: str, value: Any) -> Change:
    def change(book: Any) -> None:
        book[sheet][where] = value

    return change


def extra(book: Any, sheet: str, header_text: str, value: Any) -> None:
    """Put one more column into the seventh."""
    book[sheet]["G1"], book[sheet]["G2"] = header_text, value


REFUSED: list[tuple[str, Change, str, str]] = [
    ("an unknown header", cell("evidence", "K1", "unitt"), "evidence!K1", "did you mean 'unit'?"),
    ("an unknown Chinese header", cell("evidence", "K1", "单位名"), "evidence!K1", "did you mean '单位'?"),
    ("a header twice", cell("evidence", "K1", "年份"), "evidence!K1", "'年份' stands twice; C1 has it already"),
    ("a value without header", cell("evidence", "K2", 5), "evidence!K2", "below no header"),
    ("an unknown sheet", lambda b: b.create_sheet("evidense").append(["a"]), "evidense", "did you mean 'evidence'?"),
    ("a sheet twice", lambda b: b.create_sheet("依据").append(["类型"]), "依据", "is the sheet evidence again"),
    ("an unknown key", cell("study", "A9", "as of date"), "study!A9", "did you mean 'as_of'?"),
    ("an unknown unit", typed(["level", "x", 2021, 98, "亿"]), "evidence!E2", "unknown unit"),
    ("a unit that does not fit", typed(["level", "x", 2021, 98], ["level", "x", 2020, 98, "家"]), "evidence!E3", "家 measures count of 家"),
    ("an unknown indicator", typed(["level", "z", 2021, 98]), "evidence!B2", "unknown indicator 'z'"),
    ("a missing value", typed(["level", "x", 2021]), "evidence!D2", "is missing"),
    ("a text for a figure", typed(["level", "x", 2021, "about 98"]), "evidence!D2", "expected plain digits"),
    ("a date for a figure", typed(["level", "x", 2021, datetime(2021, 5, 1)]), "evidence!D2", "is a date"),
    ("a formula that was never computed", typed(["level", "x", 2021, "=90+8"]), "evidence!D2", "open the file in a spreadsheet program, save it"),
    ("an error", typed(["level", "x", 2021, "#REF!"]), "evidence!D2", "correct the formula"),
    ("a kind that is none", typed(["guess", "x", 2021, "98"]), "evidence!A2", "unknown kind"),
    ("a contradiction", typed([], ["level", "x", 2021, 98, None, 0], ["level", "x", 2021, 99, None, 0]), "evidence!D4", "contradicts evidence!"),
    ("a year after as_of", typed(["level", "x", 2024, 98]), "evidence!C2", "lies after as_of"),
    ("a half year", typed(["level", "x", 2021.5, 98]), "evidence!C2", "whole number"),
    ("half a JSON text", lambda b: extra(b, "indicators", "motion.parts", "[1"), "indicators!G2", "is not JSON"),
    ("a doubled key in JSON", lambda b: extra(b, "indicators", "scale", '{"kind": "log", "kind": "log"}'), "indicators!G2", "'kind' stands twice"),
    ("a part of what is whole", lambda b: extra(b, "indicators", "motion.drift.mean", 5), "indicators!G2", "says more about drift"),
    ("a number too large to show", lambda b: (figures(b, ["level", "x", 2021, 1e300]), setattr(b["evidence"]["D2"], "number_format", "0.00")), "evidence!D2", "at most 24 signs"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_mistakes_are_refused_with_sheet_and_cell(changed: Callable[..., Path], change: Change, place: str, said: str) -> None:
    found = places(changed(change))
    near = [p for p in found if p.split(" (")[0] == place]
    assert near, found
    assert said in found[near[0]]


def test_places_in_chinese_sheets(changed: Callable[..., Path]) -> None:
    """The sheet's own title."""

    def type_in(book: Any) -> None:
        sheet = book["依据"]
        column = next(c.column for c in sheet[1] if c.value == "单位")
        sheet.cell(3, column).value = "家"

    (place,) = places(changed(type_in, lang="zh"))
    assert place == "依据!E3"


def all_problems() -> Iterator[tuple[Any, ...]]:
    for at in leaves(full()):
        if isinstance(at[-1], str) and len(at) > 2:
            yield at


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_place_of_the_document_leads_to_a_cell(tmp_path: Path, lang: Any) -> None:
    """Every field of a full document stands in a cell of its sheet."""
    from kjproj.study.sheets.reading import read_book

    kj.Study.from_dict(full()).to_file(tmp_path / "a.xlsx", lang=lang)
    book = read_book(tmp_path / "a.xlsx")
    for at in all_problems():
        name = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in at).lstrip(".")
        sheet, _, where = book.place(name).partition("!")
        assert sheet == sheet_title(str(at[0]), lang), name
        assert where[:1].isalpha(), (name, where)
        assert where[-1].isdigit(), (name, where)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"as_of: 2022-12-31", bytes(range(256)) * 10])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(kj.KjprojError, match=r"is not a workbook; save it as .xlsx"):
        kj.Study.from_file(path)
    with pytest.raises(kj.KjprojError, match="cannot be read"):
        kj.Study.from_file(tmp_path / "none.xlsx")


def test_an_old_workbook_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(kj.KjprojError, match=r"save it as .xlsx"):
        kj.Study.from_file(path)


def test_an_empty_workbook_says_what_is_missing(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    assert set(places(tmp_path / "a.xlsx")) == {"as_of", "indicators"}


def test_without_its_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(kj.MissingExtraError, match=r"kjproj\[xlsx\]"):
        kj.Study.from_dict(small()).to_file(tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
    with pytest.raises(kj.MissingExtraError, match=r"kjproj\[xlsx\]"):
        kj.Study.from_file(tmp_path / "a.xlsx")


@pytest.mark.parametrize("typed", ["2021、2022", "2021, 2022", "2021年、2022年", "[2021, 2022]"])
def test_a_list_of_years_is_typed_as_people_write_it(tmp_path: Path, typed: str) -> None:
    """Candidate base years in one cell, with commas of either language."""
    study = kj.Study.from_dict(
        {
            "as_of": "2023-12-31",
            "indicators": [{"name": "p", "unit": "个", "measure": "events"}],
            "targets": [{"name": "t", "kind": "added", "indicator": "p", "year": 2025, "at_least": "10", "candidates": [2021, 2022]}],
        }
    )
    file = tmp_path / "years.xlsx"
    study.to_file(file)
    book = load_workbook(file)
    cell = next(c for c in book["targets"][2] if str(c.value).startswith("["))
    cell.value = typed
    book.save(file)
    assert kj.Study.from_file(file).targets[0].candidates == (2021, 2022)
