"""Events: counts, which do not move on a scale. One kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Events, Outlook
from .counts import Counts
from .milestone import Milestone

__all__ = ["AnyEvents", "Counts", "Events", "Milestone", "Outlook"]

AnyEvents = Annotated[Counts | Milestone, Field(discriminator="kind")]
