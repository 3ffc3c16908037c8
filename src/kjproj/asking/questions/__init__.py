"""Questions: one kind a file, with what its answer is; to add one, write its file and add it to `_KINDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from .attainable import Attainable
from .base import Answer, Question
from .bounds import Bounds
from .coherence import Coherence
from .effort import Effort
from .probability import Probability
from .quantiles import Quantiles
from .required_growth import RequiredGrowth
from .summary import Summary
from .when import When
from .yearly_path import YearlyPath

__all__ = ["Answer", "AnyAnswer", "AnyQuestion", "Question", "Summary"]

_KINDS = (Summary, Probability, Bounds, When, Attainable, Quantiles, RequiredGrowth, YearlyPath, Effort, Coherence)

if TYPE_CHECKING:
    AnyQuestion = Question
    AnyAnswer = Answer
else:
    AnyQuestion = Annotated[Union[_KINDS], Field(discriminator="kind")]  # noqa: UP007 - of a tuple
    AnyAnswer = Union[tuple(kind.gives for kind in _KINDS)]  # noqa: UP007
