"""Evidence: figures with their sources. One kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Evidence
from .bias import Bias
from .bound import Bound
from .break_ import Break
from .change import Change
from .gap import Gap
from .growth import Growth
from .judgement import Judgement
from .level import Level
from .partial import Partial
from .rank import Rank

__all__ = [
    "AnyEvidence",
    "Bias",
    "Bound",
    "Break",
    "Change",
    "Evidence",
    "Gap",
    "Growth",
    "Judgement",
    "Level",
    "Partial",
    "Rank",
]

AnyEvidence = Annotated[
    Level | Change | Growth | Partial | Bound | Gap | Judgement | Rank | Break, Field(discriminator="kind")
]
