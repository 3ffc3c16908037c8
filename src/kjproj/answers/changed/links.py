"""Which indicators bear on which: whatever may connect two of them in one of several projections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...engine.unknowns import roots
from ...projection import Projection
from ...rows import Row
from ...study import Study

Link = tuple[str, ...]


def connected(projections: Sequence[Projection], names: Iterable[str]) -> frozenset[str]:
    """Return the indicators that may bear on any of `names`, in one of the projections or a mixture of them.

    Figures, biases and deflators that they share, correlations, commitments and shared beliefs connect; so it holds at
    least the blocks of `names` in every mixture, and a change that touches none of it moves no answer about them.
    """
    links = [set(link) for link in _links(projections)]
    found = set(names).union(*(resting_on(projections, name) for name in names))
    while reached := [link for link in links if link & found and not link <= found]:
        found.update(*reached)
    return frozenset(found)


def resting_on(projections: Sequence[Projection], indicator: str) -> frozenset[str]:
    """Return an indicator and what it is derived from, in any of the projections."""
    studies = [p.study for p in projections if any(i.name == indicator for i in p.study.indicators)]
    return frozenset((indicator, *(root for study in studies for root in roots(study, indicator))))


def _links(projections: Sequence[Projection]) -> Iterator[Link]:
    shared: dict[str, list[str]] = {}
    for projection in projections:
        study, drawn = projection.study, set(projection.forecasts)
        for figure in study.evidence:
            touched = tuple(name for own in figure.indicators for name in (own, *roots(study, own)))
            yield touched
            for row in figure.rows(study, ""):
                for nuisance, _ in row.nuisances if isinstance(row, Row) else ():
                    shared.setdefault(nuisance.name, []).extend(touched)
        for name, assumed in projection.assumed.items():
            for parameter in assumed.motion.parameters().values():
                if parameter.shared:
                    shared.setdefault(parameter.shared, []).append(name)
        yield tuple(drawn)
        yield from (correlation.between for correlation in study.correlations)
        yield from _committed(study)
        yield from (own for i in study.identities if drawn & set(own := (i.result, *roots(study, i.result))))
    yield from map(tuple, shared.values())


def _committed(study: Study) -> Iterator[Link]:
    for scenario in study.scenarios:
        for commitment in scenario.commitments:
            names = study.target(commitment.target).indicators
            yield tuple(root for name in names for root in (name, *roots(study, name)))
