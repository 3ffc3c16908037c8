"""What a study says of an indicator that another tool's forecast gives, and that bears on nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...study import Study
from ...text import Text
from ..findings import Finding
from ..phrases import label

_WHAT = {
    "scenarios": Text(zh="情景中对它的改变", en="what scenarios change of it bears"),
    "steps": Text(zh="对它设定的一次性变动", en="the one-off changes assumed of it bear"),
    "correlations": Text(zh="它与其他指标波动的相关系数", en="the correlations of its shocks with others' bear"),
}


def idle_beside_forecasts(study: Study) -> Iterator[Finding]:
    """Scenarios, steps or correlations speak of an indicator whose forecast takes their place."""
    said = {
        "scenarios": [change.indicator for scenario in study.scenarios for change in scenario.changes],
        "steps": [step.indicator for step in study.steps],
        "correlations": [name for correlation in study.correlations for name in correlation.between],
    }
    for name in study.forecasts:
        for what, names in said.items():
            if name in names:
                words, idle = label(study, name), _WHAT[what]
                found = Text(
                    zh=f"{words('zh')}采用外部模型的预测，{idle('zh')}不起作用。",
                    en=f"{words('en')} is given by another tool's forecast; {idle('en')} on nothing.",
                )
                yield Finding("idle_beside_forecast", (name,), found)
