"""Other tools' formats, and kjproj as a model inside other tools.

Formats: data frames, xarray and Parquet, the IAMC's tables, the hubverse's model output. Every format speaks of the same
three things in the same words: `paths_to_…` and `paths_from_…` for sample paths, `quantiles_to_…` and `quantiles_from_…` for
quantiles by indicator, `figures_to_…` and `figures_from_…` for published figures. What is exchanged comes first, all else by
keyword. Round trips are exact, and units are kept.

Models: `kjproj.adapters.sktime` and `kjproj.adapters.statsforecast`, each imported by itself; it needs the extra of its name.
"""

from . import frames, hubverse, iamc, parquet, xarray

__all__ = ["frames", "hubverse", "iamc", "parquet", "xarray"]
