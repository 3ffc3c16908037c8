"""Pictures of the answers (extra `plot`): each takes and returns a matplotlib Axes, in Chinese or English.

They change no setting of matplotlib and show no window; `save` writes a file that is the same every time.
"""

from .attribution import attribution
from .chance_by_year import chance_by_year
from .fan import fan
from .joint import joint
from .ladder import ladder
from .reliability import reliability
from .saving import save
from .tornado import tornado

__all__ = ["attribution", "chance_by_year", "fan", "joint", "ladder", "reliability", "save", "tornado"]
