"""The words of the workbook: sheets, columns, formats."""

from __future__ import annotations

from ...text import Language

SHEETS: dict[str, dict[Language, str]] = {
    "targets": {"zh": "目标", "en": "targets"},
    "joints": {"zh": "同时完成", "en": "joints"},
    "scenarios": {"zh": "情景比较", "en": "scenarios"},
    "yearly": {"zh": "分年值", "en": "yearly values"},
    "moved": {"zh": "与上次相比", "en": "what moved"},
    "findings": {"zh": "建议核实", "en": "findings"},
    "assumptions": {"zh": "主要假设", "en": "assumptions"},
    "sources": {"zh": "资料来源", "en": "sources"},
    "recipe": {"zh": "复算依据", "en": "recipe"},
}
HEADS: dict[str, dict[Language, tuple[str, ...]]] = {
    "targets": {
        "zh": (
            "目标", "年份", "最新值", "最新年份", "目标值", "目标数值", "单位", "年均尚需", "尚需（文字）", "时序进度之差",
            "中位数", "80%区间下限", "80%区间上限", "完成概率", "假设变动最小", "假设变动最大", "判断", "数据占比", "标识",
        ),
        "en": (
            "target", "year", "latest", "latest year", "goal", "goal as a number", "unit", "needed a year", "still needed",
            "lead over plan", "median", "80 % from", "80 % to", "chance", "least over assumptions",
            "greatest over assumptions", "in words", "own data", "name",
        ),
    },
    "joints": {
        "zh": ("同时完成的目标", "项数", "完成概率", "假设变动最小", "假设变动最大", "判断", "单独完成概率最低的"),
        "en": ("targets together", "how many", "chance", "least over assumptions", "greatest over assumptions", "in words", "least likely alone"),
    },
    "scenarios": {"zh": ("目标", "年份"), "en": ("target", "year")},
    "yearly": {
        "zh": ("目标", "单位", "年份", "公布值", "分年参考值", "中位数", "50%区间下限", "50%区间上限", "80%区间下限", "80%区间上限"),
        "en": ("target", "unit", "year", "published", "reference", "median", "50 % from", "50 % to", "80 % from", "80 % to"),
    },
    "moved": {"zh": ("目标", "年份", "上次", "本次", "变动"), "en": ("target", "year", "last time", "now", "change")},
    "findings": {"zh": ("建议核实", "类型"), "en": ("please check", "kind")},
    "assumptions": {"zh": ("主要假设（影响最大的在前）",), "en": ("assumptions, the one that moves the answer most first",)},
    "sources": {
        "zh": ("名称", "发布单位", "发布日期", "数据截至", "章节", "网址"),
        "en": ("title", "publisher", "published", "covers until", "sections", "address"),
    },
    "recipe": {"zh": ("项目", "内容"), "en": ("what", "value")},
}
STATUS: dict[str, dict[Language, str]] = {
    "met": {"zh": "已达到", "en": "published: met"},
    "missed": {"zh": "未达到", "en": "published: not met"},
    "no_basis": {"zh": "报告无依据", "en": "no basis yet"},
}
CHANCE: dict[Language, str] = {
    "zh": '[<0.01]"不足1%";[>0.99]"超过99%";0%',
    "en": '[<0.01]"below 1 %";[>0.99]"above 99 %";0 %',
}
