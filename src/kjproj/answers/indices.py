"""Where does the spread of a target year's value come from? Variance-based (Sobol') indices by groups of inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.unknowns import computed, expand_all, leaves
from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import per_cent
from ..projection import Projection
from ..study import Study
from ..study.verdicts import is_straight
from ..targets import BaseTarget, Measured
from ..text import Language, Text
from .directions import Directions, Key, directions
from .index_words import index_words
from .questions import Names, observed, resolve
from .sample import total
from .variances import Parts, parts, pooled, present, rows_of, sampled

Floats = NDArray[np.float64]
_SCRAMBLINGS = 8
_MOST = 1 << 20
_NOTHING = 1e-12


@dataclass(frozen=True)
class Index:
    """The part of a variance that one group of inputs accounts for.

    Attributes:
        kind: "drift", "level", "shock", "volatility", "reading", "commitment" or "nuisance" (see `indices`).
        about: what it is about: an indicator, a year, the first indicator of a block, a nuisance.
        words: the group.
        first: the share that would go, on average, if this group alone were known.
        total: the share that would be left, on average, if everything else were known.
    """

    kind: str
    about: str
    words: Text
    first: Estimate
    total: Estimate


@dataclass(frozen=True)
class Indices:
    """First-order and total indices, the greatest first.

    Attributes:
        target: the target's name.
        variance: of the target's value on its scale.
        items: one a group that has any part in it. First-order indices (but those of kind "nuisance", which act through levels and drifts) add
            up to 1 at most, and total ones to 1 at least.
    """

    target: str
    variance: float
    items: tuple[Index, ...]

    def of(self, kind: str) -> tuple[Index, ...]:
        """Return the indices of one kind."""
        return tuple(item for item in self.items if item.kind == kind)

    def to_text(self, lang: Language = "zh") -> str:
        """Return a line a group: what it accounts for alone, and with all that it does together with others."""
        alone, together = ("单独解释", "含交互作用") if lang == "zh" else ("alone", "with others")
        colon = "：" if lang == "zh" else ": "
        comma = "，" if lang == "zh" else ", "
        return "\n".join(
            f"{item.words(lang)}{colon}{alone}{' ' if lang == 'en' else ''}{per_cent(item.first.value, lang)}"
            + (f"{comma}{together}{' ' if lang == 'en' else ''}{per_cent(item.total.value, lang)}" if item.kind != "nuisance" else "")
            for item in self.items
        )

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the indices as plain data."""
        return {
            "target": self.target,
            "variance": self.variance,
            "indices": [
                {
                    "kind": i.kind, "about": i.about, "zh": i.words.zh, "en": i.words.en, "method": i.first.method,
                    "first": i.first.value, "first_stderr": i.first.stderr, "total": i.total.value, "total_stderr": i.total.stderr,
                }
                for i in self.items
            ],
        }  # fmt: skip


def indices(projection: Projection, target: Names, *, n: int = 4096) -> Indices:
    """Return where the variance of a target's value, on its scale, comes from.

    With Y the value and X_g a group of inputs, the others being X_¬g, the indices are

        first = Var(E[Y | X_g]) / Var Y,    total = E[Var(Y | X_¬g)] / Var Y.

    | kind | the group |
    |---|---|
    | "drift" | what is not known of how an indicator grows in the years ahead, shocks apart |
    | "level" | what the figures leave open about an indicator in the last year of which they speak |
    | "shock" | the shocks of a year ahead, of all indicators, in their standard deviations |
    | "volatility" | how large shocks are, and what else stands at the nodes |
    | "reading" | which reading of a break holds |
    | "commitment" | whether interim targets are kept |
    | "nuisance" | a share of the year, bias or deflator: it acts through levels and drifts, so it has a first-order index alone |

    The inputs are those of the paths: independent by construction; levels and drifts that figures tie together are
    replaced by the nearest uncorrelated variables. Sums of normals are computed; what is not linear on the scales is
    sampled by `scipy.stats.sobol_indices`, method "simulated".

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        n: points of each of 8 scramblings where indices are sampled, a power of 2.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for events, for a published target, for draws that were handed in, and where several bounds
            cut the law at once.

    Source: Sobol' (2001), doi 10.1016/S0378-4754(00)00270-6; Saltelli et al. (2008), Global Sensitivity Analysis.

    >>> import kjproj as kj
    >>> found = kj.indices(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> print(f"{sum(i.first.value for i in found.of('drift')):.0%} drift, {sum(i.first.value for i in found.of('shock')):.0%} shocks")
    38% drift, 46% shocks
    """
    if not isinstance(n, int) or isinstance(n, bool) or not 2 <= n <= _MOST or n & (n - 1):
        raise KjprojError(f"n is {n!r}; expected a power of 2 up to 1,048,576, such as 4096")
    (asked,) = resolve(projection, target)
    measured = _measured(projection, asked)
    found, value = _inputs(projection, asked, measured)
    if is_straight(projection.study, measured.terms, measured.on):
        variance, shares = _computed(found, _weights(projection.study, measured, found))
        return Indices(asked.name, variance, _items(projection.study, found, shares, "closed form"))
    variance, shares = _sampled(found, value, n, projection.seed)
    return Indices(asked.name, variance, _items(projection.study, found, shares, "simulated"))


