"""Levers: what may be done beside letting things take their course. One kind a file.

A lever changes the path of one indicator from the first open year on, by a known amount whose size is what is asked for.
"""

from __future__ import annotations

from .amount import Amount
from .base import Change, Lever
from .growth import Growth
from .one_off import OneOff

__all__ = ["Amount", "Change", "Growth", "Lever", "OneOff"]
