"""Finding how much is to be added for a chance: a root where the chance rises with it, else a peak."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from ..estimate import Estimate
from ..numerics.roots import rising_root
from .lifted import Lifted

Why = Literal["", "decided", "idle", "most", "cap", "peak"]
_CLOSE, _NEAR_CAP = 1e-13, 1e-4
_BEYOND = 64.0
_DOUBLINGS, _SCANNED, _HALVINGS = 60, 32, 36


@dataclass(frozen=True)
class Found:
    """What is added, the chance with it, and why it is not the asked one: "" where it is, or more.

    "decided" by figures; "idle": the lever does not move the targets; "most" that is considered; "cap": more would not help;
    "peak": more would harm. `stderr` is the error of what is added.
    """

    added: float
    chance: Estimate
    why: Why = ""
    stderr: float = 0.0


class Search:
    """The search for what is to be added, from `least` (below 0) to `most`; `step` is a first guess where these are infinite."""

    def __init__(self, lifted: Lifted, least: float, most: float, step: float) -> None:
        self.lifted, self.least, self.most, self.step = lifted, least, most, step

    def run(self, asked: float) -> Found:
        """Return what gives the asked chance, the room where that is there already, or the best there is."""
        zero = self.lifted.chance(0.0)
        if not any(self.lifted.effects):
            return Found(0.0, zero, "" if zero.value >= asked else "idle")
        sign = self.lifted.direction
        if sign == 0:
            return self._about_a_peak(asked, zero)
        up, down = (self.most, -self.least) if sign > 0 else (-self.least, self.most)
        if zero.value >= asked:
            end = self._end(-sign, down, lambda chance: chance < asked)
            last = self.lifted.chance(-sign * end)
            return Found(-sign * end, last) if last.value >= asked else self._root(asked, -sign * end, 0.0)
        end = self._end(sign, up, lambda chance: chance >= asked)
        last = self.lifted.chance(sign * end)
        if last.value >= asked:
            return self._root(asked, 0.0, sign * end)
        if self.lifted.chance(_BEYOND * sign * end).value - last.value > _NEAR_CAP:
            return Found(sign * end, last, "most")
        return self._near_cap(last.value, zero, sign * end)

    def _near_cap(self, best: float, zero: Estimate, end: float) -> Found:
        """Return what leads to a hundredth of a point below the best, beyond which more hardly helps."""
        if best - zero.value <= _NEAR_CAP:
            return Found(0.0, zero, "cap")
        near = self._root(best - _NEAR_CAP, 0.0, end)
        return Found(near.added, near.chance, "cap", near.stderr)

    def _end(self, sign: int, limit: float, passed: Callable[[float], bool]) -> float:
        """Return the limit; where there is none, the first of doubled steps that passes or no longer matters."""
        if math.isfinite(limit):
            return limit
        size, before = self.step, self.lifted.chance(0.0).value
        for _ in range(_DOUBLINGS):
            chance = self.lifted.chance(sign * size).value
            if passed(chance) or (abs(chance - before) < _CLOSE and chance != self.lifted.chance(0.0).value):
                break
            size, before = 2.0 * size, chance
        return size

    def _root(self, asked: float, low: float, high: float) -> Found:
        """Return where the chance, below the asked one at one end and not at the other, is the asked one."""
        sign = 1.0 if self.lifted.chance(high).value > self.lifted.chance(low).value else -1.0
        start, end = (low, high) if sign > 0 else (high, low)
        length = end - start
        if self.lifted.exact:
            share = rising_root(lambda t: self._probit(start + t * length) - float(ndtri(asked)), 0.0, 1.0, _CLOSE)
        else:
            share = self._first(asked, start, length)
        added = start + share * length
        chance = self.lifted.chance(added)
        return Found(added, chance, "", self._error(added, chance, abs(length)))

    def _first(self, asked: float, start: float, length: float) -> float:
        """Return the least share of the way at which a chance that rises in steps is at least the asked one."""
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self.lifted.chance(start + middle * length).value >= asked else (middle, high)
        return high

    def _probit(self, added: float) -> float:
        return float(np.clip(ndtri(min(max(self.lifted.chance(added).value, 0.0), 1.0)), -38.0, 38.0))

    def _error(self, added: float, chance: Estimate, length: float) -> float:
        """Return the error of the chance over its slope."""
        width = length * (1e-4 if self.lifted.exact else 2e-2)
        rise = abs(self.lifted.chance(added + width).value - self.lifted.chance(added - width).value)
        return chance.stderr * 2.0 * width / rise if rise > 0.0 else 0.0

    def _about_a_peak(self, asked: float, zero: Estimate) -> Found:
        """Return the least that is to be added where more helps at first and harms then; no room is stated there."""
        if zero.value >= asked:
            return Found(0.0, zero)
        least, most = max(self.least, -self.step * 8.0), min(self.most, self.step * 8.0)
        top = self._peak(least, most)
        best = self.lifted.chance(top)
        if best.value >= asked:
            return self._root(asked, 0.0, top)
        return Found(top, best, "peak") if best.value > zero.value else Found(0.0, zero, "peak")

    def _peak(self, least: float, most: float) -> float:
        """Return where the chance is greatest: the best of a scan, refined by Brent's bounded search."""
        from scipy.optimize import minimize_scalar

        grid = np.linspace(least, most, _SCANNED + 1)
        values = [self.lifted.chance(float(added)).value for added in grid]
        k = int(np.argmax(values))
        ends = float(grid[max(k - 1, 0)]), float(grid[min(k + 1, _SCANNED)])
        found = minimize_scalar(lambda x: -self.lifted.chance(float(x)).value, bounds=ends, method="bounded", options={"xatol": 1e-7 * (most - least)})
        return float(found.x)
