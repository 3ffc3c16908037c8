"""What sheets and columns are called, in English and in Chinese: both are understood, whichever was written."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from itertools import product

from ...text import Language
from .fields import STUDY, sheets

GUIDE = {"zh": "说明", "en": "readme"}
_SHEETS = {
    STUDY: ("研究", "基本信息"),
    "sources": ("来源", "资料来源"),
    "indicators": ("指标",),
    "identities": ("恒等式",),
    "correlations": ("相关", "相关系数"),
    "steps": ("一次性变动",),
    "evidence": ("依据", "数据"),
    "targets": ("目标",),
    "scenarios": ("情景",),
}
_WORDS = {
    "aliases": ("别名",),
    "among": ("比较范围",),
    "as_of": ("截至日期", "时点"),
    "at_least": ("不低于", "目标值"),
    "at_most": ("不高于",),
    "base_year": ("基年", "基期"),
    "between": ("区间",),
    "bias": ("偏差",),
    "candidates": ("可能基年",),
    "chance": ("可能性",),
    "changes": ("改变",),
    "commitments": ("阶段目标兑现",),
    "confidence": ("把握",),
    "correlations": ("相关",),
    "covers_until": ("数据截至",),
    "credibility": ("可信度",),
    "deflator": ("平减",),
    "denominator": ("分母",),
    "df": ("自由度",),
    "dispersion": ("离散倍数",),
    "drift": ("漂移", "年均增长"),
    "en": ("英文",),
    "error": ("误差",),
    "events": ("事件",),
    "expected": ("预计", "预计数"),
    "factors": ("因子",),
    "forecast": ("预测",),
    "given": ("外部预测",),
    "hazard": ("年概率",),
    "high": ("高值", "上限"),
    "indicator": ("指标",),
    "kind": ("类型",),
    "kjproj": ("文件版本",),
    "label": ("显示名", "显示名称"),
    "last_year": ("末年", "目标年"),
    "less_than": ("低于", "小于"),
    "level": ("水平",),
    "low": ("低值", "下限"),
    "mean": ("均值",),
    "measure": ("计量性质",),
    "median": ("中位数",),
    "mode": ("众值", "最可能值"),
    "more_than": ("高于", "大于", "超过"),
    "motion": ("走势",),
    "name": ("名称", "代码"),
    "nature": ("目标性质", "性质"),
    "note": ("备注", "注"),
    "numerator": ("分子",),
    "of": ("所属指标",),
    "of_growth": ("按增速",),
    "over_years": ("年际关系",),
    "parts": ("组成",),
    "peer_of": ("对标指标",),
    "period": ("时期", "期间"),
    "place": ("地区",),
    "plan": ("规划",),
    "prices": ("价格",),
    "probability": ("概率",),
    "published": ("发布日期",),
    "published_digits": ("公布小数位",),
    "publisher": ("发布单位", "发布机构"),
    "rank": ("位次",),
    "rate": ("速率", "回复速度", "年均次数"),
    "reason": ("理由",),
    "reference_class": ("参照类",),
    "regions": ("地区数",),
    "relative_error": ("相对误差",),
    "repair_correlations": ("修正相关",),
    "result": ("结果",),
    "revises": ("取代旧值",),
    "revision": ("修订",),
    "role": ("确保或力争",),
    "scale": ("尺度",),
    "sd": ("标准差",),
    "sd_log": ("对数标准差",),
    "section": ("章节",),
    "share": ("占全年比重",),
    "since": ("起始年份", "上期年份"),
    "size": ("幅度",),
    "source": ("来源",),
    "taken_as": ("实际口径",),
    "target": ("所指目标",),
    "than": ("比较对象",),
    "title": ("标题",),
    "unit": ("单位",),
    "until": ("保持至",),
    "upper": ("截断",),
    "url": ("网址",),
    "value": ("数值",),
    "volatility": ("波动",),
    "weight": ("权重",),
    "when": ("考核时点",),
    "wobble": ("比重波动",),
    "year": ("年份", "年度"),
    "zh": ("中文",),
}
_ALSO = {("targets", "目标"): "name", ("correlations", "指标"): "between", ("correlations", "指标对"): "between", ("indicators", "指标"): "name"}
_VALUES = {
    "水平": "level", "增量": "change", "增速": "growth", "部分时期": "partial", "界限": "bound", "断点": "break", "一次性": "break",
    "流量": "flow", "存量": "stock", "比率": "ratio", "现价": "current", "当年价": "current", "不变价": "constant", "可比价": "constant",
    "判断": "judgement", "差距": "gap", "位次": "rank", "新增": "added", "比较": "comparison", "里程碑": "milestone", "事件": "events", "比值": "ratio", "合计": "sum",
    "预期性": "expected", "约束性": "binding", "线性": "linear", "对数": "log", "乘积": "product",
}  # fmt: skip
_KEY, _VALUE = ("key", "字段"), ("value", "内容")


def sheet_title(sheet: str, lang: Language) -> str:
    """Return what a sheet is called."""
    return _SHEETS.get(sheet, (sheet,))[0] if lang == "zh" else sheet


def header(sheet: str, path: str, lang: Language) -> str:
    """Return what a column is called."""
    if lang == "en":
        return path
    if (sheet, path) == ("correlations", "between"):
        return "指标对"
    return ".".join(_WORDS.get(part, (part,))[0] for part in path.split("."))


def key_value(lang: Language) -> tuple[str, str]:
    """Return the headers of the sheet of keys and values."""
    return (_KEY[1], _VALUE[1]) if lang == "zh" else (_KEY[0], _VALUE[0])


def is_key_header(text: str) -> bool:
    """Tell whether a cell is the header of the keys."""
    return _plain(text) in _KEY


def english_value(text: str, choices: tuple[str, ...]) -> str:
    """Return the word of the document for a Chinese one that stands for it among the choices."""
    found = _VALUES.get(text, text)
    return found if text not in choices and found in choices else text


def find_sheet(title: str) -> str | None:
    """Return which sheet a title names."""
    named = {_plain(form): sheet for sheet in sheets() for form in (sheet, *_SHEETS.get(sheet, ()))}
    return named.get(_plain(title))


def is_own(title: str) -> bool:
    """Tell whether a sheet or a column is the writer's own: the guide, and what begins with #."""
    return title.strip().startswith(("#", "＃")) or _plain(title) in GUIDE.values()


