"""The words that the page adds to those of the screen."""

from __future__ import annotations

from ...text import Language

Words = dict[Language, str]

TITLES: dict[str, Words] = {
    "moved": {"zh": "与上次测算相比", "en": "What moved since last time"},
    "outlook": {"zh": "走势与分年参考值", "en": "Outlook and yearly reference values"},
    "goals": {"zh": "目标值试算", "en": "What if the goal were another?"},
}
HEADS: dict[str, dict[Language, tuple[str, ...]]] = {
    "moved": {"zh": ("目标", "上次", "本次", "变动"), "en": ("target", "last time", "now", "change")},
    "outlook": {"zh": ("目标", "最新值"), "en": ("target", "latest")},
    "goals": {"zh": ("目标", "现行目标值"), "en": ("target", "goal as it stands")},
    "years": {
        "zh": ("年份", "公布值", "分年参考值", "中位数", "50%区间", "80%区间"),
        "en": ("year", "published", "reference", "median", "50 % range", "80 % range"),
    },
}
OUTLOOK: Words = {
    "zh": "分年参考值：从最新值到目标值，总量指标按等速、比重和数量指标按逐年等量推算，供分解年度任务参考，不是预测。",
    "en": "Yearly reference values lead evenly from the latest value to the goal, by equal rates for amounts and by equal "
    "steps for shares and counts. They divide the way; they do not forecast it.",
}
GOALS: Words = {
    "zh": "下表为各完成概率对应的目标值，其他假设不变。",
    "en": "The table gives the goals that would have these chances, all else as assumed.",
}
TRY: Words = {
    "zh": "移动滑块或输入数值，查看目标值调整后的完成概率，其他假设不变。",
    "en": "Move the slider or type a value to see the chance of another goal; all else as assumed.",
}
CAPTION: Words = {
    "zh": "深蓝线为中位数，深、浅色带为50%、80%区间；黑点为公布值；棕色虚线为分年参考值，菱形为目标值。",
    "en": "Blue line: median; dark and light bands: 50 % and 80 % ranges; black points: published; brown dashes: yearly "
    "reference values; diamond: goal.",
}
CONTROLS: dict[str, Words] = {
    "skip": {"zh": "跳到正文", "en": "Skip to the text"},
    "switch": {"zh": "语言", "en": "Language"},
    "language": {"zh": "中文", "en": "English"},
    "target": {"zh": "目标", "en": "Target"},
    "slider": {"zh": "调整目标值", "en": "Move the goal"},
    "value": {"zh": "目标值", "en": "Goal"},
    "reset": {"zh": "恢复现行目标值", "en": "Back to the goal as it stands"},
    "numbers": {"zh": "图中数据", "en": "The numbers of this chart"},
    "no_script": {"zh": "图形和试算需启用脚本，数据见下表。", "en": "The chart needs scripts; its numbers are in the table."},
}
SENTENCES: dict[str, Words] = {
    "other": {"zh": "目标值为{value}：完成概率{chance}，{phrase}。", "en": "With a goal of {value}: {chance}, {phrase}."},
    "own": {"zh": "现行目标值{value}：完成概率{chance}，{phrase}。", "en": "The goal as it stands, {value}: {chance}, {phrase}."},
    "about": {"zh": "约{}%", "en": "about {} %"},
    "below": {"zh": "不足1%", "en": "below 1 %"},
    "above": {"zh": "超过99%", "en": "above 99 %"},
}
