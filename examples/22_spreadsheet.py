"""How do I answer a workbook of figures, and write the answers back into it?

Your own layout, not that of a study: the sheets "figures" and "targets" go out as JSON, and what comes back becomes the
sheet "answers". Needs openpyxl (extra `xlsx`).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

import kjproj as kj

FIGURES = [("指标", "单位", 2018, 2019, 2020, 2021, 2022), ("研发经费", "亿元", 57.1, 63.8, 70.2, 79.9, 88.4), ("高新技术企业", "家", 320, 371, 430, 521, 605)]
TARGETS = [("指标", "年份", "不低于", "完成概率", "需年均"), ("研发经费", 2025, 120), ("高新技术企业", 2025, 900), ("专利", 2025, 10)]


def your_workbook(path: Path) -> None:
    """Write a workbook such as an office keeps it."""
    book = Workbook()
    for title, rows in (("figures", FIGURES), ("targets", TARGETS)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)


def request(book: Any) -> dict[str, Any]:
    """Return what the two sheets say as a request; a figure is text, because its digits are its error."""
    (_, _, *years), *rows = book["figures"].values
    units = {name: unit for name, unit, *_ in rows}
    stated = {name: {"unit": unit, "reference_class": "generic_positive"} for name, unit in units.items()}
    evidence = [
        {"kind": "level", "indicator": name, "year": year, "value": str(figure)}
        for name, _, *figures in rows
        for year, figure in zip(years, figures, strict=True)
        if figure is not None
    ]
    asked = []
    for name, year, goal, *_ in list(book["targets"].values)[1:]:
        target = {"kind": "level", "name": f"{name}_{year}", "indicator": name, "year": year, "at_least": str(goal)}
        asked += [{"kind": "probability", "target": target}, {"kind": "required_growth", "target": target}]
    indicators = [{"name": name, **more} for name, more in stated.items()]
    study = {"kjproj": 1, "as_of": f"{max(years)}-12-31", "indicators": indicators, "evidence": evidence}
    return {"study": study, "lang": "zh", "questions": asked}


def fill(book: Any, result: dict[str, Any]) -> None:
    """Write chance and growth beside each target, and every sentence, or why there is none, into a sheet of its own."""
    if "error" in result:
        raise SystemExit(result["error"]["message"])
    said = book.create_sheet("answers")
    for number, answer in enumerate(result["answers"]):
        cell = book["targets"].cell(row=2 + number // 2, column=4 + number % 2, value=answer.get("value", "—"))
        cell.number_format = "0%" if number % 2 == 0 or answer.get("way") == "rate" else "0"
        said.append([answer["text"]["zh"] if "text" in answer else answer["error"]["message"]])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.xlsx"
        your_workbook(path)
        book = load_workbook(path)
        fill(book, json.loads(kj.answer_json(json.dumps(request(book)))))
        book.save(path)
        for row in load_workbook(path)["targets"].values:
            print(*("" if value is None else f"{value:.2f}" if isinstance(value, float) else value for value in row), sep="\t")


if __name__ == "__main__":
    main()
