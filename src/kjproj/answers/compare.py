"""How do chances differ between scenarios, or studies? On common random numbers, so that a difference has a small error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import KjprojError, StudyError
from ..estimate import Estimate, weighted_errors
from ..numbers import about_per_cent, digits
from ..projection import Projection
from ..text import Language, Text
from .planner import RANK
from .probability import probability
from .questions import Names, resolve
from .simulated import ONE_PATH
from .variations import scenario_label

_ROUNDING = 1e-12
_WHOLE = 1e-6


@dataclass(frozen=True)
class Comparison:
    """The chances of one question under several projections, and how they differ from the first.

    Attributes:
        chances: by the names given, in their order.
        differences: each chance less the first one's, by name, for all but the first. `stderr` is that of the
            difference: what the two computations share has cancelled in it.
        mixture: the chance Σ weight · chance where the weights say how likely each is; None without weights.
        weights: as given, by name; empty without.
        labels: what each is called.
    """

    chances: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]
    mixture: Estimate | None
    weights: Mapping[str, float]
    labels: Mapping[str, Text]

    def to_text(self, lang: Language = "zh") -> str:
        """Return one line a projection: its chance, and by how many percentage points it differs from the first."""
        lines = []
        for name, chance in self.chances.items():
            said = f"{self.labels[name](lang)}{'：' if lang == 'zh' else ': '}{about_per_cent(chance.value, lang)}"
            if name in self.differences:
                gap = difference_words(self.differences[name].value, lang)
                said += f"（{gap}）" if lang == "zh" else f" ({gap})"
            lines.append(said)
        if self.mixture is not None:
            lines.append(mixture_words(self.mixture, list(self.weights.values()), lang))
        if self.differences:
            first = self.labels[next(iter(self.chances))](lang)
            lines.append(f"括号内为与“{first}”相比。" if lang == "zh" else f"In brackets: against “{first}”.")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data: `chances`, `differences`, `weights`, `mixture`."""
        return {
            "chances": {name: _plain(chance) for name, chance in self.chances.items()},
            "differences": {name: _plain(found) for name, found in self.differences.items()},
            "weights": dict(self.weights),
            "mixture": None if self.mixture is None else _plain(self.mixture),
        }


