"""Time indices of pandas as whole steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import KjprojError

Steps = NDArray[np.int64]


class Calendar:
    """How one series' index counts time: in periods, dates of one frequency, years between equal days, or numbers.

    Gaps stay gaps: a period that is left out is a step without a figure. `frequency` is what is known about a date index
    beside itself.
    """

    def __init__(self, index: Any, frequency: Any = None) -> None:
        import pandas as pd

        self.index = index
        self.offset = None
        if isinstance(index, pd.DatetimeIndex):
            found = index.freq or (pd.infer_freq(index) if len(index) > 2 else None) or frequency
            self.offset = None if found is None else pd.tseries.frequencies.to_offset(found)

    @property
    def is_yearly(self) -> bool:
        """Tell whether a step is a year; numbers are taken for years."""
        import pandas as pd

        if isinstance(self.index, pd.PeriodIndex):
            return str(self.index.freqstr).lstrip("0123456789").startswith(("Y", "A"))
        if isinstance(self.index, pd.DatetimeIndex) and self.offset is not None:
            return self.offset.n == 1 and self.offset.rule_code.startswith(("Y", "A", "BY", "BA"))
        return True

    def steps(self, index: Any) -> Steps:
        """Return where an index of the same kind lies, as whole numbers, one a step.

        Raises `KjprojError` for dates between steps, or dates that are years apart for nobody to see.
        """
        import pandas as pd

        if isinstance(index, pd.PeriodIndex):
            return np.asarray(index.asi8, np.int64)
        if not isinstance(index, pd.DatetimeIndex):
            return _whole(np.asarray(index))
        if self.offset is None:
            return self._years(index)
        ends = index.append(self.index[:1])
        grid = pd.date_range(ends.min(), ends.max(), freq=self.offset)
        found = grid.get_indexer(index) - grid.get_indexer(self.index[:1])
        if (grid.get_indexer(index) < 0).any():
            raise KjprojError(f"dates between steps of {self.offset.freqstr}; expected dates of one frequency, or a PeriodIndex")
        return np.asarray(found, np.int64)

    def after(self, date: Any, steps: Any) -> Any:
        """Return the dates so many steps, a whole number each, after a date: by the frequency, by years where there is none."""
        import pandas as pd

        if self.offset is not None:
            return pd.DatetimeIndex([date + int(k) * self.offset for k in steps])
        found = [date + pd.DateOffset(years=int(k)) for k in steps]
        return pd.DatetimeIndex([one + pd.offsets.MonthEnd(0) for one in found] if date.is_month_end else found)

    def own_steps(self) -> Steps:
        """Return where the series' own index lies; raises `KjprojError` for a period that stands twice, and as `steps` does."""
        found = self.steps(self.index)
        _, first, counts = np.unique(found, return_index=True, return_counts=True)
        if (counts > 1).any():
            k = int(np.argmax(counts > 1))
            raise KjprojError(f"the index has {self.index[first[k]]} {counts[k]} times; expected each period once: keep one figure of it")
        return found

    def _years(self, index: Any) -> Steps:
        days = {(date.month, "end" if date.is_month_end else date.day) for date in index.append(self.index)}
        if len(days) > 1:
            raise KjprojError(
                "the frequency of these dates cannot be told; set index.freq, or use a PeriodIndex such as pandas.period_range gives"
            )
        return np.asarray(index.year, np.int64)


def _whole(numbers: Any) -> Steps:
    found = np.asarray(numbers, float)
    if (found != np.round(found)).any():
        raise KjprojError("an index of numbers that are not whole; expected steps such as 2020, 2021, 2023")
    return found.astype(np.int64)
