"""The hubverse's model output (extra `frames`; Parquet files need `parquet`), and a check of it against a hub's tasks.

A row is one number: the columns of the task (`origin_date`, `scenario_id`, `location`, `target`, `horizon`,
`target_end_date`), then `output_type` ("quantile", "sample", "cdf", "pmf"), `output_type_id` (as text) and `value`. A target is an
indicator, or of a pmf ("yes", "no") one of the study's targets. Units stand where a hub has them: in its `tasks.json`. This
follows version 5.0.1 of the hubverse's schema of tasks.
"""

from .checking import check
from .config import tasks
from .files import file_name, read, write
from .reading import (
    cdf_from_model_output,
    chances_from_model_output,
    paths_from_model_output,
    quantiles_from_model_output,
)
from .writing import (
    cdf_to_model_output,
    chances_to_model_output,
    paths_to_model_output,
    quantiles_to_model_output,
    to_model_output,
)

__all__ = [
    "cdf_from_model_output",
    "cdf_to_model_output",
    "chances_from_model_output",
    "chances_to_model_output",
    "check",
    "file_name",
    "paths_from_model_output",
    "paths_to_model_output",
    "quantiles_from_model_output",
    "quantiles_to_model_output",
    "read",
    "tasks",
    "to_model_output",
    "write",
]
