"""Places for labels beside each other, none on top of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places at least `gap` apart, in the same order (rising), near the given ones and between two ends.

    Neighbours that are too near become a group about the mean of their places; groups that touch are joined. Where all
    do not fit between the ends they are spread evenly over them.

    >>> apart([1.0, 1.1, 5.0], 1.0, 0.0, 10.0)
    [0.55, 1.55, 5.0]
    """
    count = len(places)
    if (count - 1) * gap > high - low:
        return [float(place) for place in np.linspace(low, high, count)]
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _start(groups[-1], gap, low, high) - _end(groups[-2], gap, low, high) < gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [float(_start(group, gap, low, high) + gap * k) for group in groups for k in range(len(group))]


def _start(group: Sequence[float], gap: float, low: float, high: float) -> float:
    length = gap * (len(group) - 1)
    return min(max(float(np.mean(group)) - length / 2, low), high - length)


def _end(group: Sequence[float], gap: float, low: float, high: float) -> float:
    return _start(group, gap, low, high) + gap * (len(group) - 1)