def find_header(sheet: str, text: str) -> str | None:
    """Return which column a header names."""
    return _headers(sheet).get(_plain(text))


def near(text: str, known: list[str]) -> str:
    """Say which known names are nearest, or all of them where none is near (what leads inside left out)."""
    close = get_close_matches(_plain(text)[:80], known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(name for name in known if '.' not in name)}"


def known_headers(sheet: str, lang: Language) -> list[str]:
    """Return the headers of a sheet."""
    return [header(sheet, path, lang) for path in sheets()[sheet]]


def language_of(text: str) -> Language:
    """Return the language that a title or a header is in."""
    return "en" if text.isascii() else "zh"


@cache
def _headers(sheet: str) -> Mapping[str, str]:
    found = {_plain(path): path for path in sheets()[sheet]}
    for first in (True, False):  # what is written comes before what is only understood
        for path in sheets()[sheet]:
            words = [(part, *_WORDS.get(part, ())) for part in path.split(".")]
            forms = [header(sheet, path, "zh")] if first else [".".join(p) for p in product(*words)]
            for form in forms:
                found.setdefault(form, path)
    for (where, form), path in _ALSO.items():
        if where == sheet:
            found.setdefault(form, path)
    return found


def _plain(text: str) -> str:
    return "".join(text.split()).replace("．", ".").replace("。", ".").lower()
