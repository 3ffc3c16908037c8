"""The dials of beliefs about motions: drift, volatility, and what else a motion believes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ...beliefs import Belief
from ...engine.block_posterior import BlockPosterior
from ...motions import Motion
from ...motions.base import Parameterised
from ...numbers import digits, rate_words
from ...projection import Projection
from ...scales import Linear, Log, Scale
from ...study import Study
from ...text import Language, Text
from ..phrases import label
from .common import DEVIATIONS, HIGH, LOW, Dial, Scope, exchanged, two_sided

_DRIFT = ("drift", "deviation", "common")
"""The parts of a drift: a stated belief about it is about all of them."""
_DRAWN = ("first_noise",)
"""Standard normals of their own: nobody believes anything about them."""
_NAMES: Mapping[str, Text] = {
    "drift": Text(zh="年均变动", en="drift"),
    "volatility": Text(zh="年波动", en="volatility"),
    "coming": Text(zh="今后波动与以往之比", en="coming volatility over the past one"),
    "level": Text(zh="趋向的水平", en="the level it returns to"),
    "rate": Text(zh="回复速度", en="rate of return"),
    "deviation": Text(zh="自身与同类年均变动之差", en="own drift less that of the class"),
    "common": Text(zh="今后各年共同的变动", en="what the coming years add to the drift"),
    "size": Text(zh="一次性变动", en="one-off change"),
}


def parameters(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial for every belief of every motion: fixed at its 10 % and at its 90 % quantile before the figures.

    A drift is moved as a whole: a class's mean, the place's deviation from it and what the coming years add together; a part
    that other indicators here share stays as uncertain as it is, for it would move them too.
    A number has no spread and a flat belief no quantiles, so neither has a dial.
    """
    streams = [p.shared for b in scope.blocks for one in b.block.moving.values() for p in one.motion.parameters().values()]
    shared = {stream for stream in streams if stream is not None and streams.count(stream) > 1}
    for block in scope.blocks:
        for name in block.block.moving:
            yield from _of_indicator(projection, block, name, shared)


def _of_indicator(projection: Projection, block: BlockPosterior, name: str, shared: set[str]) -> Iterator[Dial]:
    motion = block.block.moving[name].motion
    known = {path: parameter for path, parameter in motion.parameters().items() if parameter.shared not in shared}
    for path, parameter in known.items():
        short = path.rpartition(".")[2]
        whole = _whole_drift(known, path) if short in _DRIFT else None
        if short in _DRAWN or (whole is not None and short != "drift"):
            continue  # a part of a drift is moved with it
        ends = whole or _ends(parameter.belief)
        if ends is None:
            continue
        rest = [p for part in _DRIFT[1:] if (p := _sibling(path, part)) in known] if whole else []
        kind = short if short in ("drift", "volatility") else "parameter"
        about = name if path == kind else f"{name}:{path}"
        low, high = (_moving(projection, block, name, _with(motion, {**dict.fromkeys(rest, 0.0), path: end})) for end in ends)
        yield two_sided(kind, about, _words(projection.study, name, short, ends), low, high)


def _sibling(path: str, parameter: str) -> str:
    """Name another parameter of the same part of a motion."""
    return path[: len(path) - len(path.rpartition(".")[2])] + parameter


def _whole_drift(known: Mapping[str, Parameterised], path: str) -> tuple[float, float] | None:
    """Return the ends of the drift that a parameter is part of; None where a part is not normal, or nothing is believed."""
    parts = [known[p] for part in _DRIFT if (p := _sibling(path, part)) in known]
    moments = [part.belief.gaussian for part in parts]
    if _sibling(path, "drift") not in known or any(m is None or math.isinf(m[1]) for m in moments):
        return None
    mean = sum(m[0] for m in moments if m is not None)
    sd = math.hypot(*(m[1] for m in moments if m is not None))
    return (mean - DEVIATIONS * sd, mean + DEVIATIONS * sd) if sd > 0.0 else None


def _ends(belief: Belief) -> tuple[float, float] | None:
    moments = belief.gaussian
    if moments is not None and (moments[1] == 0.0 or math.isinf(moments[1])):
        return None
    return belief.quantile(LOW), belief.quantile(HIGH)


def _with(motion: Motion, values: Mapping[str, float]) -> Motion:
    """Return a motion with numbers in the place of parameters, those of parts too."""
    parts = getattr(motion, "parts", ())
    changed: dict[str, object] = {name: value for name, value in values.items() if not name.startswith("parts.")}
    if any(name.startswith("parts.") for name in values):
        own = [{n.removeprefix(f"parts.{i}."): v for n, v in values.items() if n.startswith(f"parts.{i}.")} for i in range(len(parts))]
        changed["parts"] = tuple(_with(part, inner) if inner else part for part, inner in zip(parts, own, strict=True))
    return motion.model_copy(update=changed)


def _moving(projection: Projection, block: BlockPosterior, name: str, motion: Motion) -> Projection:
    assumed = replace(block.block.moving[name], motion=motion)
    return exchanged(projection, block, moving={**block.block.moving, name: assumed})


def _words(study: Study, name: str, parameter: str, ends: tuple[float, float]) -> Text:
    known = _NAMES.get(parameter, Text(zh=f"参数{parameter}", en=parameter))
    scale, unit, words = study.scale(name), study.unit(name), label(study, name)

    def said(lang: Language) -> tuple[str, str]:
        low, high = (_value(parameter, end, scale, unit, lang) for end in ends)
        return low, high

    (zh_a, zh_b), (en_a, en_b) = said("zh"), said("en")
    a_year = " a year" if parameter in _DRIFT else ""
    en = f"{words('en')}: {known('en')} {en_a.removesuffix(' %')} or {en_b}{a_year}"
    return Text(zh=f"{words('zh')}{known('zh')}取{zh_a}或{zh_b}", en=en)


def _value(parameter: str, value: float, scale: Scale, unit: str, lang: Language) -> str:
    """Say a parameter: on `Log` per cent a year, on `Linear` in the unit, else the plain number."""
    if parameter == "level":
        return f"{digits(float(scale.to_level(value)), 3)}{unit}" if lang == "zh" else f"{digits(float(scale.to_level(value)), 3)} {unit}"
    if parameter in (*_DRIFT, "size", "volatility"):
        if isinstance(scale, Log):
            return rate_words(value if parameter == "volatility" else float(np.expm1(value)), lang)
        if isinstance(scale, Linear):
            return f"{digits(value, 3)}{unit}" if lang == "zh" else f"{digits(value, 3)} {unit}"
    return digits(value, 3)
