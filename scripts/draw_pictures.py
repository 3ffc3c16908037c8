"""Draw the pictures of docs/plots.md into docs/pictures, or those that are named.

    python scripts/draw_pictures.py [NAME …]

Chinese ones need a font with Chinese.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

import kjproj as kj

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
_DPI, _COLOURS, _LARGEST = 84, 24, 60_000


@cache
def projection() -> kj.Projection:
    """The bundled study, projected."""
    return kj.project(kj.datasets.yueyang())


def attribution() -> kj.Attribution:
    """Why the chance of the spending target changed with two figures of 2022, made up."""
    study = kj.datasets.yueyang()
    figures = (("rd_intensity", "2.41", "%", "2023-09-20"), ("gdp", "4710", "亿元", "2023-02-01"))
    for indicator, value, unit, published in figures:
        level = kj.evidence.Level(indicator=indicator, year=2022, value=value, unit=unit, published=published)
        study = study.with_evidence(level)
    return kj.attribution(projection(), kj.project(study), "rd_spending_2025")


PICTURES: dict[str, Callable[[], Any]] = {
    "fan": lambda: kj.plot.fan(projection(), "rd_intensity", lang="en"),
    "fan_zh": lambda: kj.plot.fan(projection(), "rd_spending", lang="zh", outturns={2022: 112.0}),
    "ladder_zh": lambda: kj.plot.ladder(projection(), lang="zh"),
    "ladder": lambda: kj.plot.ladder(projection(), lang="en", sort="risk"),
    "when": lambda: kj.plot.chance_by_year(projection(), "rd_spending_2025", lang="en"),
    "joint": lambda: kj.plot.joint(projection(), "rd_spending_2025", "rd_intensity_2025", lang="en"),
    "tornado": lambda: kj.plot.tornado(kj.tornado(projection(), "rd_spending_2025"), title="R&D spending 150, 2025", lang="en"),
    "attribution": lambda: kj.plot.attribution(attribution(), title="R&D spending 150, 2025", lang="en"),
    "reliability": lambda: kj.plot.reliability(kj.reliability(projection()), lang="en"),
}


def draw(name: str) -> None:
    """Draw one picture; a large file gets fewer colours."""
    path = FOLDER / f"{name}.png"
    kj.plot.save(PICTURES[name](), path, dpi=_DPI)
    if path.stat().st_size > _LARGEST:
        with Image.open(path) as image:
            image.convert("RGB").quantize(_COLOURS).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {size:,} bytes")
    if size > _LARGEST:
        raise SystemExit(f"{path.name} is larger than {_LARGEST:,} bytes; draw it with fewer dots an inch")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for wanted in sys.argv[1:] or PICTURES:
        draw(wanted)
