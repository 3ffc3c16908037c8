"""Calibration: fitting reference classes on panels of real series, and scoring forecasts of what came."""

from .backtest import Backtest, backtest
from .fit import fit_class
from .panel import Panel, read_panel
from .reliability import reliability

__all__ = ["Backtest", "Panel", "backtest", "fit_class", "read_panel", "reliability"]
