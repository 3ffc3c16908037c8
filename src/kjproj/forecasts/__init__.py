"""Forecasts of other tools, which may take the place of an indicator's motion. One form a file, the union in `given`."""

from .distributions import Distribution, DistributionFan
from .given import AnyForm, Given
from .laws import Curves, Forecast, Normal, Paths
from .quantiles import QuantileFan
from .samples import SamplePaths

__all__ = ["AnyForm", "Curves", "Distribution", "DistributionFan", "Forecast", "Given", "Normal", "Paths", "QuantileFan", "SamplePaths"]
