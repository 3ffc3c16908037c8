"""At which place among its peers does an indicator stand in a year?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..engine.pairing import joined
from ..engine.sampling import Job, draw_chunk
from ..errors import KjprojError
from ..estimate import Estimate
from ..evidence import Gap
from ..evidence import Rank as Stated
from ..figures import number
from ..projection import Projection
from ..rows import HalfSpace, Terms, Unknown
from ..scales import Linear, Log
from ..shocks import shocks_from
from ..study import Study
from ..study.verdicts import is_linear, verdict
from ..text import Text
from ..units import convert
from .alike import Figures, alike
from .boxes import box_probability
from .phrases import figure_words, label
from .questions import calendar_year
from .ranking import Best, Rank
from .sample import drawn
from .simulated import share

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Peers = Sequence[str] | Mapping[str, "Figures | Projection"]
_PATHS = 65_536


@dataclass(frozen=True)
class Peer:
    """Another region's indicator, with the factor to our unit; `apart` where its projection is one of its own."""

    name: str
    place: Text
    projection: Projection
    indicator: str
    factor: float
    apart: bool


def rank(
    projection: Projection,
    indicator: str,
    year: int,
    *,
    peers: Peers | None = None,
    best: Best | None = None,
    reference_class: str | None = None,
) -> Rank:
    """Return how likely each place among its peers is for an indicator in a year.

    Without `peers` they are the study's indicators that are a `peer_of` it. Where published levels, or a stated gap, say
    who stands before whom that year, that is taken; the rest is one of the mixture's normal tails for one peer and a
    bivariate normal for two, and a share of 65,536 sample paths for more. Counts are taken as continuous, and equal
    published levels as no worse.

    Args:
        projection: from `kjproj.project`.
        indicator: what is ranked.
        year: when.
        peers: names of the study's indicators; or by place figures (``{"衡阳": {2021: "175.3"}}``: such a place moves as the
            indicator is assumed to, by its class or motion) or projections of other studies, which have an indicator of
            the same name and are taken as independent.
        best: "highest" where the highest level stands first, else "lowest"; without it as the study's targets for the
            indicator say: the lowest first where all of them are from above.
        reference_class: the class that places with figures move by, in the place of the indicator's own.

    Raises:
        NoBasisError: where nothing says how one of them moves.
        KjprojError: where there are no peers, or they are not of one quantity.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> kj.rank(projection, "high_tech_net_new", 2022).likeliest     # 92 fewer than Hengyang, 47 than Zhuzhou, 21 more than Changde
    3
    >>> print(kj.rank(projection, "rd_spending", 2025, peers={"A": {2021: "120.3"}, "B": {2021: "84.9"}}).median)
    2
    """
    year, study = calendar_year(year, "year"), projection.study
    if study.counts_events(indicator):
        raise KjprojError(f"{indicator} counts events, which are not ranked; ask about them with a target")
    best = _best(study, indicator) if best is None else best
    if best not in ("highest", "lowest"):
        raise KjprojError(f"best is {best!r}; expected 'highest' or 'lowest'")
    home, others, notes = _peers(projection, indicator, peers, reference_class)
    ahead, chances, within = _answered(home, indicator, year, others, 1.0 if best == "highest" else -1.0)
    own = study.indicator(indicator).place or study.place or Text(zh="本地区", en="this place")
    level = tuple(peer.name for peer in others if all(_decided(home.study, indicator, year, peer, sign) for sign in (1.0, -1.0)))
    words, labels, stated = label(study, indicator), {peer.name: peer.place for peer in others}, _stated(study, indicator)
    return Rank(indicator, year, best, words, own, labels, chances, within, ahead, stated, notes, level)


def _best(study: Study, indicator: str) -> Best:
    own = [target.upwards for target in study.targets if target.indicator == indicator]
    return "lowest" if own and not any(own) else "highest"


Chances = tuple[Estimate, ...]


def _answered(
    home: Projection, indicator: str, year: int, peers: Sequence[Peer], sign: float
) -> tuple[dict[str, Estimate], Chances, Chances]:
    """Return the chances of being no worse than each peer, of each place, and of each place or a better one.

    What figures decide is certain: who stands before us for sure moves every place by one.
    """
    known = [_decided(home.study, indicator, year, peer, sign) for peer in peers]
    left = [peer for peer, seen in zip(peers, known, strict=True) if seen is None]
    behind, exactly, within = _placed(home, indicator, year, left, sign)
    ahead = {p.name: _certain(seen) if seen is not None else behind.pop(0) for p, seen in zip(peers, known, strict=True)}
    before, after = [_certain(False)] * known.count(False), known.count(True)
    chances, better = (*before, *exactly, *[_certain(False)] * after), (*before, *within, *[_certain(True)] * after)
    method = exactly[0].method if left else "observed"
    return ahead, tuple(replace(e, method=method) for e in chances), tuple(replace(e, method=method) for e in better)


