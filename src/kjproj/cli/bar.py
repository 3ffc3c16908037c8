"""A bar that says how far long work is: on the error stream, where that is a terminal, once it has taken a second."""

from __future__ import annotations

import shutil
import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..text import Language

AFTER = 1.0
"""Seconds of silence: short work shows no bar."""
_CELLS = 24
_ECHO = 2
"""A terminal writes ^C behind the bar."""


class Bar:
    """What `on_progress` takes: draws itself over its own line, and is gone when the work ends, however it ends."""

    def __init__(self, lang: Language) -> None:
        self._lang, self._began, self._drawn = lang, monotonic(), 0
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Bar:
        return self

    def __call__(self, done: int, total: int, estimate: object) -> None:
        """Draw the bar, unless the work is young."""
        passed = monotonic() - self._began
        if self._shows and passed >= AFTER:
            self._draw(done / total, passed)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._drawn:
            self._write(" " * (self._drawn + _ECHO))
            self._write("")

    def _draw(self, share: float, passed: float) -> None:
        from ..tables import width

        left = passed * (1.0 - share) / max(share, 1e-9)
        cells = "#" * round(_CELLS * share)
        zh = f"已完成{share:.0%}，约剩{left:.0f}秒"
        en = f"{100 * share:.0f} % done, about {left:.0f} s left"
        said = f"[{cells:.<{_CELLS}}] {zh if self._lang == 'zh' else en}"
        if width(said) + _ECHO >= shutil.get_terminal_size().columns:  # a line that wraps could not be drawn over
            said = f"{100 * share:.0f} %"
        self._write(said + " " * max(self._drawn - width(said), 0))
        self._drawn = width(said)

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()
