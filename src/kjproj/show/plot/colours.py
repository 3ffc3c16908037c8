"""Colours by role: apart in lightness, so that a grey print shows them too, and apart to the colour-blind.

Vermilion, yellow and the tints of blue are from the palette of Okabe and Ito (Color Universal Design, 2008,
https://jfly.uni-koeln.de/color/). The tests hold the distances in lightness and under simulated colour blindness.
"""

from __future__ import annotations

FIGURE = "#000000"
"""What was published."""
PROJECTION = "#00457A"
"""What is computed: a median, a chance."""
TARGET = "#D55E00"
"""What is to be reached."""
TARGET_INK = "#8A3A00"
"""The same, darker, for writing: it is read over the tints, in grey too."""
OUTTURN = "#F0E442"
"""What came."""
ROLES = {"figure": FIGURE, "projection": PROJECTION, "target": TARGET, "outturn": OUTTURN}

BANDS = {0.95: "#E3EEF7", 0.80: "#BDD7EC", 0.50: "#85B4DA"}
"""Tints by the probability that lies inside, the widest first."""
ZONES = ("#EDEDED", "#F6F6F6", "#FFFFFF", "#F6F6F6", "#EDEDED")
"""Greys behind chances, from unlikely to expected."""
QUIET = "#595959"
"""Small print."""
RULE = "#9A9A9A"
"""Lines that only help the eye."""
