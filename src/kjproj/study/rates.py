"""Low, middle and high rates of growth: three quantiles of one belief, and three scenarios with weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ..beliefs import Belief, Elicited, Normal
from ..errors import KjprojError
from ..numbers import digits, rate_words
from ..scales import Linear, Log
from ..text import Language, Text, Words
from .assumptions import TREND, assumed_for, changed_motion
from .indicator import Indicator
from .scenario import Change, Scenario

if TYPE_CHECKING:
    from .study import Study

_CASES: Mapping[str, dict[Language, str]] = {
    "low": {"zh": "低方案", "en": "low"},
    "middle": {"zh": "中方案", "en": "middle"},
    "high": {"zh": "高方案", "en": "high"},
}
_RULES = {(0.1, 0.5, 0.9): (0.3, 0.4, 0.3), (0.05, 0.5, 0.95): (0.185, 0.63, 0.185)}
_EVEN = 0.02
"""How far from even the outer rates may lie for a normal belief, as a share of the distance between them."""
Three = tuple[float, float, float]


def rates_of(study: Study, indicator: str, rates: Three, at: Sequence[float], reason: Any) -> dict[str, Any]:
    """Return the fields of a study that change: the indicator with its belief, and the scenarios with the three more."""
    own = study.indicator(indicator)
    if indicator in study.derived:
        members = ", ".join(study.derived[indicator].members)
        raise KjprojError(f"{indicator} is derived by an identity and has no drift; give the rates of one of {members}")
    drifts = _drifts(own, rates)
    elicited = _elicited(own, rates, drifts, at)
    weights = weights_at(elicited, drifts, at)
    belief = _even(drifts, at) or elicited
    changed = _believing(study, own, belief)
    cases = [_case(own, *one, reason) for one in zip(_CASES, rates, drifts, weights, strict=True)]
    names = {case.name for case in cases}
    kept = [scenario for scenario in study.scenarios or (TREND,) if scenario.name not in names]
    return {"indicators": [changed if i.name == indicator else i for i in study.indicators], "scenarios": [*kept, *cases]}


def weights_at(belief: Elicited, values: Sequence[float], at: Sequence[float]) -> Three:
    """Return how likely each of three quantiles of a belief is, if only these three can come.

    At 10, 50 and 90 % it is .3, .4 and .3 (extended Swanson-Megill), at 5, 50 and 95 % .185, .63 and .185 (extended
    Pearson-Tukey): both keep mean and variance to within a few per cent whatever the shape. At other levels the weights are
    those that give the belief's own mean and variance. Raises `KjprojError` where one of these would be negative.
    Source: Keefer and Bodily (1983), Management Science 29(5), doi 10.1287/mnsc.29.5.595.
    """
    for levels, weights in _RULES.items():
        if all(math.isclose(p, level) for p, level in zip(at, levels, strict=True)):
            return weights
    a, b, c = values
    mean, square = belief.mean, belief.sd**2 + belief.mean**2
    found = tuple(
        (square - (u + v) * mean + u * v) / ((x - u) * (x - v)) for x, u, v in ((a, b, c), (b, a, c), (c, a, b))
    )
    if min(found) <= 0.0:
        said = ", ".join(f"{100 * p:g}" for p in at)
        raise KjprojError(
            f"no three weights at {said} % have the belief's mean and variance; state the rates at other levels, such as 10, 50 and 90 %"
        )
    return found[0], found[1], found[2]


def _drifts(indicator: Indicator, rates: Three) -> Three:
    """Return rates of growth as drifts on the indicator's scale."""
    if not all(isinstance(rate, int | float) and not isinstance(rate, bool) and math.isfinite(rate) for rate in rates):
        raise KjprojError(f"rates are {rates!r}; expected three numbers, such as 0.04, 0.06 and 0.08 for 4, 6 and 8 % a year")
    if isinstance(indicator.scale, Linear):
        return rates
    if not isinstance(indicator.scale, Log):
        raise KjprojError(
            f"{indicator.name} lies on the scale {indicator.scale.kind}, where growth is no rate a year; give a belief about "
            "the drift with with_motion, and scenarios of your own"
        )
    wrong = [rate for rate in rates if not -1.0 < rate < 1.0]
    if wrong:
        raise KjprojError(f"a rate is {wrong[0]:g}; expected a fraction a year, such as 0.05 for 5 %")
    low, middle, high = (math.log1p(rate) for rate in rates)
    return low, middle, high


