"""`kjproj sample [STUDY] -o FILE.csv`: sample paths for a spreadsheet or another program."""

from __future__ import annotations

import argparse
import io
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ..errors import KjprojError
from .bar import Bar
from .common import language, projection_arguments, projection_of, study_argument, whole

if TYPE_CHECKING:
    from ..answers.sample import Floats
    from ..projection import Projection

HELP = "draw sample paths into a CSV file, a row each"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser)
    parser.add_argument("-n", "--paths", type=whole, default=10_000, metavar="N", help="how many (default 10,000)")
    parser.add_argument("-o", "--out", required=True, metavar="FILE", help="a .csv file; its columns are INDICATOR.YEAR")
    parser.add_argument("--indicator", action="append", metavar="NAME", help="only this one; may be given again")
    projection_arguments(parser)


def answer(options: argparse.Namespace) -> str:
    """Write the paths, and say how many; Ctrl-C keeps those that are finished."""
    from ..study.replacing import replacing

    path, lang, count = Path(options.out), language(options.lang), options.paths
    if path.suffix.lower() != ".csv":
        raise KjprojError(f"{path} has an unknown ending; expected .csv")
    projection = projection_of(options)
    with replacing(path) as file, Bar(lang) as bar:
        done = _written(projection, options.indicator, count, file, bar)
    if done == count:
        return f"已将{done:,}条路径写入{path}。\n" if lang == "zh" else f"{done:,} paths are written to {path}.\n"
    if lang == "zh":
        return f"已中断：{count:,}条路径中完成的{done:,}条已写入{path}。\n"
    return f"Interrupted: of {count:,} paths the {done:,} that were finished are written to {path}.\n"


def _written(projection: Projection, chosen: list[str] | None, n_paths: int, file: IO[bytes], bar: Bar) -> int:
    """Write chunk after chunk; return how many paths the file holds, which may be fewer where Ctrl-C is pressed."""
    from ..answers.sample import answerable, counted, horizon, levels_by_chunk, shocks_of
    from ..progress import Progress

    count, shocks, (first, last) = counted(n_paths), shocks_of(projection, None), horizon(projection, None, None)
    names, years = list(dict.fromkeys(chosen)) if chosen else answerable(projection), range(first, last + 1)
    work, done = Progress(bar, count), 0
    kept = _put(file, _head(names, years))
    try:
        with closing(levels_by_chunk(projection, names, years, count, shocks, None)) as chunks:
            for rows, levels in chunks:
                kept, done = _put(file, _lines([levels[name] for name in names])), rows.stop
                work(done)
    except KeyboardInterrupt:
        if not done:
            raise
        if file.seekable():
            file.truncate(kept)
    return done


def _put(file: IO[bytes], content: bytes) -> int:
    """Write, and return where the file ends then."""
    file.write(content)
    return file.tell() if file.seekable() else 0


def _head(names: list[str], years: range) -> bytes:
    """Return the line of titles; names that are not ASCII are marked as UTF-8, for spreadsheets."""
    line = ",".join(f"{name}.{year}" for name in names for year in years) + "\n"
    return line.encode("ascii" if line.isascii() else "utf-8-sig")


def _lines(columns: list[Floats]) -> bytes:
    import numpy as np

    text = io.BytesIO()
    np.savetxt(text, np.hstack(columns), fmt="%.9g", delimiter=",")
    return text.getvalue()