def compare(
    projections: Mapping[str, Projection],
    target: Names | None = None,
    *,
    all_of: Iterable[Names] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Comparison:
    """Return how likely a target is, or several together, under each of several projections, and how these differ.

    A difference is computed on common numbers: nodes, lattices and paths of one seed are the same randomisations in both,
    so with parts a_r and b_r of the two errors, that of the difference is √Σ(a_r − b_r)², which is far below
    √(Σa_r² + Σb_r²) where both move alike. Where both are exact it is the error of rounding. With weights the mixture
    Σ wᵢpᵢ is the chance where one of the projections will turn out to be right, and wᵢ says how likely each is.
    Source: common random numbers, Owen, Monte Carlo theory, methods and examples (2013), section 8.6.

    Args:
        projections: by names of your choice, the first of which the others are compared with: scenarios of one study, or
            studies that differ in a figure or an assumption.
        target: a target's name, in each projection that of its own study; or a target.
        all_of: several of them, to be met together, in its place.
        weights: how likely each projection is, one for each name, at least 0 and adding up to 1.

    Raises:
        KjprojError: without projections, unless exactly one of `target` and `all_of` is given, or for weights that do not fit;
            where a projection does not know the target, or has no basis for it, the message begins with its name.

    >>> import kjproj as kj
    >>> study = kj.datasets.yueyang()
    >>> cases = {name: kj.project(study, name) for name in ("trend", "slow_economy")}
    >>> print(kj.compare(cases, "rd_spending_2025"))
    trend: about 51 %
    slow economy: about 30 % (21 points lower)
    In brackets: against “trend”.
    """
    _require_projections(projections)
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    asked = target if target is not None else tuple(all_of or ())
    shares = {} if weights is None else _checked(weights, list(projections))
    chances = {name: _chance(name, projection, asked) for name, projection in projections.items()}
    first, *others = chances
    differences = {name: difference(chances[name], chances[first]) for name in others}
    mixture = _mixture(shares, chances) if shares else None
    labels = {name: _label(name, projection) for name, projection in projections.items()}
    return Comparison(chances, differences, mixture, shares, labels)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Return one chance less another, with the error that is left where both share their randomisations.

    An estimate that does not part its error counts as independent of the other.
    """
    method = max(one.method, other.method, key=_rank)
    value = one.value - other.value
    if any(found.stderr > 0.0 and not found.errors for found in (one, other)):
        return Estimate(value, math.hypot(one.stderr, other.stderr), method)
    errors = weighted_errors(((1.0, one), (-1.0, other)))
    floor = _ROUNDING if one.stderr or other.stderr else 0.0
    if method == "simulated" and one is not other:
        floor = ONE_PATH
    return Estimate(value, max(math.hypot(*errors), floor), method, errors)


def difference_words(gap: float, lang: Language) -> str:
    """Say a difference of chances in percentage points, whole ones from one on: 低21个百分点, "21 points lower"."""
    size = abs(100 * gap)
    if size < 0.05:
        return "相当" if lang == "zh" else "the same"
    points = digits(size, 1) if size < 0.95 else f"{size:.0f}"
    if lang == "zh":
        return f"{'高' if gap > 0 else '低'}{points}个百分点"
    return f"{points} point{'' if points == '1' else 's'} {'higher' if gap > 0 else 'lower'}"


def mixture_words(mixture: Estimate, weights: Sequence[float], lang: Language) -> str:
    """Say the chance under weighted projections: 按权重30%、40%、30%综合：约49%."""
    shares, said = [digits(100 * weight, 3) for weight in weights], about_per_cent(mixture.value, lang)
    if lang == "zh":
        return f"按权重{'、'.join(f'{share}%' for share in shares)}综合：{said}"
    return f"weighted {', '.join(f'{share} %' for share in shares)}: {said}"


def _rank(method: str) -> int:
    return RANK.index(method) if method in RANK else len(RANK)


def _require_projections(projections: Mapping[str, Projection]) -> None:
    given = projections.values() if isinstance(projections, Mapping) else (None,)
    if not projections or not all(isinstance(one, Projection) for one in given):
        raise KjprojError(
            'projections are expected by name, such as {"trend": kj.project(study), "slow": kj.project(study, "slow")}'
        )


def _chance(name: str, projection: Projection, asked: Names | tuple[Names, ...]) -> Estimate:
    """Answer one projection; an error says which one it is about."""
    try:
        return probability(projection, all_of=resolve(projection, asked))
    except StudyError:
        raise
    except KjprojError as error:
        raise type(error)(f"projection {name!r}: {error}") from None


def _checked(weights: Mapping[str, float], names: list[str]) -> dict[str, float]:
    """Return weights in the projections' order; raises `KjprojError` unless they are a chance for each."""
    if not isinstance(weights, Mapping) or set(weights) != set(names):
        given = ", ".join(map(str, weights)) if isinstance(weights, Mapping) else repr(weights)
        raise KjprojError(f"weights are given for {given or 'none'}; expected one for each of {', '.join(names)}")
    found = {}
    for name in names:
        try:
            found[name] = float(weights[name])
        except (TypeError, ValueError):
            raise KjprojError(f"the weight of {name} is {weights[name]!r}; expected a number from 0 to 1") from None
    wrong = [name for name, weight in found.items() if not 0.0 <= weight <= 1.0]
    if wrong:
        raise KjprojError(f"the weight of {wrong[0]} is {found[wrong[0]]:g}; expected a number from 0 to 1")
    total = math.fsum(found.values())
    if abs(total - 1.0) > _WHOLE:
        raise KjprojError(f"the weights add up to {total:g}; expected 1, each saying how likely its projection is")
    return found


def _mixture(weights: Mapping[str, float], chances: Mapping[str, Estimate]) -> Estimate:
    parts = [(weight, chances[name]) for name, weight in weights.items()]
    value = math.fsum(weight * chance.value for weight, chance in parts)
    method = max((chance.method for _, chance in parts), key=_rank)
    plain = [chance for _, chance in parts if chance.stderr > 0.0 and not chance.errors]
    errors = weighted_errors(parts)
    own = math.hypot(*(w * c.stderr for w, c in parts)) if plain else math.hypot(*errors)
    floor = _ROUNDING if any(chance.stderr for _, chance in parts) else 0.0
    return Estimate(value, max(own, floor), method, () if plain else errors)


def _label(name: str, projection: Projection) -> Text:
    return scenario_label(projection) if name == projection.scenario.name else Text(zh=name, en=name)


def _plain(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "stderr": found.stderr, "method": found.method}
