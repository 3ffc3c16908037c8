"""The dials of correlations between yearly shocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ...engine.block_posterior import BlockPosterior
from ...numbers import digits
from ...projection import Projection
from ...text import Text
from ..phrases import label
from .common import Dial, Scope, exchanged, two_sided

Floats = NDArray[np.float64]
_MOST = 0.95
_SMALLEST_EIGENVALUE = 1e-9
_HALVINGS = 40


def correlations(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial a correlation: to 0, and as far on the other side (doubled, at most ±.95).

    Where the whole matrix would then be none of correlations, as far as it still is one.
    """
    for block in scope.blocks:
        names = tuple(block.block.moving)
        for c in projection.study.correlations:
            if set(c.between) <= set(names) and c.value:
                i, j = (names.index(name) for name in c.between)
                yield _dial(projection, block, (i, j), c.between)


def _dial(projection: Projection, block: BlockPosterior, pair: tuple[int, int], between: tuple[str, str]) -> Dial:
    matrix = block.block.correlation
    stated = float(matrix[pair])
    far = float(np.clip(2.0 * stated, -_MOST, _MOST)) if abs(stated) < _MOST else stated
    none, more = (_reached(matrix, pair, end) for end in (0.0, far))
    a, b = (label(projection.study, name) for name in between)
    zh = f"{a('zh')}与{b('zh')}年度波动的相关系数取{digits(none, 2)}或{digits(more, 2)}"
    en = f"correlation of {a('en')} and {b('en')} {digits(none, 2)} or {digits(more, 2)}"
    low, high = (exchanged(projection, block, correlation=_put(matrix, pair, value)) for value in (none, more))
    return two_sided("correlation", f"{between[0]}:{between[1]}", Text(zh=zh, en=en), low, high, ("none", "doubled"))


def _put(matrix: Floats, pair: tuple[int, int], value: float) -> Floats:
    changed = matrix.copy()
    changed[pair] = changed[pair[::-1]] = value
    return changed


def _reached(matrix: Floats, pair: tuple[int, int], end: float) -> float:
    """Return the value nearest to `end`, on the way there, at which the matrix is one of correlations."""
    stated = float(matrix[pair])

    def possible(share: float) -> bool:
        changed = _put(matrix, pair, stated + share * (end - stated))
        return bool(np.linalg.eigvalsh(changed)[0] >= _SMALLEST_EIGENVALUE)

    return end if possible(1.0) else stated + _last(possible) * (end - stated)


def _last(holds: Callable[[float], bool]) -> float:
    """Return the last share from 0 up to which something holds, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
