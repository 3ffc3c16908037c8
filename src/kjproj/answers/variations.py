"""The declared list of assumptions over which the range of an answer is taken, one changed at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..beliefs.reference import reference_class
from ..projection import Projection
from ..study.assumptions import scenario_named
from ..text import Text
from .phrases import label

NODES = 1024
"""Integration nodes of a block under a changed assumption, where they are randomised."""


@dataclass(frozen=True)
class Variation:
    """One changed assumption: its kind, what it is about (no two of a kind alike), words, the projection.

    Kinds of the declared list are "scenario" (its name), "spread" (a class, halved or doubled), "class" (an indicator, and
    another class that might serve) and "reading" (a branch); `dials` make others.
    """

    kind: str
    about: str
    words: Text
    projection: Projection

    @property
    def name(self) -> str:
        """Its kind and what it is about: "scenario:slow_economy"."""
        return f"{self.kind}:{self.about}"


def variations(projection: Projection) -> tuple[Variation, ...]:
    """Return every scenario; for indicators with figures, spreads of each class halved and doubled, and other classes.

    Last comes each branch of each break.
    """
    return (*_scenarios(projection), *_spreads(projection), *_classes(projection), *_readings(projection))


def _scenarios(projection: Projection) -> Iterator[Variation]:
    for scenario in projection.study.scenarios:
        if scenario.name != projection.scenario.name:
            name = scenario.label or Text(zh=scenario.name, en=scenario.name)
            words = Text(zh=f"情景：{name('zh')}", en=f"scenario: {name('en')}")
            yield Variation("scenario", scenario.name, words, projection.varied(scenario=scenario.name, nodes=NODES))


def _spreads(projection: Projection) -> Iterator[Variation]:
    for name in dict.fromkeys(_borrowed(projection).values()):
        title = reference_class(name).title
        for factor, zh, en in ((0.5, "减半", "halved"), (2.0, "加倍", "doubled")):
            words = Text(zh=f"同类经验（{title('zh')}）的离散程度{zh}", en=f"spreads of the class “{title('en')}” {en}")
            varied = projection.varied(scenario=projection.scenario.name, spreads={name: factor}, nodes=NODES)
            yield Variation("spread", f"{name}:{en}", words, varied)


def _borrowed(projection: Projection) -> dict[str, str]:
    """Return the classes of the indicators that figures speak of, by indicator."""
    informed = {name for block in projection.blocks if block.block.rows for name in block.block.moving}
    return {n: a.reference_class for n, a in projection.assumed.items() if a.reference_class and n in informed}


def _classes(projection: Projection) -> Iterator[Variation]:
    for indicator, own in _borrowed(projection).items():
        named = projection.study.indicator(indicator).candidates
        for name in reference_class(own).candidates if named is None else named:
            title, words = reference_class(name).title, label(projection.study, indicator)
            zh = f"{words('zh')}改用同类经验“{title('zh')}”"
            en = f"{words('en')} with the class “{title('en')}” instead"
            varied = projection.varied(scenario=projection.scenario.name, classes={indicator: name}, nodes=NODES)
            yield Variation("class", f"{indicator}:{name}", Text(zh=zh, en=en), varied)


def _readings(projection: Projection) -> Iterator[Variation]:
    for block in projection.blocks:
        for branch in block.branch_weights():
            yield Variation("reading", branch, branch_words(projection, branch), projection.read_as(branch))


def branch_words(projection: Projection, branch: str) -> Text:
    """Say a branch of a break: "the rise of 2021 read as growth"."""
    kind, indicator, year = branch.split(":")
    name = label(projection.study, indicator)
    zh = f"{year}年{name('zh')}的变动视为{'一次性' if kind == 'one_off' else '增长'}"
    en = f"the change of {name('en')} in {year} read as {'a one-off' if kind == 'one_off' else 'growth'}"
    return Text(zh=zh, en=en)


def scenario_label(projection: Projection, name: str | None = None) -> Text:
    """Return a scenario's label, or its name."""
    scenario = projection.scenario if name is None else scenario_named(projection.study, name)
    return scenario.label or Text(zh=scenario.name, en=scenario.name)
