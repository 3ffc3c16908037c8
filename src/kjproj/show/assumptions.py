"""What the answer hangs on: each assumption with its reason, the one that moves it most first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..answers.overview import Overview, Row
from ..answers.phrases import aim, label
from ..answers.variations import Variation, scenario_label
from ..beliefs.reference import PooledClass, ReferenceClass, reference_class
from ..calibration.reliability import reliability
from ..engine.unknowns import roots
from ..numbers import per_cent_range
from ..study.assumptions import Assumed
from ..text import Language
from .conclusions import headline_rows

Line = tuple[float, str]
_HARDLY = 0.005


def assumption_lines(seen: Overview, lang: Language) -> list[str]:
    """Return one line an assumption, sorted by how far changing it moves the headline chances."""
    lines = [line for kind in _KINDS for line in kind(seen, lang)]
    return [f"- {text}" for _, text in sorted(lines, key=lambda line: -line[0])]


def _moved(seen: Overview, wanted: Callable[[Variation], bool], lang: Language) -> tuple[float, str]:
    """Return how far the variations move a chance at the most, and the range of the one they move most, in words.

    The targets of the conclusions come first; others are named where those hardly move.
    """
    places = [k for k, v in enumerate(seen.variations) if wanted(v)]
    if not places:
        return -1.0, ""
    for rows in (headline_rows(seen), [row for row in seen.rows if row.status == "open"]):
        spans = [(_span(row, places), row) for row in rows]
        (low, high), row = max(spans, key=lambda item: item[0][1] - item[0][0], default=((0.0, 0.0), None))
        if row is not None and high - low >= _HARDLY:
            span, name = per_cent_range(low, high, lang), aim(seen.study, row.target, lang)
            words = f"，{row.target.year}年{name}完成概率{span}" if lang == "zh" else f": {name} in {row.target.year} {span}"
            return high - low, words
    return 0.0, ""


def _span(row: Row, places: Sequence[int]) -> tuple[float, float]:
    """The least and the greatest chance of a row, as it is and under some variations."""
    assert row.chance is not None  # an open row has one
    values = [row.chance.value.value, *(row.chance.by[k] for k in places)]
    return min(values), max(values)


def _drawn(seen: Overview, lang: Language) -> Iterator[Line]:
    for name in seen.projection.forecasts:
        words, said = label(seen.study, name)(lang), seen.projection.origin(name, lang)
        said += _why(seen, name, lang) + _left(seen, name, lang)
        yield -0.5, f"{words}：采用{said}" if lang == "zh" else f"{words}: {said}"


def _why(seen: Overview, name: str, lang: Language) -> str:
    """Say why a forecast that the study states is used, and where it stands."""
    given = seen.study.indicator(name).given
    if given is None or seen.study.forecasts[name] != seen.projection.forecasts[name]:
        return ""
    source = "" if given.source is None else f"（来源：{given.source}）" if lang == "zh" else f" (source: {given.source})"
    return f"；{given.reason(lang)}{source}" if lang == "zh" else f"; {given.reason(lang)}{source}"


def _left(seen: Overview, name: str, lang: Language) -> str:
    """Say how much of a forecast's draws figures leave."""
    left = seen.projection.block(name).effective
    if left is None:
        return ""
    return f"；更新后有效路径约{left[0]:.0f}条（共{left[1]}条）" if lang == "zh" else f"; figures leave the worth of {left[0]:,.0f} of {left[1]:,} draws"


def _motions(seen: Overview, lang: Language) -> Iterator[Line]:
    asked = {root for row in seen.rows if row.status == "open" for n in row.target.indicators for root in roots(seen.study, n)}
    for name, assumed in seen.projection.assumed.items():
        if name not in asked:
            continue
        if assumed.reference_class is None:
            reason = "本研究给出" if lang == "zh" else "given by the study"
            move, span = -1.0, ""
        else:
            reason = _borrowed(assumed, assumed.reference_class, lang)
            swings = [_spread(seen, assumed.reference_class, lang), _instead(seen, name, lang)]
            move, span = max(move for move, _ in swings), "".join(said for _, said in swings)
        words, motion = label(seen.study, name)(lang), assumed.motion.describe(lang)
        yield move, f"{words}：{motion}；{reason}{span}" if lang == "zh" else f"{words}: {motion}; {reason}{span}"


def _borrowed(assumed: Assumed, found: str, lang: Language) -> str:
    """Say which class a motion is from, and where it was widened."""
    cls = reference_class(found)
    p = cls.provenance
    if lang == "zh":
        said = f"借用同类经验“{cls.title('zh')}”（{p.series}个地区，{p.first_year}—{p.last_year}年）"
    else:
        said = f"borrowed from the class “{cls.title('en')}” ({p.series} regions, {p.first_year} to {p.last_year})"
    return said + _widened(assumed, cls, lang)


