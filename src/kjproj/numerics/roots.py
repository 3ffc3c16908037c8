"""The root of a rising function."""

from collections.abc import Callable

_MOST = 100


def rising_root(f: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """The place in [low, high] where f, which rises from below 0 to above, is 0, to within `tolerance`.

    The Illinois variant of false position: the end that stays has its value halved. Where f does not change sign the
    nearer end is returned. Source: Dowell and Jarratt (1971), BIT 11, doi 10.1007/BF01934364.
    """
    a, b, fa, fb = low, high, f(low), f(high)
    if fa >= 0.0:
        return a
    if fb <= 0.0:
        return b
    kept, before = 0, a
    for _ in range(_MOST):
        x = (a * fb - b * fa) / (fb - fa)
        fx = f(x)
        if abs(x - before) < tolerance or fx == 0.0:
            break
        before = x
        if fx > 0.0:
            b, fb = x, fx
            fa, kept = (0.5 * fa, 1) if kept == 1 else (fa, 1)
        else:
            a, fa = x, fx
            fb, kept = (0.5 * fb, -1) if kept == -1 else (fb, -1)
    return x
