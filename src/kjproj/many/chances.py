"""How likely each target is: all regions of one shape at once, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..answers.probability import probability
from ..errors import KjprojError
from ..projection import Projection, project
from .given import Codes, Floats, Ints, distinct
from .groups import Group
from .inputs import Inputs
from .reasons import ANSWERED, APART, REFUSED
from .walked import AGREED

T = TypeVar("T")
METHODS = ("", "observed", "closed form", "alone")
NONE, OBSERVED, CLOSED, ALONE = range(4)


@dataclass(frozen=True)
class Chances:
    """A number a target and why there is none: value, stderr (T,), codes of `reasons` and of `METHODS`, (T,).

    words: what was said where a region was refused when projected alone, by target.
    """

    value: Floats
    stderr: Floats
    code: Codes
    method: Codes
    words: dict[int, str]


def chances(inputs: Inputs) -> Chances:
    """Return how likely each target is."""
    count = len(inputs.goals.year)
    value, stderr, code = np.full(count, np.nan), np.full(count, np.nan), inputs.codes.copy()
    method = np.zeros(count, np.int8)
    known = (code == ANSWERED) & (inputs.observed >= 0)
    value[known], stderr[known], method[known] = inputs.observed[known], 0.0, OBSERVED
    for group, goals, position, horizon in of_groups(inputs, (code == ANSWERED) & ~known):
        law, other = group.walked.growth(horizon)
        sign = np.where(inputs.goals.upwards[goals], 1.0, -1.0)
        bound = inputs.bound[goals] - group.last[position]
        found = law.take(position).beyond(bound, sign)
        error = 1e-12 * found + 1e-15
        if other is not None:
            difference = np.abs(other.take(position).beyond(bound, sign) - found)
            error, code[goals] = error + difference, np.where(difference > AGREED, APART, ANSWERED)
        value[goals], stderr[goals], method[goals] = found, error, CLOSED
    words: dict[int, str] = {}
    for goal, projection in one_by_one(inputs, np.flatnonzero(code == APART)):
        found_or_said = attempt(lambda p=projection, g=goal: probability(p(), inputs.name(g)))  # type: ignore[misc]
        if isinstance(found_or_said, str):
            value[goal], code[goal], words[goal] = np.nan, REFUSED, found_or_said
        else:
            value[goal], stderr[goal] = found_or_said.value, found_or_said.stderr
            code[goal], method[goal] = ANSWERED, ALONE
    return Chances(value, stderr, code, method, words)


def of_groups(inputs: Inputs, wanted: NDArray[np.bool_]) -> Iterator[tuple[Group, Ints, Ints, int]]:
    """Return the wanted targets by group and horizon: the group, their numbers, their series' positions in it, and the years ahead."""
    goals = inputs.goals
    rows = np.flatnonzero(wanted)
    own_group, own_position = inputs.place
    group, position = own_group[goals.series[rows]], own_position[goals.series[rows]]
    for k, one in enumerate(inputs.groups):
        mine = np.flatnonzero(group == k)
        ahead = goals.year[rows[mine]] - one.years[-1]
        for horizon in distinct(ahead):
            some = mine[ahead == horizon]
            yield one, rows[some], position[some], horizon


def one_by_one(inputs: Inputs, goals: Ints) -> Iterator[tuple[int, Callable[[], Projection]]]:
    """Return targets with what projects their region, each region once."""
    known: dict[int, Projection] = {}

    def projected(region: int) -> Projection:
        if region not in known:
            known.clear()
            known[region] = project(inputs.study(region))
        return known[region]

    for goal in sorted(goals.tolist(), key=lambda g: (inputs.goals.region[g], g)):
        yield goal, lambda region=int(inputs.goals.region[goal]): projected(region)  # type: ignore[misc]


def attempt(question: Callable[[], T]) -> T | str:
    """Return an answer, or what was said where it was refused."""
    try:
        return question()
    except KjprojError as error:
        return str(error)
