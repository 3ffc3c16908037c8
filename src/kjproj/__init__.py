"""How likely are our targets? Growth-process projections from one to six yearly figures.

Public names are loaded when they are first used, so that importing the package costs little more than numpy.

>>> import kjproj as kj
>>> study = kj.datasets.yueyang()
>>> projection = kj.project(study)
>>> print(f"{float(kj.probability(projection, 'rd_spending_2025')):.0%}")
51%
"""

from __future__ import annotations

# ruff: noqa: F401 - type checkers read the imports that are loaded lazily at run time
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import (
        adapters,
        beliefs,
        calibration,
        datasets,
        events,
        evidence,
        forecasts,
        identities,
        levers,
        motions,
        scales,
        shocks,
        targets,
        testing,
    )
    from .answers.allocate import allocate
    from .answers.allocation import Allocation
    from .answers.attribution import Attribution, Part, attribution
    from .answers.binding import Binding, binding
    from .answers.bounds import Bounds, bounds
    from .answers.coherence import coherence
    from .answers.compare import Comparison, compare
    from .answers.effort import Effort, effort
    from .answers.findings import Finding, Findings
    from .answers.given import GivenGrowth, given
    from .answers.indices import Indices, indices
    from .answers.learning import Learning, learning
    from .answers.levels import Quantiles, attainable, quantiles
    from .answers.outcomes import Outcomes, outcomes, outcomes_by_scenario
    from .answers.probability import probability
    from .answers.rank import rank
    from .answers.ranking import Rank
    from .answers.required import RequiredGrowth, YearlyPath, required_growth, yearly_path
    from .answers.sample import Paths, sample
    from .answers.splits import EqualChance, InShares, SameGrowth, Split, SplitRule
    from .answers.status import Status, status
    from .answers.succeeding import Succeeding, succeeding
    from .answers.suggested import Suggestion, Suggestions, suggested
    from .answers.tornado import Swing, Tornado, tornado
    from .answers.when import When, when
    from .asking.answer import answer_json
    from .calibration.backtest import Backtest, backtest
    from .calibration.reliability import Reliability, reliability
    from .deprecation import KjprojDeprecationWarning, Renamed
    from .errors import (
        KjprojError,
        MissingExtraError,
        NoBasisError,
        NotAnswerableError,
        StudyError,
        UnitError,
        WorkerLostError,
    )
    from .estimate import Estimate, Value
    from .forecasts import Given
    from .many.first_years import FirstYears
    from .many.project import project_many
    from .many.projections import Projections
    from .many.quantiles import LevelQuantiles
    from .many.together import Together
    from .projection import Projection, project
    from .show import plot
    from .show.brief import Brief, brief
    from .show.report.report import Report, report
    from .show.summary import Summary, summary
    from .study import Correlation, Indicator, Plan, Scenario, Source, Study
    from .targets import Target

_NAMESPACES = (
    "adapters",
    "beliefs",
    "calibration",
    "datasets",
    "events",
    "evidence",
    "forecasts",
    "identities",
    "levers",
    "motions",
    "plot",
    "scales",
    "shocks",
    "targets",
    "testing",
)
_ROOMS = {"plot": "show.plot"}
"""Where a namespace lies that is not a room of its own name."""
_NAMES = {
    "Attribution": "answers.attribution",
    "Binding": "answers.binding",
    "Allocation": "answers.allocation",
    "Bounds": "answers.bounds",
    "Brief": "show.brief",
    "Backtest": "calibration.backtest",
    "Comparison": "answers.compare",
    "Correlation": "study",
    "Effort": "answers.effort",
    "EqualChance": "answers.splits",
    "Estimate": "estimate",
    "Finding": "answers.findings",
    "FirstYears": "many.first_years",
    "Given": "forecasts",
    "GivenGrowth": "answers.given",
    "Findings": "answers.findings",
    "InShares": "answers.splits",
    "Indicator": "study",
    "Indices": "answers.indices",
    "KjprojDeprecationWarning": "deprecation",
    "KjprojError": "errors",
    "Learning": "answers.learning",
    "LevelQuantiles": "many.quantiles",
    "MissingExtraError": "errors",
    "NoBasisError": "errors",
    "NotAnswerableError": "errors",
    "Part": "answers.attribution",
    "Outcomes": "answers.outcomes",
    "Paths": "answers.sample",
    "Plan": "study",
    "Projection": "projection",
    "Projections": "many.projections",
    "Quantiles": "answers.levels",
    "Rank": "answers.ranking",
    "RequiredGrowth": "answers.required",
    "Reliability": "calibration.reliability",
    "SameGrowth": "answers.splits",
    "Report": "show.report.report",
    "Scenario": "study",
    "Source": "study",
    "Status": "answers.status",
    "Split": "answers.splits",
    "SplitRule": "answers.splits",
    "Study": "study",
    "StudyError": "errors",
    "Suggestion": "answers.suggested",
    "Suggestions": "answers.suggested",
    "Succeeding": "answers.succeeding",
    "Summary": "show.summary",
    "Swing": "answers.tornado",
    "Target": "targets",
    "Together": "many.together",
    "Tornado": "answers.tornado",
    "UnitError": "errors",
    "Value": "estimate",
    "When": "answers.when",
    "WorkerLostError": "errors",
    "YearlyPath": "answers.required",
    "allocate": "answers.allocate",
    "answer_json": "asking.answer",
    "attainable": "answers.levels",
    "attribution": "answers.attribution",
    "bounds": "answers.bounds",
    "brief": "show.brief",
    "backtest": "calibration.backtest",
    "coherence": "answers.coherence",
    "given": "answers.given",
    "compare": "answers.compare",
    "effort": "answers.effort",
    "binding": "answers.binding",
    "indices": "answers.indices",
    "learning": "answers.learning",
    "outcomes": "answers.outcomes",
    "outcomes_by_scenario": "answers.outcomes",
    "probability": "answers.probability",
    "project": "projection",
    "project_many": "many.project",
    "quantiles": "answers.levels",
    "rank": "answers.rank",
    "reliability": "calibration.reliability",
    "report": "show.report.report",
    "required_growth": "answers.required",
    "sample": "answers.sample",
    "suggested": "answers.suggested",
    "status": "answers.status",
    "succeeding": "answers.succeeding",
    "summary": "show.summary",
    "tornado": "answers.tornado",
    "when": "answers.when",
    "yearly_path": "answers.required",
}
_RENAMED: dict[str, Renamed] = {}
"""Old public names; docs/stability.md says how long they stay."""
__all__ = [*_NAMESPACES, *_NAMES]  # noqa: PLE0604 - both are texts


def __getattr__(name: str) -> Any:
    if name in _NAMESPACES:
        return import_module(f".{_ROOMS.get(name, name)}", __name__)
    if name == "__version__":
        from importlib.metadata import version

        return version("kjproj")
    if name in _RENAMED:
        _RENAMED[name].warn(f"kjproj.{name}", stacklevel=2)
        return __getattr__(_RENAMED[name].now)
    if name not in _NAMES:
        raise AttributeError(f"module 'kjproj' has no attribute {name!r}")
    value = getattr(import_module(f".{_NAMES[name]}", __name__), name)
    globals()[name] = value  # also where a module of the same name was put here by its import
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
