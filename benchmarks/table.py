"""Print what benchmarks kept as a table: `python benchmarks/table.py FILE`, of `--benchmark-json=FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Print a line for each benchmark that holds a limit."""
    print("| what | measured | asked for |\n|---|---|---|")
    for one in json.loads(Path(sys.argv[1]).read_text())["benchmarks"]:
        kept = one["extra_info"]
        if "limit" in kept:
            name = one["name"].removeprefix("test_").replace("_", " ")
            word = "at least" if kept["at_least"] else "at most"
            print(f"| {name} | {kept['measured']:g} {kept['unit']} | {word} {kept['limit']:g} {kept['unit']} |")


if __name__ == "__main__":
    main()
