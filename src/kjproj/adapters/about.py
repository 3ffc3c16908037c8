"""What is said of a whole table: units, names in words, and what reproduces it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..answers.levels import Quantiles
from ..answers.sample import Paths
from ..errors import KjprojError, UnitError
from ..recipe import Recipe
from ..text import Text
from ..units import unit

FOREIGN = Recipe("unknown", "unknown", 0, 0, "none", "none", "none", "none")
"""The recipe of paths that another tool drew, or whose format has no place for one: it reproduces nothing."""


@dataclass(frozen=True)
class About:
    """By indicator its unit and its name in words; the recipe of paths.

    It travels as JSON text, in a column, an attribute or a schema's metadata.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    recipe: Recipe | None = None

    @classmethod
    def of_paths(cls, paths: Paths) -> About:
        """Return what is said of paths; raises `KjprojError` where an indicator has no unit."""
        if not isinstance(paths, Paths):
            raise KjprojError(f"paths is {type(paths).__name__}; expected kjproj.Paths, such as kjproj.sample gives")
        missing = [name for name in paths.values if name not in paths.units]
        if missing:
            raise KjprojError(f"no unit for {', '.join(missing)}; give Paths its units, by indicator")
        return cls(dict(paths.units), dict(paths.labels), paths.recipe)

    @classmethod
    def of_quantiles(cls, found: Mapping[str, Quantiles]) -> About:
        """Return what is said of quantiles by indicator; raises `KjprojError` for anything else."""
        if not isinstance(found, Mapping) or not found or not all(isinstance(q, Quantiles) for q in found.values()):
            given = type(found).__name__
            raise KjprojError(f'quantiles are {given}; expected them by indicator: {{"gdp": kjproj.quantiles(projection, "gdp")}}')
        return cls({name: q.unit for name, q in found.items()}, {name: q.of for name, q in found.items() if q.of})

    def to_json(self) -> str:
        """Return it as JSON text, without what is empty."""
        labels = {name: text.model_dump(exclude_none=True) for name, text in self.labels.items()}
        recipe = None if self.recipe is None else self.recipe.to_dict()
        said = {"units": dict(self.units), "labels": labels, "recipe": recipe}
        return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes | None) -> About:
        """Return what a JSON text says; nothing for None. Raises `KjprojError` for another text."""
        if text is None:
            return cls()
        try:
            return cls._read(json.loads(text))
        except (ValueError, TypeError, AttributeError):
            raise KjprojError(f"the metadata {str(text)[:60]!r} are not those that kjproj writes; leave them out") from None

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> About:
        labels = {name: Text.model_validate(words) for name, words in said.get("labels", {}).items()}
        recipe = said.get("recipe")
        return cls(dict(said.get("units", {})), labels, None if recipe is None else Recipe(**recipe))


def equally_weighted(paths: Paths, format_name: str) -> None:
    """Raise `KjprojError` where paths weigh differently, and a format has no place to say so."""
    if not np.array_equal(paths.weights, np.full(len(paths), 1.0 / len(paths))):
        raise KjprojError(f"the paths have different weights, which {format_name} cannot say; draw paths of equal weights, or use a frame")


def units_of(names: list[str], given: Mapping[str, str], *sources: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each indicator: from the first source that has it, `given` where none has or what it has is not known.

    Raises `KjprojError` where there is none, or `given` says another one than the data do, `UnitError` for one that is not known.
    """
    stated = {name: next((source[name] for source in sources if name in source), None) for name in names}
    found = {name: given.get(name, own) for name, own in stated.items()}
    missing = [name for name, own in found.items() if own is None]
    if missing:
        raise KjprojError(f"no unit for {', '.join(missing)}; give units={{{missing[0]!r}: '亿元', …}}")
    named = {name: unit(own).name for name, own in found.items() if own is not None}
    for name, own in stated.items():
        if _known(own) not in (None, named[name]):
            raise KjprojError(f"{name} is in {own}, as the data say, and units= says {named[name]}; leave out units=, or convert the values first")
    return named


def _known(name: str | None) -> str | None:
    """Return a unit's name, None where it is not known here."""
    try:
        return None if name is None else unit(name).name
    except UnitError:
        return None