def _certain(seen: bool) -> Estimate:
    return Estimate(float(seen), 0.0, "observed")


def _peers(
    projection: Projection, indicator: str, peers: Peers | None, cls: str | None
) -> tuple[Projection, list[Peer], tuple[Text, ...]]:
    """Return the projection with all peers that are not of another study, the peers, and what is assumed."""
    study = projection.study
    if peers is None:
        peers = study.peers(indicator)
    if isinstance(peers, str) or not isinstance(peers, Sequence | Mapping) or not peers:
        raise KjprojError(
            f"peers of {indicator} are {peers!r}; name indicators of the study, give figures or projections by place, or mark "
            f"indicators with peer_of: {indicator} and their place"
        )
    if not isinstance(peers, Mapping):
        return projection, [_own(projection, indicator, name) for name in peers], ()
    figures = {place: given for place, given in peers.items() if not isinstance(given, Projection)}
    home, notes = projection, tuple[Text, ...]()
    names: Mapping[str, str] = {}
    if figures:
        found = alike(projection, indicator, figures, peers=True, reference_class=cls)
        home, notes, names = found.projection, found.notes, found.names
    others = [_own(home, indicator, names[p], p) if p in names else _other(study, indicator, p, given) for p, given in peers.items()]
    if len(figures) < len(peers):
        notes = (*notes, Text(zh="其他研究给出的各地与本地相互独立", en="regions of other studies are independent of this one"))
    return home, others, notes


def _own(projection: Projection, indicator: str, name: str, called: str | None = None) -> Peer:
    study = projection.study
    if name == indicator:
        raise KjprojError(f"{indicator} is ranked against itself; name indicators of other places")
    if study.counts_events(name):
        raise KjprojError(f"{name} counts events, which are not ranked; take it out of peers")
    factor = convert(1.0, study.unit(name), study.unit(indicator))
    return Peer(called or name, study.indicator(name).place or label(study, name), projection, name, factor, apart=False)


def _other(study: Study, indicator: str, place: str, given: object) -> Peer:
    assert isinstance(given, Projection)  # what is none are figures
    theirs = given.study.indicator(indicator)
    return Peer(place, Text(zh=place, en=place), given, indicator, convert(1.0, theirs.unit, study.unit(indicator)), apart=True)


def _decided(study: Study, indicator: str, year: int, peer: Peer, sign: float) -> bool | None:
    """Tell whether published figures put us no worse than a peer; None where they do not say, or differ."""
    if peer.apart:
        mine, theirs = (s.reported.get(n, {}).get(year) for s, n in ((study, indicator), (peer.projection.study, peer.indicator)))
        return None if mine is None or theirs is None else sign * (mine - peer.factor * theirs) >= 0.0
    terms = ((Unknown(indicator, year), sign), (Unknown(peer.indicator, year), -sign * peer.factor))
    seen = verdict(study, HalfSpace(terms, lower=0.0, on="level"))
    return _by_gap(study, indicator, year, peer.indicator, sign) if seen is None else seen


def _by_gap(study: Study, indicator: str, year: int, other: str, sign: float) -> bool | None:
    """Tell the same from stated gaps between the two."""
    found = set()
    for _, item in study.standing:
        if isinstance(item, Gap) and item.year == year and not item.expected and {item.indicator, item.than} == {indicator, other}:
            found.add((sign if item.indicator == indicator else -sign) * number(item.value) >= 0.0)
    return found.pop() if len(found) == 1 else None


def _placed(
    home: Projection, indicator: str, year: int, peers: Sequence[Peer], sign: float
) -> tuple[list[Estimate], list[Estimate], list[Estimate]]:
    """Return the chances of being no worse than each peer, of each place among them, and of each place or a better one."""
    if not peers:
        return [], [_certain(True)], [_certain(True)]
    if not all(_straight(home.study, indicator, peer) for peer in peers):
        return _counted(_levels_ahead(home, indicator, year, peers, sign))
    law, shifts = _differences(home, indicator, year, peers, sign)
    none = np.full(1, np.inf)
    alone = [box_probability(law.part([j]), shifts[j : j + 1], none, home.seed) for j in range(len(peers))]
    if len(peers) == 1:
        return alone, [alone[0], _less(alone[0])], [alone[0], _certain(True)]
    if len(peers) == 2:
        both = box_probability(law, shifts, np.full(2, np.inf), home.seed)
        return alone, *_of_two(alone[0], alone[1], both)
    x = draw_chunk(Job(law, f"rank of {indicator}", shocks_from(home.seed)), 0, _PATHS)
    _, exactly, within = _counted(x >= shifts)
    return alone, exactly, within


