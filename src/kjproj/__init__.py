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
        beliefs,
        calibration,
        datasets,
        events,
        evidence,
        identities,
        motions,
        scales,
        shocks,
        targets,
        testing,
    )
    from .answers.bounds import Bounds, bounds
    from .answers.coherence import coherence
    from .answers.findings import Finding, Findings
    from .answers.levels import Quantiles, attainable, quantiles
    from .answers.probability import probability
    from .answers.required import RequiredGrowth, YearlyPath, required_growth, yearly_path
    from .answers.sample import Paths, sample
    from .answers.when import When, when
    from .calibration.backtest import Backtest, backtest
    from .calibration.reliability import Reliability, reliability
    from .errors import (
        KjprojError,
        MissingExtraError,
        NoBasisError,
        NotAnswerableError,
        StudyError,
        UnitError,
    )
    from .estimate import Estimate, Value
    from .projection import Projection, project
    from .show.report.report import Report, report
    from .show.summary import Summary, summary
    from .study import Correlation, Indicator, Plan, Scenario, Source, Study
    from .targets import Target

_NAMESPACES = (
    "beliefs",
    "calibration",
    "datasets",
    "events",
    "evidence",
    "identities",
    "motions",
    "scales",
    "shocks",
    "targets",
    "testing",
)
_NAMES = {
    "Bounds": "answers.bounds",
    "Backtest": "calibration.backtest",
    "Correlation": "study",
    "Estimate": "estimate",
    "Finding": "answers.findings",
    "Findings": "answers.findings",
    "Indicator": "study",
    "KjprojError": "errors",
    "MissingExtraError": "errors",
    "NoBasisError": "errors",
    "NotAnswerableError": "errors",
    "Paths": "answers.sample",
    "Plan": "study",
    "Projection": "projection",
    "Quantiles": "answers.levels",
    "RequiredGrowth": "answers.required",
    "Reliability": "calibration.reliability",
    "Report": "show.report.report",
    "Scenario": "study",
    "Source": "study",
    "Study": "study",
    "StudyError": "errors",
    "Summary": "show.summary",
    "Target": "targets",
    "UnitError": "errors",
    "Value": "estimate",
    "When": "answers.when",
    "YearlyPath": "answers.required",
    "attainable": "answers.levels",
    "bounds": "answers.bounds",
    "backtest": "calibration.backtest",
    "coherence": "answers.coherence",
    "probability": "answers.probability",
    "project": "projection",
    "quantiles": "answers.levels",
    "reliability": "calibration.reliability",
    "report": "show.report.report",
    "required_growth": "answers.required",
    "sample": "answers.sample",
    "summary": "show.summary",
    "when": "answers.when",
    "yearly_path": "answers.required",
}
__all__ = [*_NAMESPACES, *_NAMES]  # noqa: PLE0604 - both are texts


def __getattr__(name: str) -> Any:
    if name in _NAMESPACES:
        return import_module(f".{name}", __name__)
    if name == "__version__":
        from importlib.metadata import version

        return version("kjproj")
    if name not in _NAMES:
        raise AttributeError(f"module 'kjproj' has no attribute {name!r}")
    value = getattr(import_module(f".{_NAMES[name]}", __name__), name)
    globals()[name] = value  # also where a module of the same name was put here by its import
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
