"""Fonts that show what is written: Chinese as Chinese, or an error that says what to install; never boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from ...errors import KjprojError
from ...text import Language

CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Source Han Sans", "思源黑体",
    "Microsoft YaHei", "Microsoft YaHei UI", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "DengXian", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "HarmonyOS Sans SC", "MiSans", "Sarasa Gothic SC", "LXGW WenKai",
    "Noto Sans CJK JP", "Noto Sans CJK TC", "Source Han Sans HW SC", "Heiti TC", "Droid Sans Fallback",
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", "NSimSun", "FangSong", "KaiTi", "STSong", "Songti SC",
    "Arial Unicode MS",
)  # fmt: skip
"""Families with simplified Chinese of Windows, macOS and Linux, the better ones for charts first."""
_FILES = (
    "notosanscjk", "notosanssc", "sourcehansans", "msyh", "pingfang", "hiragino sans gb", "stheiti", "deng", "simhei", "wqy",
    "harmonyos", "misans", "sarasa", "lxgw", "droidsansfallback", "notoserifcjk", "notoserifsc", "sourcehanserif", "simsun",
    "simfang", "simkai", "stsong", "songti", "arial unicode",
)  # fmt: skip
_GENERIC = ("serif", "sans-serif", "cursive", "fantasy", "monospace")


def families(texts: Iterable[str], lang: Language) -> list[str]:
    """Return font families that together show every character of some texts.

    The reader's own (matplotlib's `font.family`) are kept where they suffice; else the first font with Chinese that is
    installed joins them, in front of them for Chinese. Raises `KjprojError` where none is.
    """
    from matplotlib import rcParams

    own = list(rcParams["font.family"])
    lacking = {c for text in texts for c in text if not c.isspace()} - _shown_by(own)
    if not lacking:
        return own
    for name in _installed() or _found_on_disk():
        if lacking <= _characters(name):
            return [name, *own] if lang == "zh" else [*own, name]
    raise KjprojError(_advice(lacking))


def _shown_by(names: Iterable[str]) -> set[str]:
    """The characters of the fonts that matplotlib takes for some families: of a generic one its first that is there."""
    from matplotlib import rcParams

    known, settings = _known(), cast("Mapping[str, Any]", rcParams)
    found: set[str] = set()
    for name in names:
        members = settings[f"font.{name}"] if name in _GENERIC else [name]
        first = next((member for member in members if member in known), None)
        found |= _characters(first) if first else set()
    return found


def _installed() -> list[str]:
    known = _known()
    return [name for name in CHINESE if name in known]


def _known() -> set[str]:
    from matplotlib.font_manager import fontManager

    return {font.name for font in fontManager.ttflist}


def _found_on_disk() -> list[str]:
    """Tell matplotlib of fonts with Chinese that were installed after it made its list, and return their families."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    for path in sorted(findSystemFonts()):
        if Path(path).stem.lower().startswith(_FILES):
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError):  # a file that is no font
                continue
    return _installed()


def _characters(family: str) -> frozenset[str]:
    from matplotlib.font_manager import FontProperties, findfont

    return _in_file(findfont(FontProperties(family=family), fallback_to_default=False))


@cache
def _in_file(path: str) -> frozenset[str]:
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(path).get_charmap()))


def _advice(lacking: Iterable[str]) -> str:
    signs = "".join(sorted(lacking)[:12])
    return (
        f"no installed font shows {signs}. Windows and macOS bring one; on Linux install Noto Sans CJK (apt-get install fonts-noto-cjk, "
        "dnf install google-noto-sans-cjk-fonts), or put the file of any font with Chinese, such as Noto Sans SC, into "
        "~/.local/share/fonts; a font of another name is chosen by matplotlib.rcParams['font.family'] = its name; "
        f"or ask for lang='en'. / 本机没有可显示“{signs}”的字体：Windows和macOS自带；Linux请安装Noto Sans CJK（fonts-noto-cjk），"
        "或将任一中文字体文件（如思源黑体）放入~/.local/share/fonts；也可用rcParams['font.family']指定，或改用lang='en'。"
    )
