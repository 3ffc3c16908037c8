"""How do I put the answers behind a web address?

POST a study or a request to /answer. Without arguments the service starts on a free port, is asked once, and stops;
`python 20_web_service.py --port 8000` serves until Ctrl-C. It uses the standard library alone and listens to this machine
only: put a server that faces the world in front of it.
"""

from __future__ import annotations

import argparse
import json
import threading
import urllib.request
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import kjproj as kj

LARGEST = 1_000_000
"""Bytes of a request; a study of a city has 30 thousand."""
ONE_AT_A_TIME = threading.Lock()
"""An answer takes a processor; more of them at once take no less. Start more processes in place of threads."""


class Answers(BaseHTTPRequestHandler):
    """Reads JSON, writes JSON."""

    timeout = 10  # seconds without a byte, after which a caller is given up

    def do_POST(self) -> None:
        """Answer /answer; a study that is refused is 422, and the result says why."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/answer":
            return self.refuse(HTTPStatus.NOT_FOUND, "POST to /answer")
        if not length.isascii() or not length.isdecimal():
            return self.refuse(HTTPStatus.LENGTH_REQUIRED, "say Content-Length")
        if len(length) > 12 or int(length) > LARGEST:
            return self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send {LARGEST:,} bytes or fewer")
        sent = self.rfile.read(int(length))
        with ONE_AT_A_TIME:
            result = kj.answer_json(sent)
        return self.write(HTTPStatus.UNPROCESSABLE_ENTITY if "error" in json.loads(result) else HTTPStatus.OK, result)

    def refuse(self, status: HTTPStatus, what_to_do: str) -> None:
        """Say what to do; what else was sent is not read, so the connection is closed."""
        self.close_connection = True
        self.write(status, json.dumps({"error": {"message": what_to_do}}))

    def write(self, status: HTTPStatus, text: str) -> None:
        """Send a text of JSON."""
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Keep no log of who asked what."""


def ask(port: int, request: dict[str, Any]) -> Any:
    """Ask the service as any program would."""
    body = json.dumps(request).encode()
    sent = urllib.request.Request(f"http://127.0.0.1:{port}/answer", data=body, headers={"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine, whatever the proxy
    with opener.open(sent, timeout=60) as response:
        return json.load(response)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port
    with ThreadingHTTPServer(("127.0.0.1", port), Answers) as server:
        if port:
            print(f"POST a study to http://127.0.0.1:{port}/answer")
            server.serve_forever()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        questions = [
            {"kind": "probability", "target": "rd_spending_2025"},
            {"kind": "required_growth", "target": "rd_spending_2025"},
            {"kind": "attainable", "indicator": "rd_spending", "year": 2025, "probability": 0.8},
        ]
        result = ask(server.server_port, {"study": kj.datasets.yueyang().to_dict(), "lang": "zh", "questions": questions})
        for answer in result["answers"]:
            print(answer["text"]["zh"])
        print(result["recipe"])
        server.shutdown()


if __name__ == "__main__":
    main()
