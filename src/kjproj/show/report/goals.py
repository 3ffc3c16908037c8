"""What if a target's figure were another? A table of figures by their chance, and what the slider reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...answers.curves import Curve
from ...answers.overview import Overview
from ...numbers import digits
from ...text import Language
from .. import words
from ..section import Section, Table
from . import wording

_CHANCES = (0.9, 0.66, 0.5, 0.33, 0.1)
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def goals(seen: Overview, curves: Sequence[Curve], lang: Language) -> Section | None:
    """Return the table of the figures that are met with 90, 66, 50, 33 and 10 %; None without any."""
    if not curves:
        return None
    heads = [f"{100 * chance:.0f}%" if lang == "zh" else f"{100 * chance:.0f} %" for chance in _CHANCES]
    rows = [
        [_title(seen, curve, lang), words.bound(seen.study, curve.target, lang), *(_figure(curve, p) for p in _CHANCES)]
        for curve in curves
    ]
    return Section("goals", wording.TITLES["goals"][lang], [wording.GOALS[lang]], Table((*wording.HEADS["goals"][lang], *heads), rows))


def _figure(curve: Curve, chance: float) -> str:
    figure = curve.figure(chance)
    if figure is None:
        return "—"
    places = max(len(f"{curve.step:.12f}".rstrip("0").partition(".")[2]), 0)
    return f"{round(figure / curve.step) * curve.step:.{places}f}"


def _title(seen: Overview, curve: Curve, lang: Language) -> str:
    return words.titled(seen.study, curve.target, max(row.target.year for row in seen.rows), lang)


def slider(seen: Overview, curves: Sequence[Curve]) -> dict[str, Any]:
    """Return what the slider needs: the curves, and the words that it says, none of which the script knows."""
    return {
        "curves": [_curve(seen, curve) for curve in curves],
        "phrases": [{"from": border, **said} for border, said in words.PHRASES],
        "sentences": {lang: {name: said[lang] for name, said in wording.SENTENCES.items()} for lang in _LANGUAGES},
    }


def _curve(seen: Overview, curve: Curve) -> Mapping[str, Any]:
    """Return one curve; the chance at the target's own figure keeps all its digits, so that it rounds as in the table."""
    unit = curve.unit
    figures = [float(f"{figure:.12g}") for figure in curve.figures]
    chances = [p if x == curve.own else round(p, 6) for x, p in zip(curve.figures.tolist(), curve.chances.tolist(), strict=True)]
    return {
        "title": {lang: _title(seen, curve, lang) for lang in _LANGUAGES},
        "own": float(f"{curve.own:.12g}"),
        "own_words": {lang: words.spaced(digits(curve.own, 12), unit, lang) for lang in _LANGUAGES},
        "unit": {lang: words.spaced("", unit, lang) for lang in _LANGUAGES},
        "step": curve.step,
        "figures": figures,
        "chances": chances,
    }
