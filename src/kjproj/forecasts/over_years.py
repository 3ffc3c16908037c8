"""How a year's place in a forecast goes with the next year's: a statement that quantiles by year do not contain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from ..errors import KjprojError
from ..model import Number
from ..text import Language
from .laws import Margin

Floats = NDArray[np.float64]
_Correlation = Annotated[Number, Field(ge=-1, le=1)]
OverYears = Literal["independent", "walk", "comonotone"] | _Correlation | tuple[tuple[_Correlation, ...], ...]
"""The Gaussian copula over years: "independent"; "walk", a year's place being last year's and an independent step;
"comonotone", one quantile for good; a number, the correlation of successive years (ρ^|s − t| of any two); or a matrix."""

_WORDS: dict[str, dict[Language, str]] = {
    "independent": {"zh": "各年相互独立", "en": "years independent"},
    "walk": {"zh": "逐年累积（各年增量独立）", "en": "steps from year to year independent"},
    "comonotone": {"zh": "各年同一分位", "en": "the same quantile in every year"},
}


def as_stated(given: Any) -> Any:
    """Return what is said of the years, arrays as lists; raises `KjprojError` for what says nothing of them."""
    reader: TypeAdapter[Any] = TypeAdapter(OverYears | None)
    plain = given.tolist() if isinstance(given, np.ndarray | np.generic) else given
    try:
        reader.validate_python(plain)
    except ValidationError:
        raise KjprojError(
            f"over_years is {str(plain)[:60]}; expected 'walk', 'comonotone', 'independent', a number from −1 to 1 (the correlation of "
            "successive years), or a matrix of such numbers"
        ) from None
    return plain


def root(over_years: OverYears | None, margins: Sequence[Margin]) -> Floats:
    """Return L (n, r) with L·Lᵀ the correlation of the years' normal scores; raises `KjprojError` where it is none."""
    n = len(margins)
    if over_years is None:
        if n > 1:
            raise KjprojError(
                f"over_years is missing: quantiles of {n} years do not say how these go together; state 'walk', 'comonotone', "
                "'independent', the correlation of successive years, or a matrix"
            )
        return np.ones((1, 1))
    if over_years == "comonotone":
        return np.ones((n, 1))
    if over_years == "walk":
        return _walk(margins)
    if over_years == "independent":
        return np.eye(n)
    if isinstance(over_years, tuple):
        return _of_matrix(np.array([list(row) for row in over_years], dtype=object), n)
    gap = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return _factor(np.asarray(float(over_years) ** gap, float))


def _walk(margins: Sequence[Margin]) -> Floats:
    """Correlation sd_s/sd_t of two years s < t, sd half the distance of the 16 and 84 % quantiles on the scale."""
    one = np.array([-1.0, 1.0])
    sd = np.array([float(np.diff(margin(one))[0]) / 2.0 for margin in margins])
    if (np.diff(sd) < -1e-9 * sd[:-1]).any():
        said = ", ".join(f"{s:.3g}" for s in sd)
        raise KjprojError(
            f"over_years is 'walk', but the forecast's spreads on the scale ({said}) fall from one year to the next, which no "
            "walk does; state another dependence"
        )
    steps = np.sqrt(np.maximum(np.diff(sd**2, prepend=0.0), 0.0))
    return np.asarray(np.tril(np.broadcast_to(steps, (len(sd), len(sd)))) / sd[:, None])


def _of_matrix(given: NDArray[np.object_], n: int) -> Floats:
    if given.shape != (n, n):
        raise KjprojError(f"over_years is a matrix of shape {given.shape}; expected one row and column for each of {n} years")
    matrix = np.asarray(given, float)
    if not (np.allclose(matrix, matrix.T, atol=1e-12) and np.allclose(np.diag(matrix), 1.0, atol=1e-12)):
        raise KjprojError("over_years is no correlation matrix: expected 1 on the diagonal and the same on both sides of it")
    if np.linalg.eigvalsh(matrix)[0] < -1e-9:
        raise KjprojError("over_years is no correlation matrix: its correlations cannot hold together")
    return _factor(matrix)


def _factor(matrix: Floats) -> Floats:
    """Return a factor of a correlation matrix that may be singular."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-12
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))


def words(over_years: OverYears | None, lang: Language) -> str:
    """Say a dependence; nothing for one year alone."""
    if over_years is None:
        return ""
    if isinstance(over_years, str):
        return _WORDS[over_years][lang]
    if isinstance(over_years, tuple):
        return "各年相关系数矩阵已给定" if lang == "zh" else "a stated correlation of the years"
    return f"相邻年份相关系数{over_years:g}" if lang == "zh" else f"successive years correlate at {over_years:g}"
