"""What is sent through other tools' formats in several tests: paths and quantiles of any bits, and whether they came back."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

import kjproj as kj
from kjproj.recipe import Recipe
from kjproj.text import Text
from kjproj.units import known_units

NAMES = st.from_regex(r"[a-z城市研发_][a-z0-9城市研发_]{0,11}", fullmatch=True).filter(
    lambda name: name not in ("sample", "year", "quantile", "weight", "ds", "metadata", "sample_id", "unit", "unique_id")
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = st.floats(0.0, exclude_min=True, allow_infinity=False)
LABELS = st.one_of(
    st.builds(Text, zh=st.text("研发经费GDP", min_size=1, max_size=8), en=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)),
    st.builds(Text, zh=st.just("经费")),
)
RECIPES = st.builds(
    Recipe, st.text(max_size=8), st.sampled_from(["trend", "低增长"]), st.integers(0, 2**63), *[st.integers(1, 9)],
    *[st.just("1.0")] * 4, st.just("PseudoRandom(seed=0)"), st.integers(1, 9), st.integers(1, 9),
)  # fmt: skip


@st.composite
def some_paths(draw: st.DrawFn, *, equal_weights: bool = False) -> kj.Paths:
    """Paths of any finite numbers, Chinese names, any units and labels, and weights above 0."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    count, span = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    first = draw(st.integers(1900, 2200))
    cells = st.lists(FLOATS, min_size=count * span, max_size=count * span)
    values = {name: np.array(draw(cells)).reshape(count, span) for name in names}
    weights = np.full(count, 1.0 / count) if equal_weights else np.array(draw(st.lists(WEIGHTS, min_size=count, max_size=count)))
    units = {name: draw(st.sampled_from(known_units())) for name in names}
    labels = {name: draw(LABELS) for name in draw(st.sets(st.sampled_from(names)))}
    return kj.Paths(np.arange(first, first + span), values, weights, draw(RECIPES), units, labels)


@st.composite
def some_quantiles(draw: st.DrawFn, *, aligned: bool = False) -> dict[str, kj.Quantiles]:
    """Quantiles by indicator, of any finite numbers that rise with their probabilities; `aligned`, all of the same years and probabilities."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    found: dict[str, kj.Quantiles] = {}
    axes: Any = None
    for name in names:
        if axes is None or not aligned:
            q = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True, allow_subnormal=False)
            axes = (
                draw(st.lists(st.integers(1900, 2200), min_size=1, max_size=3, unique=True)),
                draw(st.lists(q, min_size=1, max_size=3, unique=True)),
            )
        years, q_levels = np.sort(np.array(axes[0])), np.sort(np.array(axes[1]))
        cells = draw(st.lists(FLOATS, min_size=years.size * q_levels.size, max_size=years.size * q_levels.size))
        label = draw(st.one_of(st.none(), LABELS))
        unit = draw(st.sampled_from(known_units()))
        found[name] = kj.Quantiles(years, q_levels, np.sort(np.array(cells).reshape(years.size, q_levels.size)), unit, label)
    return found


def bits(array: Any) -> bytes:
    return np.ascontiguousarray(array, np.float64).tobytes()


def same_numbers(a: kj.Paths, b: kj.Paths) -> bool:
    """Whether years, levels, weights and units are the same to the bit."""
    return (
        a.years.tolist() == b.years.tolist()
        and set(a.values) == set(b.values)
        and all(a.values[name].shape == b.values[name].shape for name in a.values)
        and all(bits(a.values[name]) == bits(b.values[name]) for name in a.values)
        and bits(a.weights) == bits(b.weights)
        and dict(a.units) == dict(b.units)
    )


def same_paths(a: kj.Paths, b: kj.Paths) -> bool:
    """Whether paths are the same to the bit, in the same order, with labels and recipe."""
    return same_numbers(a, b) and list(a.values) == list(b.values) and dict(a.labels) == dict(b.labels) and a.recipe == b.recipe


def same_quantiles(a: dict[str, kj.Quantiles], b: dict[str, kj.Quantiles], *, labels: bool = True) -> bool:
    """Whether quantiles are the same to the bit."""
    return set(a) == set(b) and all(
        x.years.tolist() == y.years.tolist()
        and bits(x.q) == bits(y.q)
        and bits(x.values) == bits(y.values)
        and x.unit == y.unit
        and (not labels or x.of == y.of)
        for x, y in ((a[name], b[name]) for name in a)
    )