def _straight(study: Study, indicator: str, peer: Peer) -> bool:
    """Tell whether a difference is linear on the scales of both."""
    theirs, other = peer.projection.study, peer.indicator
    scales = study.scale(indicator), theirs.scale(other)
    alike_ = any(all(isinstance(scale, kind) for scale in scales) for kind in (Log, Linear))
    return alike_ and is_linear(study, indicator) and is_linear(theirs, other)


def _differences(home: Projection, indicator: str, year: int, peers: Sequence[Peer], sign: float) -> tuple[Law, Floats]:
    """Return the joint law of our place on the scale less each peer's, turned so that more is better, and what it must reach."""
    log = isinstance(home.study.scale(indicator), Log)
    mine: Terms = ((Unknown(indicator, year), sign),)
    theirs: list[Terms] = [((Unknown(p.indicator, year), -sign if log else -sign * p.factor),) for p in peers]
    shifts = np.array([sign * math.log(p.factor) if log else 0.0 for p in peers])
    laws = [home.law([mine if p.apart else (*mine, *t) for p, t in zip(peers, theirs, strict=True)])]
    for peer, terms in zip(peers, theirs, strict=True):
        if peer.apart:
            laws.append(peer.projection.law([terms if other is peer else () for other in peers]))
    if len(laws) == 1:
        return laws[0], shifts
    return joined(laws, np.zeros(len(peers)), home.seed, home.nodes), shifts


def _less(chance: Estimate) -> Estimate:
    return Estimate(1.0 - chance.value, chance.stderr, chance.method)


def _of_two(first: Estimate, second: Estimate, both: Estimate) -> tuple[list[Estimate], list[Estimate]]:
    """From the chances of being no worse than either of two, and than both."""
    one = first.value + second.value - both.value
    error = math.hypot(first.stderr, second.stderr, both.stderr)
    values = (both.value, one - both.value, 1.0 - one)
    exactly = [Estimate(min(max(v, 0.0), 1.0), e, both.method) for v, e in zip(values, (both.stderr, error, error), strict=True)]
    return exactly, [both, Estimate(min(one, 1.0), error, both.method), _certain(True)]


def _levels_ahead(home: Projection, indicator: str, year: int, peers: Sequence[Peer], sign: float) -> Flags:
    """Return on which paths we are no worse than each peer, (n_paths, peers), where scales differ or sums are not linear."""
    inside = [p for p in peers if not p.apart]
    names = [indicator, *(p.indicator for p in inside)]
    x = _levels(home, names, year, home.seed)
    columns = {id(p): x[:, j] for j, p in enumerate(inside, 1)}
    for k, peer in enumerate((p for p in peers if p.apart), 1):
        seed = np.random.SeedSequence(home.seed, spawn_key=(k,))
        columns[id(peer)] = _levels(peer.projection, [peer.indicator], year, seed)[:, 0]
    return np.stack([sign * (x[:, 0] - p.factor * columns[id(p)]) >= 0.0 for p in peers], axis=1)


def _levels(projection: Projection, names: Sequence[str], year: int, seed: int | np.random.SeedSequence) -> Floats:
    x = drawn(projection, [Unknown(name, year) for name in names], _PATHS, shocks_from(seed), None)
    return np.stack([np.asarray(projection.study.scale(name).to_level(x[:, j])) for j, name in enumerate(names)], axis=1)


def _counted(ahead: Flags) -> tuple[list[Estimate], list[Estimate], list[Estimate]]:
    """Return the same from paths: ahead (n_paths, peers)."""
    everywhere = np.ones(len(ahead), bool)
    worse = (~ahead).sum(axis=1)
    places = range(ahead.shape[1] + 1)
    exactly = [share(worse == k, everywhere) for k in places]
    within = [share(worse <= k, everywhere) for k in places]
    return [share(ahead[:, j], everywhere) for j in range(ahead.shape[1])], exactly, [*within[:-1], _certain(True)]


def _stated(study: Study, indicator: str) -> tuple[Text, ...]:
    """The places that reports state, of the level."""
    said = (item for _, item in study.standing if isinstance(item, Stated) and item.indicator == indicator and not item.of_growth)
    return tuple(Text(zh=figure_words(study, item, "zh"), en=figure_words(study, item, "en")) for item in said)
