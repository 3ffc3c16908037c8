"""The motion that a fitted class gives an indicator, made to fit the level and the years of the study's figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..beliefs import Normal
from ..beliefs.pooled import AFTER_EXTREME, EXTREME, OUTSIDE, PooledClass, PooledNumbers
from ..beliefs.rule import LogNormalRule
from ..errors import KjprojError
from ..motions import Motion, Pooled
from ..text import Text
from ..units import convert, unit
from .indicator import Indicator

if TYPE_CHECKING:
    from .study import Study



def pooled_motion(
    cls: PooledClass, indicator: Indicator, study: Study | None, factor: float = 1.0
) -> tuple[Pooled, tuple[Text, ...]]:
    """Return the motion of an indicator under a class, and what was widened and why.

    Variances grow where the class is about larger regions, where the last level lies outside the class's range
    (times 1.25), and those of coming shocks after a last growth beyond four standard deviations (times 1.25). `factor`
    multiplies the class's spreads. Raises `KjprojError` where the units do not fit.
    """
    numbers = cls.numbers.widened(factor**2)
    shift = unit_shift(cls, indicator)
    numbers = numbers.model_copy(update={"center": numbers.center + shift})
    places, last_year = _places(indicator, study)
    last = places[max(places)] if places else None
    notes = []
    wider = cls.variance_for(indicator.region)
    if wider > 1.0:
        notes.append(_smaller(cls, indicator, wider))
    elif indicator.region is None and cls.region != "any":
        notes.append(_unsaid(cls))
    if last is not None and not numbers.low <= last - numbers.center <= numbers.high:
        wider *= OUTSIDE
        notes.append(_outside(cls))
    numbers = numbers.widened(wider)
    scale = scale_at(numbers, last)
    coming = 1.0
    if max(places, default=0) - 1 in places:
        growth = places[max(places)] - places[max(places) - 1] - numbers.drift
        if abs(growth) > EXTREME * scale:
            coming = AFTER_EXTREME**0.5
            notes.append(_extreme())
    today = cls.today.drift.widened(factor) if cls.today else None
    shared = None if cls.region == "any" else cls.name  # quantities of many kinds have no draw in common
    return motion_of(numbers, scale, last_year, shared, coming, today), tuple(notes)


def motion_of(
    numbers: PooledNumbers,
    scale: float,
    last_year: int | None,
    shared: str | None = None,
    coming: float = 1.0,
    today: Any = None,
) -> Pooled:
    """Return the motion that a class's numbers give a series of volatility `scale` whose figures end in `last_year`."""
    ratio = scale / numbers.scale
    common = Normal(mean=0.0, sd=numbers.common_drift) if numbers.common_drift else 0.0
    return Pooled(
        drift=numbers.drift if today is None else today,
        deviation=Normal(mean=0.0, sd=numbers.drift_spread * ratio),
        common=common if today is None else 0.0,
        volatility=LogNormalRule(median=scale, sd_log=0.5 * numbers.spread),
        coming=LogNormalRule(median=coming, sd_log=0.5 * numbers.change, points=3),
        first_noise=Normal(mean=0.0, sd=1.0),
        scale=scale,
        noise=numbers.noise,
        tie=numbers.tie,
        lean=numbers.lean,
        pull=numbers.pull,
        center=numbers.center,
        last_year=last_year,
        shared=shared,
    )


def scale_at(numbers: PooledNumbers, last: float | None) -> float:
    """Return the typical volatility of a series of the class whose last place on the scale is `last`."""
    away = 0.0 if last is None else min(max(last - numbers.center, numbers.low), numbers.high)
    return numbers.scale * math.exp(0.5 * numbers.size * away)


def own_drift(motion: Motion, parameter: str) -> dict[str, Any]:
    """Return what else a stated belief about a parameter replaces: one about the drift is about all of it."""
    return {"deviation": 0.0, "common": 0.0} if parameter == "drift" and isinstance(motion, Pooled) else {}


def unit_shift(cls: PooledClass, indicator: Indicator) -> float:
    """Return what a place on the logarithmic scale gains in the indicator's unit over the class's."""
    if cls.unit is None:
        return 0.0
    if unit(cls.unit).quantity != unit(indicator.unit).quantity and not _both_count(cls.unit, indicator.unit):
        raise KjprojError(
            f"class {cls.name} is in {cls.unit}, {indicator.name} in {indicator.unit}: give a unit of "
            f"{unit(cls.unit).quantity}, or another class"
        )
    if cls.scale != "log" or _both_count(cls.unit, indicator.unit):
        return 0.0
    return math.log(convert(1.0, cls.unit, indicator.unit))


def _both_count(a: str, b: str) -> bool:
    return unit(a).counts and unit(b).counts


def _places(indicator: Indicator, study: Study | None) -> tuple[dict[int, float], int | None]:
    """Return the reported places by year, or those that identities lead to, and the year of the last figure."""
    if study is None:
        return {}, None
    levels = study.reported.get(indicator.name)
    if not levels:
        implied = study.implied.get(indicator.name, {})
        levels = {year: level for year, level in implied.items() if year <= study.last_past_year}
    places = {year: indicator.scale.place(level) for year, level in levels.items()}
    places = {year: place for year, place in places.items() if math.isfinite(place)}
    own = (item for item in study.evidence if item.indicator == indicator.name and not item.expected)
    return places, max((*places, *_years(own)), default=None)


def _years(items: Iterable[Any]) -> list[int]:
    return [item.year for item in items if item.kind not in ("bound", "break")]


_REGIONS = {"country": "国家", "province": "省份", "city": "城市", "county": "县区", "any": "地区"}


def _smaller(cls: PooledClass, indicator: Indicator, variance: float) -> Text:
    return Text(
        zh=f"同类经验来自{_REGIONS[cls.region]}，用于{_REGIONS[indicator.region or 'any']}，方差放大为{variance:g}倍",
        en=f"the class is about a {cls.region}, this is a {indicator.region}: variances times {variance:g}",
    )


def _unsaid(cls: PooledClass) -> Text:
    return Text(
        zh=f"同类经验来自{_REGIONS[cls.region]}，本指标未注明地区类别（region），如为更小的地区应注明，方差随之放大",
        en=f"the class is about a {cls.region}, and which kind of region this is is not said: state region where it is a smaller one",
    )


def _outside(cls: PooledClass) -> Text:
    return Text(
        zh=f"最近数值超出同类经验“{cls.title('zh')}”的范围，方差放大为{OUTSIDE:g}倍",
        en=f"the last level lies outside the range of the class “{cls.title('en')}”: variances times {OUTSIDE:g}",
    )


def _extreme() -> Text:
    return Text(
        zh=f"最近一年变动超过常年波动的{EXTREME:g}倍，今后波动的方差放大为{AFTER_EXTREME:g}倍",
        en=f"the last year's change is beyond {EXTREME:g} usual ones: variances of coming shocks times {AFTER_EXTREME:g}",
    )
