"""Data frames of pandas, polars and pyarrow (extra `frames`).

A long frame has a row for each value: `unique_id` (the indicator), `ds` (the year), `y` (the level), `unit`, and
`sample_id` with `weight`, or `quantile`. Labels, units and the recipe stand as JSON in the first row of the column
`metadata`; a frame of another tool has none, and then says its units in a column or by `units=`.
"""

from .figures import figures_from_frame, figures_to_frame
from .paths import paths_from_frame, paths_to_frame
from .quantiles import quantiles_from_frame, quantiles_to_frame

__all__ = [
    "figures_from_frame",
    "figures_to_frame",
    "paths_from_frame",
    "paths_to_frame",
    "quantiles_from_frame",
    "quantiles_to_frame",
]
