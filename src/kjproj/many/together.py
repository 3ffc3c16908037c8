"""How likely does each region meet all of its targets?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..answers.probability import probability
from ..beliefs.pooled import PooledClass
from ..beliefs.reference import reference_class
from ..motions import Pooled
from ..numbers import per_cent
from ..projection import project
from ..tables import Shown, Table
from ..text import Language
from .chances import Chances, attempt
from .correlated import correlated
from .given import Floats, Ints
from .inputs import Inputs
from .projections import SHOWN, counted, framed, left_out, reasons_of
from .reasons import ANSWERED, APART, NO_TARGET, REFUSED

if TYPE_CHECKING:
    import pandas as pd

_NORMAL_ERROR = 1e-6

@dataclass(frozen=True, eq=False, repr=False)
class Together(Shown):
    """How likely each of R regions meets all of its targets.

    Attributes:
        region: (R,).
        targets: how many targets each has, (R,).
        probability: NaN where a target has no answer, (R,).
        stderr: the error of the computation, (R,).
        method: "product" of independent indicators, "normal" (correlated ones under known volatilities), or "alone", (R,).
        code: codes of `reasons`, (R,); words: what was said where one was refused alone.
    """

    region: NDArray[np.object_]
    targets: Ints
    probability: Floats
    stderr: Floats
    method: NDArray[np.object_]
    code: NDArray[np.int8]
    words: dict[int, str]

    def __repr__(self) -> str:
        return f"Together({len(self.region)} regions, {int((self.code == ANSWERED).sum())} answered)"

    def __len__(self) -> int:
        return len(self.region)

    @property
    def reasons(self) -> NDArray[np.object_]:
        """Why there is no answer, (R,); "" where there is one."""
        return reasons_of(self.code, self.words, "en")

    def to_dict(self) -> dict[str, Any]:
        """Return columns, one row a region."""
        names = ("region", "targets", "probability", "stderr", "method")
        return {name: getattr(self, name) for name in names} | {"reason": self.reasons}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a region as a pandas frame (extra `pandas`)."""
        return framed(self.to_dict())

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the first regions' chances."""
        head = ("地区", "目标数", "全部完成的概率") if lang == "zh" else ("region", "targets", "all of them")
        shown = [i for i in range(min(len(self), SHOWN)) if self.code[i] == ANSWERED]
        rows = tuple((self.region[i], str(self.targets[i]), per_cent(float(self.probability[i]), lang)) for i in shown)
        return (Table(head, rows, "", (*left_out(len(self), lang), *counted(reasons_of(self.code, {}, lang), lang))),)


def together(inputs: Inputs, marginal: Callable[[], Chances]) -> Together:
    """Return the chances: jointly where indicators are correlated, else a product, else one by one.

    marginal: gives the chances of the targets by themselves; it is called only if a region needs them.
    """
    goals, regions = inputs.goals, len(inputs.regions)
    count = np.bincount(goals.region, minlength=regions)
    code, words = np.where(count == 0, NO_TARGET, ANSWERED).astype(np.int8), {}
    value, stderr, method = np.full(regions, np.nan), np.full(regions, np.nan), np.full(regions, "", object)
    tied, left = _tied(inputs), np.ones(regions, bool)
    easy = tied.copy()
    easy[goals.region[inputs.codes != ANSWERED]] = False
    for found, chance in correlated(inputs, np.flatnonzero(easy)):
        value[found], stderr[found], method[found], left[found] = chance, _NORMAL_ERROR, "normal", False
    if left.any():
        known = marginal()
        missing = np.flatnonzero(known.code != ANSWERED)
        code[goals.region[missing]] = known.code[missing]
        words = {int(goals.region[i]): said for i, said in known.words.items()}
        plain = left & ~tied & (code == ANSWERED)
        products, errors = _products(inputs, known, count)
        value[plain], stderr[plain], method[plain] = products[plain], errors[plain], "product"
        _one_by_one(inputs, np.flatnonzero(left & tied & (code == ANSWERED)), (value, stderr, method, code), words)
    return Together(np.array(inputs.regions, object), count, value, stderr, method, code, words)


def _one_by_one(inputs: Inputs, regions: Ints, columns: tuple[Any, Any, Any, Any], words: dict[int, str]) -> None:
    """Write down what projecting regions by themselves gives."""
    value, stderr, method, code = columns
    for region in regions.tolist():
        names = [inputs.name(int(i)) for i in np.flatnonzero(inputs.goals.region == region)]
        study = inputs.study(region)
        answer = attempt(lambda: probability(project(study), all_of=names))  # noqa: B023 - asked at once
        if isinstance(answer, str):
            code[region], words[region] = REFUSED, answer
        else:
            value[region], stderr[region], method[region] = answer.value, answer.stderr, "alone"


def _products(inputs: Inputs, known: Chances, count: Ints) -> tuple[Floats, Floats]:
    """The product of a region's chances, (R,), target by target in their order; and its error."""
    order = np.argsort(inputs.goals.region, kind="stable")
    begins = np.cumsum(count) - count
    value, stderr = np.ones(len(count)), np.zeros(len(count))
    for k in range(int(count.max(initial=0))):
        has = np.flatnonzero(count > k)
        rows = order[begins[has] + k]
        stderr[has] = stderr[has] * known.value[rows] + value[has] * known.stderr[rows]
        value[has] *= known.value[rows]
    return value, stderr


def _tied(inputs: Inputs) -> NDArray[np.bool_]:
    """Regions whose open targets are not independent: two of a series, correlated indicators, one class, a study by itself; (R,)."""
    goals, found = inputs.goals, np.zeros(len(inputs.regions), bool)
    open_ = np.flatnonzero(((inputs.codes == ANSWERED) & (inputs.observed < 0)) | (inputs.codes == APART))
    counts = np.bincount(goals.region[open_] * len(inputs.indicators) + goals.indicator[open_])
    keys = np.flatnonzero(counts)
    region, indicator = keys // len(inputs.indicators), keys % len(inputs.indicators)
    found[region[counts[keys] > 1]] = True
    several = np.bincount(region, minlength=len(found)) > 1
    asked = np.zeros((len(inputs.indicators), len(found)), bool)
    asked[indicator, region] = True
    for first, second in inputs.correlations or {}:
        found |= asked[first] & asked[second]
    if inputs.motions is None:
        named = np.array([one.reference_class or "" for one in inputs.indicators])
        for name in filter(_shares, set(named.tolist())):
            found |= np.bincount(region[named[indicator] == name], minlength=len(found)) > 1
    else:
        pooled = np.array([isinstance(m, Pooled) and m.shared is not None for m in inputs.motions], bool)
        rows = np.flatnonzero(np.append(pooled, False)[goals.series[open_]])
        found |= several & (np.bincount(goals.region[open_][rows], minlength=len(found)) > 1)
    if inputs.alone:
        found[[r for r in inputs.alone if several[r]]] = True
    return found


def _shares(name: str) -> bool:
    """Tell whether indicators of a class share a draw."""
    if not name:
        return False
    own = reference_class(name)
    return isinstance(own, PooledClass) and own.region != "any" and own.numbers.common_drift > 0.0 and own.today is None
