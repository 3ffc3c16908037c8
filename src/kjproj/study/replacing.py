"""Files that are written as a whole or not at all: beside their place first, then in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from ..errors import KjprojError


def replace_file(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to, and put it in the place of `path` when that went well; else `path` stays as it was."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a console
            with path.open("wb") as stream:
                yield stream
            return
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        file = NamedTemporaryFile(dir=path.resolve().parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115 - moved below
        try:
            with file:
                yield file
            Path(file.name).chmod(mode)
            os.replace(file.name, path.resolve())
        finally:
            Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        raise KjprojError(f"{path} cannot be written: {error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