def _elicited(indicator: Indicator, rates: Three, drifts: Three, at: Sequence[float]) -> Elicited:
    """Return the belief with these quantiles; an error speaks of rates, not of places on the scale."""
    if not rates[0] < rates[1] < rates[2]:
        raise KjprojError(f"low, middle and high are {rates[0]:g}, {rates[1]:g} and {rates[2]:g}; expected rates that rise")
    try:
        return Elicited.from_quantiles(drifts, at)
    except KjprojError:
        if len(at) != 3 or not 0 < at[0] < at[1] < at[2] < 1:
            raise
    least, greatest = Elicited.middles(drifts[0], drifts[2], at)
    if isinstance(indicator.scale, Log):
        least, greatest = math.expm1(least), math.expm1(greatest)
    raise KjprojError(
        f"the rates {rates[0]:g}, {rates[1]:g} and {rates[2]:g} are too lopsided for one belief: between {rates[0]:g} and "
        f"{rates[2]:g} the middle one may lie from {least:.3g} to {greatest:.3g}; move one of the three"
    )


def _even(drifts: Three, at: Sequence[float]) -> Normal | None:
    """Return the normal belief with this median and this outer distance, where the other two quantiles follow from it.

    Rates as even as 4, 6.5 and 9 % are; a normal belief is no coordinate of the nodes but handled exactly.
    """
    inverse = NormalDist().inv_cdf
    sd = (drifts[2] - drifts[0]) / (inverse(at[2]) - inverse(at[0]))
    mean = drifts[1] - sd * inverse(at[1])
    off = abs(mean + sd * inverse(at[0]) - drifts[0])
    return Normal(mean=mean, sd=sd) if off <= _EVEN * (drifts[2] - drifts[0]) else None


def _believing(study: Study, indicator: Indicator, belief: Belief) -> dict[str, Any]:
    """Return the indicator's fields with the belief in the place of what was said about its drift."""
    change = Change(indicator=indicator.name, drift=belief)
    if assumed_for(indicator, change, {}, study) is None:
        raise KjprojError(f"nothing says how {indicator.name} moves; give it a motion or a reference_class first")
    fields = {name: getattr(indicator, name) for name in type(indicator).model_fields if name in indicator.model_fields_set}
    if indicator.motion is not None:
        return {**fields, "motion": changed_motion(indicator.motion, change)}
    return {**fields, "beliefs": {**(indicator.beliefs or {}), "drift": belief}}


def _case(indicator: Indicator, case: str, rate: float, drift: float, weight: float, reason: Any) -> Scenario:
    """Return a scenario that fixes the drift, called by its case and rate; the reason says the indicator too."""
    name = indicator.label or Text(zh=indicator.name, en=indicator.name)
    why = TypeAdapter(Words).validate_python(reason)
    zh, en = _rate(indicator, rate, "zh"), _rate(indicator, rate, "en")
    change = f"变动{zh}" if not isinstance(indicator.scale, Log) else f"{'增长' if rate >= 0 else '下降'}{zh.removeprefix('-')}"
    fields = {
        "name": f"{indicator.name}_{case}",
        "label": {"zh": f"{_CASES[case]['zh']}（{zh}）", "en": f"{_CASES[case]['en']} ({en})"},
        "reason": {"zh": f"{name('zh')}年均{change}：{why('zh')}", "en": f"{name('en')} at {en} a year: {why('en')}"},
    }
    return Scenario.model_validate({**fields, "changes": [Change(indicator=indicator.name, drift=drift)], "weight": weight})


def _rate(indicator: Indicator, rate: float, lang: Language) -> str:
    """Say a rate: 4.0%, "4.0 %"; on `Linear` 0.09亿元, "0.09 亿元"."""
    if isinstance(indicator.scale, Log):
        return rate_words(rate, lang)
    return f"{digits(rate)}{'' if lang == 'zh' else ' '}{indicator.unit}"
