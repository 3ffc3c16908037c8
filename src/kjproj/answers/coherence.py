"""Do the targets and figures fit together? Found by arithmetic from the study alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..projection import Projection
from ..study import Study
from .finders.figures import conflicts, leaps, ratio_moves, revisable
from .finders.forecasts import apart_from_forecasts, idle_beside_forecasts, made_later
from .finders.implied import implied
from .finders.magnitudes import out_of_scale
from .finders.paces import below_earlier, met, part_of_year, uneven
from .findings import Finding, Findings

Finder = Callable[[Study], Iterator[Finding]]
_FINDERS: tuple[Finder, ...] = (
    implied,
    out_of_scale,
    leaps,
    uneven,
    below_earlier,
    met,
    part_of_year,
    ratio_moves,
    conflicts,
    revisable,
    made_later,
)


def coherence(study: Study | Projection) -> Findings:
    """Return what does not fit together in a study, or in one with the forecasts that a projection was handed (`paths=`).

    An empty list where nothing was found.

    Kinds: "implied" (two targets imply a third quantity; different pairs imply different ones), "out_of_scale" (a figure
    20 times another year's, a forecast so many times the last figure, or a target that asks for a multiple every year), "leap" (a year's change that may be a one-off), "uneven_pace" (interim and final target ask for very different growth a year),
    "below_earlier" (a target below an earlier one), "met" and "nearly_met" (a target that the last figure meets, or
    nearly, years before), "part_of_year" (a target that asks for more than the year's first part grew by),
    "ratio_moves" (two targets move a ratio that figures state), "conflict" (figures that contradict each other whatever
    the motion), "revisable" (a ratio to a figure that is revised later), "idle_beside_forecast" (scenarios, steps or correlations speak of an
    indicator that a forecast gives), "apart_from_forecast" (a figure far outside of the forecast that it updates),
    "made_later" (a given forecast that was made after `as_of`).

    >>> import kjproj as kj
    >>> [finding.kind for finding in kj.coherence(kj.datasets.yueyang())][:5]
    ['implied', 'implied', 'leap', 'uneven_pace', 'uneven_pace']
    """
    own = study.study if isinstance(study, Projection) else study
    found = [finding for finder in _FINDERS for finding in finder(own)]
    beside = [finding for finder in (idle_beside_forecasts, apart_from_forecasts) for finding in finder(own, study.forecasts)]
    return Findings((*found, *beside))
