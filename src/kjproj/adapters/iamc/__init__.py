"""Tables in the format of the Integrated Assessment Modeling Consortium (extra `frames`), as `pyam` reads and writes them.

A row has `model`, `scenario`, `region`, `variable`, `unit`; then `year` and `value` (long), or a column a year (wide). A
variable is a path of names, "R&D|Spending". Quantiles are variables of their own, "R&D|Spending|50.0th Percentile", as in
the database of the IPCC's Sixth Assessment Report. Paths have a column `sample_id` more, which pyam takes as an index.
Nothing in the format holds labels, weights or a recipe.
"""

from .levels import figures_from_iamc, figures_to_iamc, levels_from_iamc, levels_to_iamc
from .paths import paths_from_iamc, paths_to_iamc
from .quantiles import quantiles_from_iamc, quantiles_to_iamc, to_iamc

__all__ = [
    "figures_from_iamc",
    "figures_to_iamc",
    "levels_from_iamc",
    "levels_to_iamc",
    "paths_from_iamc",
    "paths_to_iamc",
    "quantiles_from_iamc",
    "quantiles_to_iamc",
    "to_iamc",
]
