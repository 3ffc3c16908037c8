"""What a study says of an indicator that another tool's forecast gives, and that bears on nothing, contradicts it or was made later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...forecasts import Forecast
from ...numbers import digits
from ...study import Study
from ...study.standing import made_on
from ...text import Text
from ..findings import Finding
from ..phrases import label
from ..required import last_figure
from .magnitudes import TIMES

_FAR = 4.0
_WHAT = {
    "scenarios": Text(zh="情景中对它的改变", en="what scenarios change of it bears"),
    "steps": Text(zh="对它设定的一次性变动", en="the one-off changes assumed of it bear"),
    "correlations": Text(zh="它与其他指标波动的相关系数", en="the correlations of its shocks with others' bear"),
}


def idle_beside_forecasts(study: Study, forecasts: Mapping[str, Forecast]) -> Iterator[Finding]:
    """Scenarios, steps or correlations speak of an indicator whose forecast takes their place."""
    said = {
        "scenarios": [change.indicator for scenario in study.scenarios for change in scenario.changes],
        "steps": [step.indicator for step in study.steps],
        "correlations": [name for correlation in study.correlations for name in correlation.between],
    }
    for name in forecasts:
        for what, names in said.items():
            if name in names:
                words, idle = label(study, name), _WHAT[what]
                found = Text(
                    zh=f"{words('zh')}采用外部模型的预测，{idle('zh')}不起作用。",
                    en=f"{words('en')} is given by another tool's forecast; {idle('en')} on nothing.",
                )
                yield Finding("idle_beside_forecast", (name,), found)


def made_later(study: Study) -> Iterator[Finding]:
    """A forecast was made after the day as of which the study speaks."""
    for indicator in study.indicators:
        made = None if indicator.given is None else made_on(study, indicator.given)
        if made is not None and made > study.as_of:
            words = label(study, indicator.name)
            found = Text(
                zh=f"{words('zh')}采用的外部预测作于{made}，晚于数据时点{study.as_of}，可能含有当时尚不知道的情况，请核对这两个日期。",
                en=f"{words('en')}: the forecast was made on {made}, after {study.as_of}, the day as of which the study speaks, and may hold what "
                "was not known then; please check both dates.",
            )
            yield Finding("made_later", (indicator.name,), found)


def apart_from_forecasts(study: Study, forecasts: Mapping[str, Forecast]) -> Iterator[Finding]:
    """A figure lies far outside of the forecast that it updates, or a forecast begins at a multiple of the last figure."""
    for name, forecast in forecasts.items():
        words, own, scale = label(study, name), study.unit(name), study.scale(name)
        middle = {year: float(scale.to_level(forecast.middle(year))) for year in forecast.years}
        for year, level in study.stated.get(name, {}).items():
            if year in forecast.years and forecast.evidence == "update" and abs(far := forecast.score(year, float(scale.to_scale(level)))) >= _FAR:
                found = Text(
                    zh=f"{words('zh')}{year}年实际为{digits(level)}{own}，外部模型的预测中位数为{digits(middle[year])}{own}，相差{abs(far):.0f}个标准差以上；两者合并之前请核对。",
                    en=f"{words('en')} was {digits(level)} {own} in {year}, {abs(far):.0f} standard deviations or more from the {digits(middle[year])} {own} of the "
                    "forecast that it updates; please check both before they are merged.",
                )
                yield Finding("apart_from_forecast", (name,), found, {"standard_deviations": far})
        last, first = last_figure(study, name, forecast.first), middle[forecast.first]
        if last is not None and min(last[1], first) > 0 and not 1.0 / TIMES < first / last[1] < TIMES:
            times = digits(first / last[1], 3)
            found = Text(
                zh=f"{words('zh')}的外部预测{forecast.first}年中位数为{digits(first)}{own}，是{last[0]}年{digits(last[1])}{own}的{times}倍，请核对是否把增速当作了数值，或单位有误。",
                en=f"{words('en')}: the forecast begins at {digits(first)} {own} in {forecast.first}, {times} times the {digits(last[1])} {own} of {last[0]}; "
                "please check whether growth rates were taken for levels, and the unit.",
            )
            yield Finding("out_of_scale", (name,), found, {"times": first / last[1]})
