"""From a study to a projection."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .engine.block_posterior import BlockPosterior
from .engine.blocks import blocks
from .engine.draws import taken
from .engine.event_posterior import EventPosterior, event_posteriors
from .engine.law import Law
from .engine.pairing import joined
from .engine.system import require_affine
from .engine.unknowns import expand_all, roots
from .errors import KjprojError, NoBasisError, NotAnswerableError
from .forecasts import Forecast
from .recipe import Recipe
from .rows import HalfSpace, Terms
from .shocks import Rng, seed_of
from .study import Scenario, Study
from .study.assumptions import Assumed, assumptions, scenario_named
from .study.showing import title
from .study.verdicts import verdict
from .tables import Shown, Table
from .text import Language

Floats = NDArray[np.float64]
Forecasts = Mapping[str, Forecast]


@dataclass(frozen=True, eq=False, repr=False)
class Projection(Shown):
    """A study under one scenario, conditioned on its figures. Answers are functions of it.

    Attributes:
        study, scenario: what was projected.
        assumed: by indicator, the motion that is assumed; one that a forecast gives has none.
        seed: the seed of every randomisation.
        nodes: how many integration nodes a block gets where they are randomised.
        forecasts: other tools' forecasts, on the indicators' scales: those of the study, and in their place those handed in.
    """

    study: Study
    scenario: Scenario
    assumed: Mapping[str, Assumed]
    seed: int
    nodes: int
    forecasts: Forecasts

    def __getstate__(self) -> dict[str, Any]:
        """What was computed is known by the posteriors themselves, which are others in a copy."""
        return {name: value for name, value in self.__dict__.items() if name != "memory"}

    def __repr__(self) -> str:
        try:
            held = "; ".join(", ".join((*b.block.moving, *b.block.given)) for b in self.blocks) or "none"
        except KjprojError as error:
            held = f"refused, {error}"
        return (
            f'Projection("{title(self.study, "en")}", scenario {self.scenario.name}, as of {self.study.as_of}, '
            f"rng {self.seed}; blocks: {held})"
        )

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return what moves, as what, and with what; one row an indicator."""
        head = {"zh": ("组", "指标", "变动方式", "同类经验", "本组依据条数"), "en": ("block", "indicator", "moves as", "class", "figures of the block")}
        rows = []
        for k, block in enumerate(self.blocks, 1):
            count = str(len(block.block.rows) + len(block.block.half_spaces))
            rows += [(str(k), n, a.motion.describe(lang), a.reference_class or "—", count) for n, a in block.block.moving.items()]
            rows += [(str(k), name, self.origin(name, lang), "—", count) for name in block.block.given]
        label = self.scenario.label(lang) if self.scenario.label else self.scenario.name
        note = f"情景：{label}；数据时点：{self.study.as_of}" if lang == "zh" else f"scenario: {label}; as of {self.study.as_of}"
        return (Table(head[lang], tuple(rows), title(self.study, lang), (note,)),)

    @cached_property
    def memory(self) -> dict[Hashable, Any]:
        """What was computed from posteriors, shared with the projections that were varied from this one."""
        return {}

    @cached_property
    def blocks(self) -> tuple[BlockPosterior, ...]:
        """The posteriors of the study's blocks; each is computed when first asked."""
        parts = blocks(self.study, self.assumed, self.forecasts)
        for part in parts:
            require_affine(part)
        horizon = max((target.year for target in self.study.targets), default=0)
        found = (BlockPosterior(self.study, part, self.seed, self.nodes, horizon) for part in parts)
        coins = self.coins
        return tuple(replace(b, coins=tuple(c for c in coins if b.holds(c[0].terms[0][0].indicator))) for b in found)

    @cached_property
    def coins(self) -> tuple[tuple[HalfSpace, float], ...]:
        """The commitments of the scenario as half-spaces with their credibility; what figures decide is left out."""
        found = []
        for commitment in self.scenario.commitments:
            target = self.study.target(commitment.target)
            ((half,),) = target.requirement(self.study)
            names = {unknown.indicator for unknown, _ in half.terms}
            if all(self.basis(name) for name in names) and verdict(self.study, half) is None:
                found.append((half, commitment.credibility))
        return tuple(found)

    def basis(self, indicator: str) -> bool:
        """Tell whether something is said about how an indicator, or what it is derived from, moves."""
        return all(name in self.assumed or name in self.forecasts for name in roots(self.study, indicator))

    @cached_property
    def events(self) -> dict[str, EventPosterior]:
        """The indicators that count events, by name."""
        return event_posteriors(self.study)

    def reach(self, indicators: Sequence[str], year: int) -> int:
        """Return a year, or the one before it in which a forecast ends on which the indicators rest."""
        names = {root for name in indicators for root in roots(self.study, name)}
        return min([year, *(self.forecasts[name].years[-1] for name in names if name in self.forecasts)])

    def block(self, indicator: str) -> BlockPosterior:
        """Return the posterior of the block that holds an indicator, or of the first that what derives it rests on."""
        return self.blocks_of(indicator)[0]

    def blocks_of(self, indicator: str) -> tuple[BlockPosterior, ...]:
        """Return the posteriors of the blocks on which an indicator rests.

        Raises `NoBasisError` where nothing says how it moves, `NotAnswerableError` where it counts events.
        """
        self.study.indicator(indicator)
        if indicator in self.events:
            raise NotAnswerableError(f"{indicator} counts events, which have no level; ask about them with a target")
        needed = roots(self.study, indicator)
        missing = [n for n in needed if n not in self.assumed and n not in self.forecasts]
        if missing:
            said = ", ".join(missing)
            raise NoBasisError(
                f"no basis for {indicator}: nothing is said about how {said} moves; give {said} a reference_class or a "
                "motion, and a level for one year"
            )
        return tuple(b for b in self.blocks if any(n in b.block.moving or n in b.block.given for n in needed))

    def law(self, functionals: Sequence[Terms]) -> Law:
        """Return the joint law of weighted sums of places, over one block or several independent ones."""
        names = dict.fromkeys(unknown.indicator for terms in functionals for unknown, _ in terms)
        blocks = list({id(b): b for name in names for b in self.blocks_of(name)}.values())
        if len(blocks) == 1:
            return blocks[0].law(functionals)
        spread = [expand_all(self.study, terms) for terms in functionals]
        parts = []
        for block in blocks:
            own = [tuple((u, w) for u, w in one.terms if block.holds(u.indicator)) for one in spread]
            parts.append(block.law(own))
        shared = frozenset(name for block in blocks for name in block.shared)
        return joined(parts, np.array([one.offset for one in spread]), self.seed, self.nodes, shared)

    @property
    def recipe(self) -> Recipe:
        """What reproduces every number of this projection."""
        found = Recipe.of(self.study.digest, self.scenario.name, self.seed)
        own = self.study.forecasts
        handed = sorted(f"{name} {one.digest}" for name, one in self.forecasts.items() if own.get(name) != one)
        return replace(found, given="; ".join(handed) or None)

    def origin(self, indicator: str, lang: Language) -> str:
        """Say where the forecast of an indicator comes from."""
        forecast, stated = self.forecasts[indicator], self.study.indicator(indicator).given
        if stated is not None and self.study.forecasts[indicator] == forecast:
            return stated.describe(lang)
        return forecast.describe(lang)

    def varied(
        self,
        *,
        scenario: str | None = None,
        spreads: Mapping[str, float] | None = None,
        classes: Mapping[str, str] | None = None,
        nodes: int | None = None,
    ) -> Projection:
        """Return the projection under another scenario, with the spreads of classes multiplied, or with other classes.

        `spreads` are factors by class, `classes` the names of classes by indicator.
        """
        chosen = self.scenario if scenario is None else scenario_named(self.study, scenario)
        assumed = _assumed(self.study, chosen, spreads or {}, self.forecasts, classes)
        other = Projection(self.study, chosen, assumed, self.seed, nodes or self.nodes, self.forecasts)
        other.__dict__["blocks"] = tuple(self._kept(block) for block in other.blocks)
        other.__dict__["events"], other.__dict__["memory"] = self.events, self.memory
        return other

    def _kept(self, block: BlockPosterior) -> BlockPosterior:
        """Return this projection's own posterior of a block under the same assumptions, which is computed already."""
        for own in self.blocks:
            same = own.block.moving == block.block.moving and own.block.given == block.block.given
            if same and own.branch == block.branch:
                return own if own.coins == block.coins else own.sharing(coins=block.coins)
        return block

    def extended(self, study: Study) -> Projection:
        """Return the projection of a study that holds all that this one's does, and more; what is computed is kept.

        Scenario, assumptions, seed, draws and readings stay as they are here.
        """
        chosen = scenario_named(study, self.scenario.name)
        assumed = {**_assumed(study, chosen, {}, self.forecasts), **self.assumed}
        other = Projection(study, chosen, assumed, self.seed, self.nodes, self.forecasts)
        other.__dict__["blocks"] = tuple(self._taken_over(block) for block in other.blocks)
        return other

    def _taken_over(self, block: BlockPosterior) -> BlockPosterior:
        """Return this projection's own posterior of the same block, for another study; a changed one is read alike."""
        for own in self.blocks:
            if own.block.same_as(block.block):
                return own.sharing(study=block.study, coins=block.coins)
            if own.branch is not None and set(own.block.moving) & set(block.block.moving):
                return block.read_as(own.branch)
        return block

    def read_as(self, branch: str) -> Projection:
        """Return the projection given one branch of a break, such as "one_off:rd_intensity:2021"."""
        other = replace(self)
        other.__dict__["events"], other.__dict__["memory"] = self.events, self.memory
        other.__dict__["blocks"] = tuple(
            block.read_as(branch) if branch in block.branch_weights() else block for block in self.blocks
        )
        return other

    def replacing(self, old: BlockPosterior, new: BlockPosterior) -> Projection:
        """Return the projection with another posterior in the place of one of its blocks'; the others are shared.

        What is computed of the other blocks is known to it; what is computed of it goes when it goes.
        """
        other = replace(self, assumed={**self.assumed, **new.block.moving})
        other.__dict__["events"], other.__dict__["memory"] = self.events, dict(self.memory)
        other.__dict__["blocks"] = tuple(new if block is old else block for block in self.blocks)
        return other

    def with_events(self, posterior: EventPosterior) -> Projection:
        """Return the projection with another posterior of one indicator that counts events."""
        other = replace(self)
        other.__dict__["blocks"], other.__dict__["memory"] = self.blocks, self.memory
        other.__dict__["events"] = {**self.events, posterior.name: posterior}
        return other


