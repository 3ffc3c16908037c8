"""The examples that embed the library: a web service, a notebook, a spreadsheet, a pipeline."""

from __future__ import annotations

import json
import runpy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

import kjproj as kj

EXAMPLES = Path(__file__).parents[1] / "examples"
STUDY = kj.Study.from_levels({"rd": {2020: "80", 2021: "90", 2022: "97"}}, unit="亿元", reference_class="rd_spending").to_dict()
REQUEST = {"study": STUDY, "questions": [{"kind": "quantiles", "indicator": "rd", "first_year": 2023, "last_year": 2024}]}


@contextmanager
def served() -> Iterator[tuple[int, dict[str, Any]]]:
    """The service on a free port of this machine, for as long as it is asked."""
    names = runpy.run_path(str(EXAMPLES / "20_web_service.py"))
    with names["ThreadingHTTPServer"](("127.0.0.1", 0), names["Answers"]) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port, names
        finally:
            server.shutdown()
            thread.join(timeout=30)
    assert not thread.is_alive()


def post(port: int, body: bytes, path: str = "/answer", **headers: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        assert response.getheader("Content-Type") == "application/json; charset=utf-8"
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_service_answers_and_keeps_its_limits() -> None:
    """What it says is what `answer_json` says; what is wrong or too large has a status of its own, and it goes on."""
    with served() as (port, names):
        text = json.dumps(REQUEST).encode()
        assert post(port, text) == (200, json.loads(kj.answer_json(text)))
        assert names["ask"](port, REQUEST) == json.loads(kj.answer_json(text))
        refused, found = post(port, b'{"study": {}}')
        assert (refused, found["error"]["where"]) == (422, "study.as_of")
        assert post(port, b"{}", "/other")[0] == 404
        assert post(port, b"", **{"Content-Length": str(names["LARGEST"] + 1)})[0] == 413
        assert post(port, b"", **{"Content-Length": "9" * 5000})[0] == 413
        for length in ("-1", "x", "²"):
            assert post(port, b"", **{"Content-Length": length})[0] == 411
        assert post(port, text)[0] == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()


def test_the_service_gives_up_who_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that says a length and sends less holds no thread for ever, and no other caller up."""
    with served() as (port, names):
        assert 0 < names["Answers"].timeout <= 30
        monkeypatch.setattr(names["Answers"], "timeout", 0.2)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as slow:
            slow.sendall(b"POST /answer HTTP/1.0\r\nContent-Length: 99\r\n\r\n{")
            assert post(port, json.dumps(REQUEST).encode())[0] == 200
            assert slow.recv(100) == b""


def test_the_notebook_is_clean_and_runs() -> None:
    """Nothing is printed in the file; run from top to bottom, every cell of code but the first shows something."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(EXAMPLES / "21_notebook.ipynb", as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    assert notebook.cells[0].source.splitlines()[0].endswith("?")
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert all(cell.outputs and cell.outputs[-1].output_type == "execute_result" for cell in cells[1:])
    assert "研发经费投入150亿元" in json.dumps([cell.outputs for cell in cells], ensure_ascii=False)


def test_the_spreadsheet_gets_its_answers_back(tmp_path: Path) -> None:
    """The numbers beside the targets are the library's; a target without figures says why in the sheet of sentences."""
    openpyxl = pytest.importorskip("openpyxl")
    names = runpy.run_path(str(EXAMPLES / "22_spreadsheet.py"))
    path = tmp_path / "figures.xlsx"
    names["your_workbook"](path)
    book = openpyxl.load_workbook(path)
    request = names["request"](book)
    names["fill"](book, json.loads(kj.answer_json(json.dumps(request))))
    book.save(path)
    book = openpyxl.load_workbook(path)
    projection = kj.project(kj.Study.from_dict(request["study"]))
    asked = [q["target"] for q in request["questions"] if q["kind"] == "probability"]
    for row, target in zip(list(book["targets"].values)[1:3], asked, strict=False):
        own = kj.Target(**{k: v for k, v in target.items() if k != "kind"})
        assert row[3] == pytest.approx(kj.probability(projection, own).value, rel=1e-14)
        assert row[4] == pytest.approx(kj.required_growth(projection.study, own).value, rel=1e-14)
    said = [row[0] for row in book["answers"].values]
    assert len(said) == 6
    assert "unknown indicator '专利'" in said[-1]


def test_the_pipeline_says_what_one_process_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Two workers, the same table; the study with a slip is a line of it."""
    pytest.importorskip("dask.bag")
    names = runpy.run_path(str(EXAMPLES / "23_dask_pipeline.py"))
    lines = [f"{place}\t{names['line'](kj.answer_json(names['request'](place)))}" for place in names["PLACES"]]
    names["main"]()
    assert capsys.readouterr().out.splitlines() == lines
    assert "evidence[1].value" in lines[-1]
