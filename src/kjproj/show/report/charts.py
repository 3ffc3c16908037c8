"""Fan charts, as Vega-Lite specifications that Altair builds and checks (extra `report`)."""

from __future__ import annotations

from functools import cache
from typing import Any

from ...answers.overview import Overview
from ...errors import MissingExtraError
from ...numbers import digits
from ...text import Language
from .. import words
from . import wording
from .outlook import Outlook

BLUE, MIDDLE, LIGHT, INK, BROWN, LINE = "#1f4e79", "#8fb0d3", "#cddcec", "#1d2733", "#8a5200", "#d9dee4"
_CHINESE = "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei'"
_LATIN = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial"
FONTS: dict[Language, str] = {"zh": f"{_CHINESE}, {_LATIN}, sans-serif", "en": f"{_LATIN}, {_CHINESE}, sans-serif"}
_HEIGHT = 250


def altair() -> Any:
    """Return the package that builds charts."""
    try:
        import altair as package
    except ModuleNotFoundError:
        raise MissingExtraError("altair", "report") from None
    return package


@cache
def library() -> str:
    """Return the JavaScript of Vega, Vega-Lite and Vega-Embed in one piece, of Altair's version or the last one before it."""
    try:
        import vl_convert
    except ModuleNotFoundError:
        raise MissingExtraError("vl-convert-python", "report") from None
    wanted = ".".join(altair().SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    known = vl_convert.get_vegalite_versions()
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=wanted if wanted in known else known[-1]))


def fan(seen: Overview, found: Outlook, lang: Language) -> dict[str, Any]:
    """Return a fan chart: what was published, the median with its 50 and 80 % ranges, reference values, the goal."""
    alt = altair()
    x = alt.X("year:Q", title=None, axis=alt.Axis(values=found.years, format="d", grid=False), scale=alt.Scale(nice=False, padding=16))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=5))
    ahead = alt.Chart(alt.Data(values=_ahead(found, lang))).encode(x=x)
    hints = [alt.Tooltip("year:Q", title=_head(1, lang), format="d"), *(alt.Tooltip(f"{name}:N", title=_head(k, lang)) for name, k in _HINTS)]
    layers = [
        ahead.mark_area(color=LIGHT).encode(y=y, y2="high:Q"),
        ahead.mark_area(color=MIDDLE).encode(y="lower:Q", y2="upper:Q"),
        ahead.mark_line(color=BLUE, strokeWidth=2.5).encode(y="median:Q"),
        ahead.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(y="median:Q", tooltip=hints),
        _line(alt, _path(found.reference, found), x, "level", BROWN, strokeDash=[5, 4], size=16),
        _line(alt, _points(found.published), x, "level", INK, size=46),
        *_goals(alt, found, x, lang),
    ]
    chart = alt.layer(*layers).properties(width="container", height=_HEIGHT, description=description(seen, found, lang))
    chart = chart.configure(font=FONTS[lang], aria=False, padding={"left": 2, "top": 6, "right": 12, "bottom": 2})
    chart = chart.configure_axis(labelFontSize=12, labelColor="#3d4854", gridColor=LINE, domainColor="#8b95a1", tickColor="#8b95a1")
    spec: dict[str, Any] = chart.configure_view(stroke=None).to_dict()
    spec.pop("$schema")
    return spec


_HINTS = (("said", 3), ("half", 4), ("eighty", 5))


def _head(column: int, lang: Language) -> str:
    return wording.HEADS["years"][lang][column if column > 1 else 0]


def _line(alt: Any, values: list[dict[str, Any]], x: Any, field: str, color: str, *, size: int, **dash: Any) -> Any:
    """Points along a line."""
    mark = {"color": color, "strokeWidth": 1.5, "point": {"color": color, "size": size, "filled": True}, **dash}
    return alt.Chart(alt.Data(values=values)).mark_line(**mark).encode(x=x, y=f"{field}:Q")


def _goals(alt: Any, found: Outlook, x: Any, lang: Language) -> list[Any]:
    """A diamond for each goal, with its words beside it."""
    said = {"zh": "目标", "en": "goal "}[lang]
    rows = [{"year": found.row.target.year, "level": level, "words": f"{said}{digits(level, 6)}"} for level in found.goals]
    marks = alt.Chart(alt.Data(values=rows)).encode(x=x, y="level:Q")
    words_ = {"align": "right", "dx": -10, "dy": -9, "fontSize": 12.5, "fontWeight": "bold", "color": BROWN}
    around = {"stroke": "white", "strokeWidth": 3}
    return [
        marks.mark_point(shape="diamond", color=BROWN, filled=True, size=150, opacity=1, stroke="white", strokeWidth=1),
        marks.mark_text(**words_, **around).encode(text="words:N"),
        marks.mark_text(**words_).encode(text="words:N"),
    ]


def _ahead(found: Outlook, lang: Language) -> list[dict[str, Any]]:
    """The quantiles by year, from the last published level on, which is certain."""
    rows: list[dict[str, Any]] = []
    last = max(found.published, default=None)
    if last is not None and last + 1 in found.ahead:
        level = _short(found.published[last])
        rows.append({"year": last, "low": level, "lower": level, "median": level, "upper": level, "high": level})
    for year, levels in found.ahead.items():
        low, lower, median, upper, high = map(_short, levels)
        said, half, eighty = ranges(levels, lang)
        row = {"year": year, "low": low, "lower": lower, "median": median, "upper": upper, "high": high}
        rows.append({**row, "said": said, "half": half, "eighty": eighty})
    return rows


def ranges(levels: tuple[float, ...], lang: Language) -> tuple[str, str, str]:
    """Return the median, the 50 % and the 80 % range in words, rounded as in the table."""
    low, lower, median, upper, high = levels
    (a, middle, b), (c, _, d) = words.rounded((low, median, high)), words.rounded((lower, median, upper))
    to = "—" if lang == "zh" else " to "
    return middle, f"{c}{to}{d}", f"{a}{to}{b}"


def _path(values: Any, found: Outlook) -> list[dict[str, Any]]:
    """Reference values, from the figure on from which they lead."""
    need = found.row.need
    start = {} if need is None or not values else {need.base_year: need.base}
    return _points({**start, **values})


def _points(values: Any) -> list[dict[str, Any]]:
    return [{"year": year, "level": _short(level)} for year, level in sorted(values.items())]


def _short(level: float) -> float:
    return float(f"{level:.7g}")


def description(seen: Overview, found: Outlook, lang: Language) -> str:
    """Say in a sentence what a chart shows, for those who do not see it."""
    row, study = found.row, seen.study
    name, year = words.named(study, row.target, lang), row.target.year
    latest, middle, goal = words.latest(study, row, lang), words.median_range(study, row, lang), words.bound(study, row.target, lang)
    if lang == "zh":
        return f"走势图：{name}。最新值{latest}；{year}年中位数（80%区间）{middle}；目标值{goal}。"
    return f"Fan chart of {name}. Latest {latest}; median (80 % range) in {year}: {middle}; goal {goal}."
