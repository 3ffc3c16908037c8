"""The two types that every module here speaks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""An array of float64 of any shape; shapes stand in the docstrings."""

LogDensity = Callable[[FloatArray], FloatArray]
"""The log of a density up to a constant: points (M, d) to values (M,)."""
