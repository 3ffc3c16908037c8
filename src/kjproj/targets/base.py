"""What a target is: what an indicator is to reach, as half-spaces over unknowns."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from ..model import Model, Name, Year
from ..rows import Levels, Requirement, Terms
from ..tables import Shown, Table
from ..text import Language, Words, given_words

ShortText = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True)
class Measured:
    """What a target is measured by: a weighted sum of unknowns, on scales or on levels.

    `rate_years` is set where the sum is a logarithm to be shown as a rate a year over so many years.
    """

    terms: Terms
    on: Literal["scale", "level"]
    unit: str
    rate_years: int | None = None


def _kind_required(schema: dict[str, Any], cls: type[Any]) -> None:
    """Let the JSON Schema tell kinds apart: only a level may leave its kind out."""
    if cls.names_kind:
        schema["required"] = [*schema.get("required", []), "kind"]


class BaseTarget(Shown, Model):
    """What every kind of target shares.

    `nature` is "expected" (预期性) or "binding" (约束性); `role` "floor" (确保) or "aim" (力争), which may stand together.
    `taken_as` says which other statistic the indicator is taken for.
    """

    model_config = ConfigDict(json_schema_extra=_kind_required)
    kind: str
    name: Name
    label: Words | None = None
    indicator: Name
    year: Year
    nature: Literal["expected", "binding"] | None = None
    role: Literal["floor", "aim"] | None = None
    taken_as: Words | None = None
    source: ShortText | None = None
    section: ShortText | None = None
    note: Words | None = None

    @property
    def upwards(self) -> bool:
        """Whether more is better."""
        return True

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that it speaks of, its own first."""
        return (self.indicator,)

    @abstractmethod
    def requirement(self, levels: Levels) -> Requirement:
        """Return what must hold, as clauses of half-spaces."""

    @abstractmethod
    def measured(self, levels: Levels) -> Measured:
        """Return the quantity that is compared with the figure."""

    def shown_unit(self, levels: Levels) -> str:
        """Return the unit that stands beside the name; none for what has no figure."""
        return levels.unit(self.indicator)

    def limits(self, levels: Levels) -> tuple[float, float]:
        """Return the least and the greatest measured value that meet the target, in the unit of `measured`."""
        return 1.0, math.inf

    def aimed(self, levels: Levels) -> float | None:
        """Return the target's figure in the unit of `measured`; None where it has none."""
        return None

    def goal_level(self, levels: Levels) -> float | None:
        """Return the level of the indicator in `year` that the target amounts to; None where no figure says."""
        return None

    @abstractmethod
    def check(self, levels: Levels) -> None:
        """Raise `KjprojError` where a unit or a figure does not fit the indicator."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the bound: "≥150"."""

    def say(self, name: str, unit: str, lang: Language) -> str:
        """Say the target as a plan does; `name` is the indicator's label, `unit` its unit."""
        return f"{name}{self.describe(lang)}" if lang == "zh" else f"{name} {self.describe(lang)}"

    def qualifier(self, lang: Language) -> str:
        """Say what is measured where it is not the level of the year: "added since 2020"; else nothing."""
        return ""

    def to_text(self, lang: Language = "en") -> str:
        """Say the target in one line, the indicator by its name in the study."""
        said, own = " ".join(filter(None, (self.qualifier(lang), self.describe(lang)))), getattr(self, "unit", None)
        figure = said if own is None or said.endswith(own) else f"{said} {own}"
        year = "" if str(self.year) in said else f"（{self.year}年）" if lang == "zh" else f" ({self.year})"
        return f"{self.name}{'：' if lang == 'zh' else ': '}{self.indicator} {figure}{year}"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return what the document states, field by field."""
        return (Table(rows=given_words(self, lang), title=self.to_text(lang)),)
