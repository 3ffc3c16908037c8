"""Evidence: figures with their sources. One kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Evidence
from .bound import Bound
from .break_ import Break
from .change import Change
from .growth import Growth
from .level import Level
from .partial import Partial

__all__ = ["AnyEvidence", "Bound", "Break", "Change", "Evidence", "Growth", "Level", "Partial"]

AnyEvidence = Annotated[Level | Change | Growth | Partial | Bound | Break, Field(discriminator="kind")]