def project(
    study: Study,
    scenario: str | None = None,
    *,
    paths: Any = None,
    rng: Rng = 0,
    as_of: date | str | None = None,
    nodes: int = 4096,
) -> Projection:
    """Condition a study on its figures.

    Args:
        study: the study.
        scenario: the name of a scenario; the study's first one without it.
        paths: forecasts of other tools by indicator, in the place of its motion and of the forecast that the study
            states: a `Given`, or sample paths in the indicator's unit: arrays by year ``{2022: array, …}``, a pair
            ``(array of n_paths × years, years)``, a long frame (`unique_id`, `ds`, `y`, `sample_id`), or an xarray
            DataArray over `sample` and `year`. One long frame may also stand for all, its series named as the
            indicators. Paths belong together draw by draw, have equal lengths, and are taken as they are ("cut");
            correlations with the indicator's shocks are left out.
        rng: an int, `SeedSequence`, `Generator` or `Shocks` (see SPEC 7); the same one gives the same numbers.
        as_of: an earlier day, as a date or a text such as "2022-06-30": the study is taken as it was known then (see
            `Study.as_known`).
        nodes: how many integration nodes a block gets where they are randomised.

    Raises:
        KjprojError: for an unknown scenario, paths that do not fit, or figures from which nothing proper follows.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang(), "slow_economy")
    >>> print(f"{kj.probability(projection, 'rd_spending_2025').value:.2f}")
    0.30
    """
    if not isinstance(nodes, int) or not 64 <= nodes <= 1_000_000:
        raise KjprojError(f"nodes is {nodes!r}; expected a whole number from 64 to 1,000,000")
    if not isinstance(study, Study):
        raise KjprojError(f"study is {type(study).__name__}; expected a kjproj.Study, such as Study.from_file gives")
    if as_of is not None:
        study = study.as_known(as_of)
    chosen = scenario_named(study, scenario)
    forecasts = study.forecasts if paths is None else taken(study, paths)
    return Projection(study, chosen, _assumed(study, chosen, {}, forecasts), seed_of(rng), nodes, forecasts)


def _assumed(
    study: Study, scenario: Scenario, spreads: Mapping[str, float], forecasts: Forecasts, classes: Mapping[str, str] | None = None
) -> dict[str, Assumed]:
    """Return what is assumed about the indicators that no forecast gives."""
    return {name: found for name, found in assumptions(study, scenario, spreads, classes).items() if name not in forecasts}
