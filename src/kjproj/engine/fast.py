"""The chunk of `kernel.tally_chunk` as one compiled loop, free of the interpreter's lock; needs the extra "fast" (numba).

A world becomes a list of operations on registers of a few dozen paths, which stay in the nearest cache. The normals are
those of the same generators, bit for bit: SFC64 and numpy's ziggurat, whose tables numba has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numerics.tally import Tally
from ..numerics.yes_or_no import Questions
from .schedule import Schedule
from .steps import Index, Step
from .worlds import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Terms = list[tuple[int, float]]
_AT_ONCE = 4
_WIDTH = 128
_DRAW, _SET, _ADD = range(3)


@dataclass(frozen=True)
class Program:
    """Operations on registers: normals first, then a world's rows.

    Attributes:
        code: (n, 6) what is done to which register: 0, draw from the stream that follows; 1, set to a weighted sum of the
            four registers that follow; 2, add such a sum.
        weights: (n, 4) those of the sums.
        registers, normals: how many there are, and how many of them hold normals.
        streams: the name and column of each stream.
        bins: of the first rows, `Bins.places` (3, q).
        asked: the rows of tests, their bounds by side of each scenario, clauses, events, and whether each event is one test.
        counted: joints and sequences.
    """

    code: Ints
    weights: Floats
    registers: int
    normals: int
    streams: tuple[tuple[str, int], ...]
    bins: Floats
    asked: tuple[Any, ...]
    counted: tuple[Any, ...]

    @classmethod
    def of(cls, world: World, questions: Questions) -> Program:
        """Return the program of a world that is drawn."""
        schedule = Schedule.of([world])
        normals = schedule.normals
        code: list[tuple[int, ...]] = []
        weights: list[tuple[float, ...]] = []
        for stage in schedule.stages[0]:
            if stage.step is not None and stage.draw is not None:
                code += [(_DRAW, slot, stream, 0, 0, 0) for stream, slot in stage.draw.fresh]
                weights += [(0.0,) * _AT_ONCE] * len(stage.draw.fresh)
                sums = _sums(stage.step, _listed(stage.draw.slots, normals))
            else:
                sums = [[(normals + part, 1.0) for part in stage.parts]]
            for k, (row, terms) in enumerate(zip(stage.rows, sums, strict=True)):
                _put(code, weights, normals + row, terms + [(normals + before, 1.0) for before in stage.before[k : k + 1]])
        program = np.array(code, np.int64).reshape(-1, 2 + _AT_ONCE), np.array(weights).reshape(-1, _AT_ONCE)
        bins = np.zeros((3, 0)) if world.bins is None else np.array(world.bins.places)
        counted = _flat(questions.joints), _flat(questions.sequences)
        return cls(*program, normals + world.height, normals, schedule.streams, bins, _asked(world, questions), counted)


def _asked(world: World, questions: Questions) -> tuple[Any, ...]:
    sides = [side for both in zip(world.bounds, world.mirrored, strict=True) for side in both]
    lower, upper = (np.array([side[k] for side in sides]).reshape(len(sides), -1) for k in (0, 1))
    plain = questions.clauses == questions.events == tuple((k,) for k in range(len(questions.rows)))
    return np.array(questions.rows, np.int64), lower, upper, _flat(questions.clauses), _flat(questions.events), plain


def _sums(step: Step, slots: Sequence[int]) -> list[Terms]:
    """Return the normals with weights that each of a step's rows is the sum of."""
    common = step.matrix.shape[1]
    found = [list(zip(slots[:common], weights, strict=True)) for weights in step.matrix.tolist()]
    if step.own is not None:
        for k, slot, weight in zip(_listed(step.own.rows, len(found)), slots[common:], step.own.weights[:, 0].tolist(), strict=True):
            found[k].append((slot, weight))
    return found


def _put(code: list[tuple[int, ...]], weights: list[tuple[float, ...]], row: int, terms: Terms) -> None:
    """Add the operations that set a register to a weighted sum."""
    some = [term for term in terms if term[1] != 0.0] or [(row, 0.0)]
    for start in range(0, len(some), _AT_ONCE):
        part = some[start : start + _AT_ONCE]
        part += [(part[0][0], 0.0)] * (_AT_ONCE - len(part))
        code.append((_ADD if start else _SET, row, *(register for register, _ in part)))
        weights.append(tuple(weight for _, weight in part))


def _listed(index: Index, size: int) -> list[int]:
    found: list[int] = np.arange(size)[index].tolist()
    return found


@dataclass(frozen=True)
class Taken:
    """Which paths of a chunk are counted: so many drawn, mirror images of the first ones, and how parts of the sample take them.

    `first` is the number of the first path, and `width` how many a part takes at a time.
    """

    drawn: int
    images: int
    first: int
    width: int


def add(tally: Tally, program: Program, states: NDArray[np.uint64], taken: Taken) -> None:
    """Count paths into a tally; `states` (streams, 4) are those of the streams' generators as the chunk begins, and move on."""
    from .loops import chunk  # compiled once a machine

    binned = np.zeros((0, 1), np.int64) if tally.binned is None else tally.binned
    registers = np.zeros((program.registers, min(_WIDTH, taken.width)))
    paths, moved = (taken.drawn, taken.images, taken.first, taken.width), (program.code, program.weights, states, registers)
    chunk(paths, moved, (registers[program.normals :], program.bins, binned), program.asked, (*program.counted, tally.parts, tally.hits))


def _flat(groups: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Return the members of all groups one after the other, and where each group begins, (len(groups) + 1,)."""
    ends = np.cumsum([0, *map(len, groups)])
    return np.array([member for group in groups for member in group], np.int64), ends.astype(np.int64)
