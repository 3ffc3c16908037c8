"""How do I put the answers into pictures?

Writes them into the folder that is named, or into one that is thrown away:

    python examples/14_pictures.py pictures
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import kjproj as kj


def first(projection: kj.Projection) -> tuple[str, Any]:
    """A fan in Chinese where this machine has a font that shows it, else in English."""
    came = {2022: 112.0}  # assumed here
    try:
        return "zh", kj.plot.fan(projection, "rd_spending", lang="zh", outturns=came)
    except kj.MissingExtraError:
        raise
    except kj.KjprojError as error:
        print(f"In English: {str(error).partition('.')[0]}.")
        return "en", kj.plot.fan(projection, "rd_spending", lang="en", outturns=came)


def draw(folder: Path) -> None:
    projection = kj.project(kj.datasets.yueyang())
    lang, fan = first(projection)
    pictures = {
        "fan": fan,
        "when": kj.plot.chance_by_year(projection, "rd_spending_2025", lang=lang),
        "ladder": kj.plot.ladder(projection, lang=lang, sort="risk"),
        "joint": kj.plot.joint(projection, "rd_spending_2025", "rd_intensity_2025", lang=lang),
        "tornado": kj.plot.tornado(kj.tornado(projection, "rd_spending_2025"), lang=lang),
        "reliability": kj.plot.reliability(kj.reliability(projection), lang=lang),
    }
    for name, ax in pictures.items():
        path = folder / f"{name}.png"
        kj.plot.save(ax, path, dpi=100)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")

    # every function takes an Axes of yours, so that several stand in one figure
    from matplotlib.figure import Figure

    sheet = Figure(figsize=(15, 5.5), layout="constrained")
    left, right = sheet.subplots(1, 2)
    kj.plot.fan(projection, "rd_spending", ax=left, lang=lang)
    kj.plot.fan(projection, "rd_intensity", ax=right, lang=lang)
    kj.plot.save(left, folder / "both.pdf")
    print("both.pdf: two pictures in one figure")


if len(sys.argv) > 1:
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    draw(Path(sys.argv[1]))
else:
    with TemporaryDirectory() as folder:
        draw(Path(folder))
