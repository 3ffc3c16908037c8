"""The dials of the declared list: scenarios, other classes, the spreads of classes, the readings of breaks."""

from __future__ import annotations

from collections.abc import Iterator

from ...beliefs.reference import reference_class
from ...projection import Projection
from ...text import Text
from ..phrases import label
from ..variations import Variation, variations
from .common import Dial, Scope


def declared(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial a scenario, a class that might serve, the spreads of a class, and a break; each setting is one of `variations`."""
    found = [v for v in variations(projection) if scope.touched(v.projection)]
    spreads: dict[str, list[Variation]] = {}
    readings: dict[str, list[Variation]] = {}
    for v in found:
        if v.kind in ("scenario", "class"):
            yield Dial(v.kind, v.about, v.words, (), (v,))
        elif v.kind == "spread":
            spreads.setdefault(v.about.partition(":")[0], []).append(v)
        else:
            readings.setdefault(v.about.partition(":")[2], []).append(v)
    for name, (halved, doubled) in spreads.items():
        yield Dial("spread", name, _spread_words(name), (halved,), (doubled,))
    for name, (growth, one_off) in readings.items():
        yield Dial("reading", name, _reading_words(projection, name), (growth,), (one_off,))


def _spread_words(name: str) -> Text:
    title = reference_class(name).title
    zh, en = f"同类经验“{title('zh')}”的离散程度减半或加倍", f"spreads of the class “{title('en')}” halved or doubled"
    return Text(zh=zh, en=en)


def _reading_words(projection: Projection, about: str) -> Text:
    indicator, _, year = about.partition(":")
    name = label(projection.study, indicator)
    zh = f"{year}年{name('zh')}的变动视为增长或一次性"
    return Text(zh=zh, en=f"the change of {name('en')} in {year} read as growth or as a one-off")
