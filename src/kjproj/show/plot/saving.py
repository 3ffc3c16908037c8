"""Writing a picture to a file, the same bytes for the same picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import KjprojError, MissingExtraError
from ...study.replacing import replace_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDINGS = (".png", ".svg", ".pdf")
_DATES: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def save(ax: Axes, path: str | Path, *, dpi: int = 150) -> None:
    """Write the figure of an axes to a .png, .svg or .pdf file, without a date, so that the same picture is the same file.

    Raises `KjprojError` for another ending and where the file cannot be written, `MissingExtraError` without matplotlib.

    >>> import kjproj as kj
    >>> kj.plot.save(None, "fan.jpg")
    Traceback (most recent call last):
        ...
    kjproj.errors.KjprojError: fan.jpg has an unknown ending; expected .png, .svg, .pdf
    """
    ending = checked_ending(path)
    try:
        from matplotlib import rc_context
    except ModuleNotFoundError:
        raise MissingExtraError("matplotlib", "plot") from None
    content = BytesIO()
    with rc_context({"svg.hashsalt": "kjproj", "svg.fonttype": "path", "pdf.fonttype": 3}):
        whole: Any = ax.figure.figure  # of a part of a figure all of it
        whole.savefig(content, format=ending[1:], dpi=dpi, metadata=_DATES[ending])
    replace_file(Path(path), content.getvalue())


def checked_ending(path: str | Path) -> str:
    """Return the ending of a picture's file; raises `KjprojError` for an unknown one."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise KjprojError(f"{path} has an unknown ending; expected {', '.join(ENDINGS)}")
    return ending