def _spread(seen: Overview, found: str, lang: Language) -> Line:
    """Say the swing under a class's spreads halved and doubled."""
    move, span = _moved(seen, lambda v: v.kind == "spread" and v.about.startswith(f"{found}:"), lang)
    return move, span and (f"；离散程度减半或加倍{span}" if lang == "zh" else f"; its spreads halved and doubled{span}")


def _instead(seen: Overview, indicator: str, lang: Language) -> Line:
    """Say the range over other classes that might serve."""
    own = [v for v in seen.variations if v.kind == "class" and v.about.startswith(f"{indicator}:")]
    move, span = _moved(seen, own.__contains__, lang)
    said = ("、" if lang == "zh" else ", ").join(f"“{reference_class(v.about.partition(':')[2]).title(lang)}”" for v in own)
    return move, span and (f"；改用{said}{span}" if lang == "zh" else f"; with {said} instead{span}")


def _widened(assumed: Assumed, cls: ReferenceClass | PooledClass, lang: Language) -> str:
    """Say the growth of today that a class states, and where it was widened."""
    today = cls.today.reason if isinstance(cls, PooledClass) and cls.today else None
    parts = [*([today(lang)] if today else []), *(note(lang) for note in assumed.notes)]
    return "".join(f"；{part}" if lang == "zh" else f"; {part}" for part in parts)


def _record(seen: Overview, lang: Language) -> Iterator[Line]:
    found = reliability(seen.projection)
    if found.classes:
        yield -3.0, found.describe(lang)


def _breaks(seen: Overview, lang: Language) -> Iterator[Line]:
    for _, item in seen.study.standing:
        if item.branches():
            own = {branch.name for branch in item.branches()}
            move, span = _moved(seen, lambda v, own=own: v.about in own, lang)  # type: ignore[misc]
            span = span and (f"；视为一次性或增长{span}" if lang == "zh" else f"; read one way and the other{span}")
            said = f"{label(seen.study, item.indicator)(lang)}{'：' if lang == 'zh' else ': '}{item.describe(lang)}"
            yield move, f"{said}{span}"


def _scenario(seen: Overview, lang: Language) -> Iterator[Line]:
    others = [v for v in seen.variations if v.kind == "scenario"]
    if others:
        move, span = _moved(seen, lambda v: v.kind == "scenario", lang)
        name, reason = scenario_label(seen.projection)(lang), seen.projection.scenario.reason(lang)
        rest = ("、" if lang == "zh" else ", ").join(scenario_label(seen.projection, v.about)(lang) for v in others)
        yield (
            move,
            f"情景“{name}”：{reason}；改用{rest}{span}"
            if lang == "zh"
            else f"scenario “{name}”: {reason}; with {rest} instead{span}",
        )


def _correlations(seen: Overview, lang: Language) -> Iterator[Line]:
    for c in seen.study.correlations:
        a, b = (label(seen.study, name)(lang) for name in c.between)
        text = f"{a}与{b}年度波动的相关系数{c.value:g}：{c.reason(lang)}"
        yield -2.0, text if lang == "zh" else f"yearly shocks of {a} and {b} correlate at {c.value:g}: {c.reason(lang)}"


def _steps(seen: Overview, lang: Language) -> Iterator[Line]:
    for step in seen.study.steps:
        name = label(seen.study, step.indicator)(lang)
        text = f"{name}：{step.year}年一次性变动（{step.reason(lang)}）"
        yield -1.5, text if lang == "zh" else f"{name}: a one-off change in {step.year} ({step.reason(lang)})"


def _events(seen: Overview, lang: Language) -> Iterator[Line]:
    for name, posterior in seen.projection.events.items():
        open_rows = [row for row in seen.rows if row.status == "open" and row.target.indicator == name]
        if open_rows and posterior.belief is not None:
            words, said = label(seen.study, name)(lang), posterior.belief.describe(lang)
            yield -0.7, f"{words}：{said}" if lang == "zh" else f"{words}: {said}"


def _commitments(seen: Overview, lang: Language) -> Iterator[Line]:
    for commitment in seen.projection.scenario.commitments:
        goal, reason = aim(seen.study, seen.study.target(commitment.target), lang), commitment.reason(lang)
        share = f"{commitment.credibility:.0%}" if lang == "zh" else f"{100 * commitment.credibility:.0f} %"
        yield -0.6, f"{goal}：以{share}的可信度视为兑现（{reason}）" if lang == "zh" else f"{goal}: taken as kept with a credibility of {share} ({reason})"


_KINDS = (_scenario, _breaks, _motions, _drawn, _events, _commitments, _steps, _correlations, _record)
