"""The study document: what a report says, and what is assumed about it."""

from __future__ import annotations

from .document import Plan, Source
from .indicator import Correlation, Indicator, StepChange
from .scenario import Change, Scenario
from .study import Study

__all__ = ["Change", "Correlation", "Indicator", "Plan", "Scenario", "Source", "StepChange", "Study"]