def _measured(projection: Projection, target: BaseTarget) -> Measured:
    study = projection.study
    if any(study.counts_events(name) for name in target.indicators):
        raise NotAnswerableError(f"{target.name} counts events, which have no scale; ask kj.tornado what moves its chance")
    if observed(projection, target) is not None:
        raise NotAnswerableError(f"{target.name} is published already: nothing about it varies")
    return target.measured(study)


def _inputs(
    projection: Projection, target: BaseTarget, measured: Measured
) -> tuple[list[Directions], Callable[[Sequence[Floats]], Floats]]:
    """Return the blocks' inputs, and the target's value on its scale as a function of their places."""
    study = projection.study
    rest = list(dict.fromkeys(leaf for unknown, _ in measured.terms for leaf in leaves(study, unknown)))
    blocks = {id(b): b for leaf in rest for b in projection.blocks_of(leaf.indicator)}
    streams = [name for b in blocks.values() for name in b.shared]
    if len(set(streams)) < len(streams):
        raise NotAnswerableError(
            f"{target.name} rests on indicators that share a draw of their class ({streams[0]}), which is not parted among them; "
            "ask kj.tornado what moves its chance"
        )
    own = [[leaf for leaf in rest if b.holds(leaf.indicator)] for b in blocks.values()]
    found = [directions(b, places) for b, places in zip(blocks.values(), own, strict=True)]

    def value(places: Sequence[Floats]) -> Floats:
        column = {leaf: x[:, j] for leaves_, x in zip(own, places, strict=True) for j, leaf in enumerate(leaves_)}
        known = {unknown: computed(study, unknown, column.__getitem__) for unknown, _ in measured.terms}
        sums = total(study, measured.terms, measured.on, known)
        with np.errstate(invalid="ignore", divide="ignore"):
            y = sums if measured.on == "scale" else np.asarray(study.scale(target.indicator).to_scale(sums), float)
        if not np.isfinite(y).all():
            raise NotAnswerableError(f"{target.name} may lie off the scale of {target.indicator}, where variances add up")
        return np.asarray(y)

    return found, value


def _weights(study: Study, measured: Measured, found: Sequence[Directions]) -> list[Floats]:
    """Return the weights of each block's places in a straight sum."""
    spread = dict(expand_all(study, measured.terms).terms)
    return [np.array([spread.get(place, 0.0) for place in one.places]) for one in found]


Shares = dict[Key, tuple[float, float, float, float]]
"""By group its first-order index with its error, and its total one."""


def _items(study: Study, found: Sequence[Directions], shares: Shares, method: str) -> tuple[Index, ...]:
    items = [
        Index(*key, index_words(study, found, key), Estimate(first, e1, method), Estimate(last, e2, method))
        for key, (first, e1, last, e2) in shares.items()
        if max(first, last) > _NOTHING
    ]
    return tuple(sorted(items, key=lambda item: -max(item.first.value, item.total.value)))


def _computed(found: Sequence[Directions], weights: Sequence[Floats]) -> tuple[float, Shares]:
    """Return the variance and the exact shares; their errors are those of the blocks' nodes."""
    whole = [parts(one, c, pooled(one)) for one, c in zip(found, weights, strict=True)]
    variance, best = _shares(whole)
    spread = {key: [0.0, 0.0] for key in best}
    for b, (one, c) in enumerate(zip(found, weights, strict=True)):
        rows = rows_of(one)
        if len(rows) < 2:
            continue
        varied = [_shares([*whole[:b], parts(one, c, row), *whole[b + 1 :]])[1] for row in rows]
        for key, sums in spread.items():
            for k in range(2):
                values = np.array([v[key][k] for v in varied])
                error = abs(values[0] - values[1]) if one.kind == "quadrature" else values.std(ddof=1) / math.sqrt(len(rows))
                sums[k] = math.hypot(sums[k], float(error))
    return variance, {key: (first, spread[key][0], last, spread[key][1]) for key, (first, last) in best.items()}


def _shares(whole: Sequence[Parts]) -> tuple[float, dict[Key, tuple[float, float]]]:
    variance = sum(one.variance for one in whole)
    keys = dict.fromkeys(key for one in whole for key in one.first)
    if variance <= 0.0:
        raise NotAnswerableError("the target's value does not vary: its motion has no shocks, and everything is known")
    found = {}
    for key in keys:
        first, last = (sum(m.get(key, 0.0) for m in ms) for ms in ([one.first for one in whole], [one.total for one in whole]))
        found[key] = first / variance, last / variance
    return variance, found


def _sampled(found: Sequence[Directions], value: Callable[[Sequence[Floats]], Floats], n: int, seed: int) -> tuple[float, Shares]:
    """Return the same by sampling, with errors from the spread of eight scramblings."""
    drawn = [sampled(found, value, n, seed * _SCRAMBLINGS + k) for k in range(_SCRAMBLINGS)]
    variance = float(np.mean([one.variance for one in drawn]))
    here = {(kind, one.block.name) for one in found for kind, there in zip(("commitment", "reading", "volatility"), present(one), strict=True) if there}
    shares: Shares = {}
    for key in drawn[0].first:
        if key[0] in ("commitment", "reading", "volatility") and key not in here:
            continue
        first, last = (np.array([m[key] / one.variance for one, m in zip(drawn, ms, strict=True)]) for ms in ([o.first for o in drawn], [o.total for o in drawn]))
        error = 1.0 / math.sqrt(_SCRAMBLINGS)
        shares[key] = float(first.mean()), float(first.std(ddof=1) * error), float(last.mean()), float(last.std(ddof=1) * error)
    return variance, shares

