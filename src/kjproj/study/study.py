"""`Study`: a report's figures and targets, and what is assumed about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from ..errors import KjprojError, unknown
from ..evidence import Evidence
from ..forecasts import Forecast, Given
from ..identities import Identity
from ..motions import Motion
from ..scales import Scale
from ..tables import Shown, Table
from ..targets import Added, BaseTarget
from ..text import Language, Text
from . import files
from .checks import problems
from .document import Document
from .forecasting import stated_forecasts
from .indicator import Indicator
from .published import implied_levels, stated_levels
from .rates import rates_of
from .showing import line, study_table
from .standing import Placed, day, known_on, standing


class Study(Shown, Document, defer_build=False):
    """A report's figures and targets, and what is assumed about them. Nothing is changed in place.

    A wrong study raises `StudyError` from the `from_…` and `with_…` methods (pydantic's `ValidationError` from the
    constructor); both say each place and what to do.
    """

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = problems(self)
        if found:
            raise PydanticCustomError("study", "{text}", {"text": "; ".join(map(str, found)), "problems": found})
        return self

    if not TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any:
            try:
                return super().__getattr__(name)
            except AttributeError:
                said = f"a Study has no {name!r}; questions are asked of a projection: pass kj.project(study) in the study's place"
                raise AttributeError(said, name=name, obj=self) from None

    # showing

    def __repr__(self) -> str:
        return line(self)

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the indicators with their last figures and what is assumed about them."""
        return (study_table(self, lang),)

    # reading and writing

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the study that a document states; raises `StudyError`."""
        return files.validated(cls, files.mapping(data, "the study"), "the study")

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the study that a JSON text states; raises `StudyError`."""
        return files.validated(cls, files.parse_json(text, "the study"), "the study")

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Return the study in a .json, .yaml, .yml or .xlsx file (extras `yaml`, `xlsx`); raises `StudyError`."""
        return files.study_in(cls, Path(path))

    @classmethod
    def from_levels(
        cls,
        levels: Mapping[str, Mapping[int, str]],
        *,
        unit: str,
        scale: str = "log",
        reference_class: str | None = None,
        error: str | None = None,
        as_of: date | None = None,
    ) -> Self:
        """Return a study of yearly levels, one indicator a name, with flat beliefs or those of a reference class.

        Args:
            levels: name → {year → figure}; figures are text, such as "98.06".
            unit: the unit of them all.
            scale: "log" or "linear".
            reference_class: the class whose beliefs are borrowed; flat beliefs without one.
            error: half-width of the figures' errors where it is not half a unit of the last digit; "0" is exact.
            as_of: the end of the last level's year, unless given.
        """
        return cls.from_dict(files.from_levels(levels, unit, scale, reference_class, error, as_of))

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain dictionaries and lists, without what stands at its default."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return files.write_json(self.to_dict())

    def to_yaml(self) -> str:
        """Return the document as YAML text (extra `yaml`)."""
        return files.write_yaml(self.to_dict())

    def to_file(self, path: str | Path, *, lang: Language = "en") -> None:
        """Write the document to a .json, .yaml, .yml or .xlsx file; the headers of a spreadsheet are in `lang`."""
        files.write(self.to_dict(), Path(path), lang)

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with the study's data, and with nothing else."""
        import hashlib

        return hashlib.sha256(files.canonical(self.model_dump(mode="json", context="bare"))).hexdigest()[:16]

    # new studies from this one

    def with_evidence(self, *evidence: Evidence | Mapping[str, Any]) -> Self:
        """Return the study with more figures; the old ones stay."""
        return self._with(evidence=[*self.evidence, *evidence])

    def with_target(self, *targets: BaseTarget | Mapping[str, Any]) -> Self:
        """Return the study with more targets; one of the same name takes the old one's place."""
        names = [t.get("name") if isinstance(t, Mapping) else getattr(t, "name", None) for t in targets]
        new = {name: t for name, t in zip(names, targets, strict=True) if any(name == old.name for old in self.targets)}
        added = [t for name, t in zip(names, targets, strict=True) if name not in new]
        return self._with(targets=[*(new.get(old.name, old) for old in self.targets), *added])

    def with_step(self, indicator: str, year: int, size: Any, *, reason: str = "assumed") -> Self:
        """Return the study with a one-off change of `indicator`: `size` on its scale from the end of `year` on."""
        step = {"indicator": indicator, "year": year, "size": size, "reason": reason}
        return self._with(steps=[*self.steps, step])

    def with_motion(self, indicator: str, motion: Motion | Mapping[str, Any]) -> Self:
        """Return the study with another motion for one indicator."""
        return self._with_indicator(indicator, motion=motion)

    def with_given(self, indicator: str, given: Given | Mapping[str, Any] | None) -> Self:
        """Return the study in which another tool's forecast gives one indicator; None takes such a one out."""
        return self._with_indicator(indicator, given=given)

    def _with_indicator(self, name: str, **fields: Any) -> Self:
        self.indicator(name)
        return self._with(indicators=[{**_shallow(i), **fields} if i.name == name else i for i in self.indicators])

    def with_rates(
        self,
        indicator: str,
        *,
        low: float,
        middle: float,
        high: float,
        at: Sequence[float] = (0.1, 0.5, 0.9),
        reason: Text | Mapping[str, str] | str,
    ) -> Self:
        """Return the study in which three rates of growth are quantiles of one belief about an indicator's drift.

        A planner's low, middle and high rate: with probability `at[0]` growth is below the low one, and so on. The belief
        about the drift becomes the two-piece normal with these quantiles (`beliefs.Elicited`; a normal where they are even to
        within 2 % of the distance between the outer ones), and three scenarios "NAME_low", "NAME_middle" and "NAME_high" fix
        the drift at each, with a `weight` (see `study.rates.weights_at`) by which `kjproj.compare` averages their chances.
        Figures still inform the belief; the weights are those before them.

        Args:
            indicator: one that moves; of a derived one name a member.
            low: on the scale `Log` compound growth a year as a fraction, 0.05 for 5 % (a drift of ln 1.05); on `Linear` the
                indicator's units a year.
            middle: likewise.
            high: likewise.
            at: with which probabilities growth stays below them.
            reason: where the rates come from, as text, or as `{"zh": …, "en": …}`.

        Raises:
            KjprojError: for rates or probabilities that do not rise, rates too lopsided for one belief, levels of
                probability that no three weights fit, or an indicator without a drift.

        >>> import kjproj as kj
        >>> study = kj.datasets.yueyang().with_rates("gdp", low=0.04, middle=0.065, high=0.09, reason="three cases")
        >>> [(case.name, case.weight) for case in study.scenarios[-3:]]
        [('gdp_low', 0.3), ('gdp_middle', 0.4), ('gdp_high', 0.3)]
        """
        return self._with(**rates_of(self, indicator, (low, middle, high), at, reason))

    def as_known(self, on: date | str) -> Self:
        """Return the study as it would have been on an earlier day: without figures, revisions and forecasts of later days.

        A figure's day is its `published`, else its source's, else the end of its year; a given forecast's is its `made`, else
        its source's, and without it the indicator falls back on its motion or class. Targets, assumptions and scenarios stay. Raises `KjprojError` for a day after `as_of`.
        """
        on = day(on, "as_of")
        return self if on == self.as_of else self._with(**known_on(self, on))

    def _with(self, **fields: Any) -> Self:
        return files.validated(type(self), {**_shallow(self), **fields}, "the study")

    # asking

    @property
    def last_past_year(self) -> int:
        """The last year that ended by `as_of`; what comes after can still be acted on."""
        return self.as_of.year if (self.as_of.month, self.as_of.day) == (12, 31) else self.as_of.year - 1

    def indicator(self, name: str) -> Indicator:
        """Return an indicator by name; raises `KjprojError` naming the known ones."""
        found: Indicator = _by_name(self.indicators, name, "indicator")
        return found

    def target(self, target: str | BaseTarget) -> BaseTarget:
        """Return a target by name ("name@2020" for one candidate base year), or one that is handed in and checked."""
        if isinstance(target, str):
            named: BaseTarget = _by_name((*self.targets, *self.questions), target, "target")
            return named
        for name in target.indicators:
            self.indicator(name)
        target.check(self)
        return target

    @cached_property
    def questions(self) -> tuple[BaseTarget, ...]:
        """The targets, those without a printed base year once for each candidate."""
        return tuple(one for t in self.targets for one in (t.each() if isinstance(t, Added) else (t,)))

    def counts_events(self, indicator: str) -> bool:
        """Tell whether an indicator counts events, or is a milestone, and so does not move on a scale."""
        return self.measure(indicator) in ("events", "milestone")

    def scale(self, indicator: str) -> Scale:
        """Return the scale of an indicator."""
        return self.indicator(indicator).scale

    def unit(self, indicator: str) -> str:
        """Return the unit of an indicator."""
        return self.indicator(indicator).unit

    def measure(self, indicator: str) -> str:
        """Return whether an indicator is a flow, a stock, a ratio, events or a milestone."""
        return self.indicator(indicator).measure

    def peers(self, indicator: str) -> tuple[str, ...]:
        """Return the indicators that are the same statistic in other places."""
        return tuple(i.name for i in self.indicators if i.peer_of == self.indicator(indicator).name)

    @cached_property
    def standing(self) -> tuple[Placed, ...]:
        """The evidence that informs, each with its position: what was revised since is not in it."""
        return standing(self.evidence)

    @cached_property
    def reported(self) -> dict[str, dict[int, float]]:
        """The levels that follow from what is reported, without expected figures."""
        return stated_levels(self, expected=False)

    @cached_property
    def stated(self) -> dict[str, dict[int, float]]:
        """Levels by indicator and year that the figures state, or that changes and growth lead to from them."""
        return stated_levels(self)

    @cached_property
    def implied(self) -> dict[str, dict[int, float]]:
        """The stated levels, and those that the identities lead to from them."""
        return implied_levels(self)

    @cached_property
    def forecasts(self) -> dict[str, Forecast]:
        """The forecasts of other tools that it states, by indicator, on their scales."""
        return stated_forecasts(self)

    @cached_property
    def derived(self) -> dict[str, Identity]:
        """The identities by their derived member."""
        return {identity.result: identity for identity in self.identities}

    def published(self, indicator: str, year: int) -> float | None:
        """Return the level that the figures state for a year, or lead to; None if they do not."""
        return self.stated.get(indicator, {}).get(year)


def _by_name(items: tuple[Any, ...], name: str, what: str) -> Any:
    for item in items:
        if item.name == name:
            return item
    raise KjprojError(unknown(what, str(name), (item.name for item in items)))


def _shallow(model: Any) -> dict[str, Any]:
    """Return what was given to a model, field by field, the parts being models still."""
    return {name: getattr(model, name) for name in type(model).model_fields if name in model.model_fields_set}
