"""The page and the diagram of the record of calibration, from the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

OURS, PLAIN, BY_CELL = "kjproj", "pooled Student-t", "pooled Student-t, each n and h"
SPLITS = {"series": "series that the fit did not see", "years": "the last five years, fitted on those before"}

_TOP = """# Calibration

How often did what was forecast come? Every series of the panel is shortened to n figures, forecast h years ahead, and
compared with what was published later. Two splits: {series} (three turns), and
{years}. The first says how forecasts do for another region of the same years; the second is the honest picture of use, because the
years ahead are like none of those fitted on. Errors (±) resample whole target years. Scores are on the indicator's
scale (logarithms for most). Targets lie 0.5 usual deviations below, at, and 0.5 above the usual growth of the series
and years fitted on; the base rate is how often such a target was reached there.

{groups} groups of eight series or more, of regions and countries, {cases:,} forecasts in the split by series. Made on
{made} with `python scripts/record_calibration.py PANEL --peers PYTHON`; the figures are in
`src/kjproj/data/calibration.json`, and `kj.reliability(study)` gives those of a study's classes.

![Reliability: chance that was forecast against share that came](calibration.svg)
"""


def page(record: dict[str, Any]) -> str:
    """Return docs/calibration.md."""
    every = record["forecasters"]["series"][OURS]["all"]
    parts = [_TOP.format(groups=record["groups"], cases=every["cases"], made=record["made"], **SPLITS)]
    for split, words in SPLITS.items():
        parts += [f"\n## Forecasts of {words}\n", _cells(record, split), _compared(record, split)]
    parts += [_groups(record), _peers(record), _READ]
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _share(row: dict[str, Any], key: str) -> str:
    return f"{100 * row[key]:.1f} ± {100 * row[f'{key}_se']:.1f}"


def _cells(record: dict[str, Any], split: str) -> str:
    own = record["forecasters"][split][OURS]
    rows = [*own["cells"], *({**r, "h": "all"} for r in own["lengths"]), {**own["all"], "n": "all", "h": "all"}]
    return _table(
        ("n", "h", "forecasts", "in 80 % range", "in 95 % range", "beyond 99 %", "CRPS", "Brier", "skill over base rate, %"),
        (
            (r["n"], r["h"], f"{r['cases']:,}", _share(r, "covered_80"), _share(r, "covered_95"), f"{100 * r['beyond_99']:.1f}",
             f"{r['crps']:.4f}", f"{r['brier']:.4f}", _share(r, "brier_skill"))
            for r in rows
        ),
    )  # fmt: skip


def _compared(record: dict[str, Any], split: str) -> str:
    every = record["forecasters"][split]
    own = {(r["n"], r["h"]): r for r in every[OURS]["cells"]}
    rows = []
    for name, found in every.items():
        cells = found["cells"]
        common = [own[r["n"], r["h"]] for r in cells]
        ours, theirs = (_weighed(rows_, [r["cases"] for r in cells]) for rows_ in (common, cells))
        rows.append(
            (name, sorted({r["n"] for r in cells})[0], f"{sum(r['cases'] for r in cells):,}", f"{100 * theirs['covered_80']:.1f}",
             f"{100 * theirs['covered_95']:.1f}", f"{theirs['crps']:.4f}", f"{theirs['brier']:.4f}", f"{ours['crps']:.4f}",
             f"{100 * (ours['crps'] / theirs['crps'] - 1):+.1f}")
        )  # fmt: skip
    text = "\nBeside simple rules, on the cases that each can forecast:\n\n" + _table(
        ("rule", "from n", "forecasts", "in 80 %", "in 95 %", "CRPS", "Brier", "our CRPS there", "difference, %"), rows
    )
    for name in (PLAIN, BY_CELL):
        theirs = every[name]
        parts = [f"{_apart(every[OURS]['all'], theirs['all'])} in all"]
        parts += [f"h = {o['h']}: {_apart(o, t)}" for o, t in zip(every[OURS]["horizons"], theirs["horizons"], strict=True)]
        text += f"\nOur CRPS against the {name}, forecasts weighing alike: {', '.join(parts)}.\n"
    return text + _by_group(record, split)


def _apart(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    return f"{100 * (ours['crps'] / theirs['crps'] - 1):+.1f} %"


def _by_group(record: dict[str, Any], split: str) -> str:
    plain = {r["group"]: r["crps"] for r in record[f"plain_groups_{split}"]}
    ratios = [r["crps"] / plain[r["group"]] for r in record[f"groups_{split}"]]
    mean = 100 * (sum(ratios) / len(ratios) - 1)
    return f"Against the {PLAIN}, groups weighing alike: {mean:+.1f} % ({sum(x < 1 for x in ratios)} of {len(ratios)} groups below).\n"


def _weighed(rows: list[dict[str, Any]], weights: list[int]) -> dict[str, float]:
    keys = ("covered_80", "covered_95", "crps", "brier")
    return {k: sum(r[k] * w for r, w in zip(rows, weights, strict=True)) / sum(weights) for k in keys}


def _groups(record: dict[str, Any]) -> str:
    years = {r["group"]: r for r in record["groups_years"]}
    rows = []
    for r in record["groups_series"]:
        later = years.get(r["group"])
        rows.append(
            (r["group"], f"{r['cases']:,}", _share(r, "covered_80"), _share(r, "covered_95"), f"{r['crps']:.4f}",
             f"{100 * r['brier_skill']:.0f}", _share(later, "covered_80") if later else "–", f"{100 * later['brier_skill']:.0f}" if later else "–")
        )  # fmt: skip
    near = sum(0.7 <= r["covered_80"] <= 0.9 for r in record["groups_series"]) / len(record["groups_series"])
    held = [r["group"] for r in record["groups_years"] if not r["covered_80"] >= 0.65]
    return (
        "\n## For whom it holds\n\n"
        + _table(("group", "forecasts", "in 80 %", "in 95 %", "CRPS", "skill, %", "later years: in 80 %", "skill, %"), rows)
        + f"\nFor other regions the 80 % range holds between 70 and 90 % in {near:.0%} of the groups. For later years it "
        + f"holds less than 65 % in {len(held)}: {', '.join(held) or 'none'}. There the growth of the years ahead was not that "
        + "of the years fitted on, which no figure of the past can tell: state the growth of today.\n"
    )


def _peers(record: dict[str, Any]) -> str:
    if not record["peers"]:
        return ""
    rows = [
        (r["peer"], r["n"], r["h"], r["cases"], r["failed"], r["zero_width"],
         *((f"{r['peer_crps']:.4f}", f"{100 * r['peer_covered_80']:.0f}", f"{r['peer_brier']:.3f}", f"{r['ours_crps']:.4f}",
            f"{100 * r['ours_covered_80']:.0f}", f"{r['ours_brier']:.3f}", f"{r['base_brier']:.3f}", f"{100 * (r['ours_crps'] / r['peer_crps'] - 1):+.0f}")
           if "peer_crps" in r else ("–",) * 8))
        for r in record["peers"] if r["h"] == 3
    ]  # fmt: skip
    return (
        "\n## Beside forecasting packages\n\nThree years ahead, a few cases of each group and length, the package's defaults on "
        "logarithms (or log odds), its law taken as normal with the centre and the width of its 80 % interval. Scores are over "
        "the cases that the package answers with a width above 0, ours over the same ones.\n\n"
        + _table(("package", "n", "h", "cases", "failed", "zero width", "CRPS", "in 80 %", "Brier", "our CRPS", "in 80 %", "Brier",
                  "base rate", "CRPS, %"), rows)
    )  # fmt: skip


_READ = """
## How to read it

- At one figure there is no own data: forecasts are the class's, calibrated, and little sharper than the base rate.
- Ranges for other regions of the same years are right on average; a single group lies off by five points or so, because
  its series share the shocks of a few years.
- The pooled Student-t is one law a class, as ours is. The other one is fitted anew for each length and horizon, so on other
  regions of the same years it knows what these very years brought, horizon by horizon; there the gain is small, and for
  stocks whose growth persists (patents in force) it is a loss. In later years that knowledge is worth less than nothing.
- Mean growth is the number that ages. Where a class's period is over, its file states the growth of today with a reason.
- Doubling variances where a class of provinces stands in for a city is a judgement, not a fit; so are the 1.25 for a
  level outside a class's range and after an extreme growth.
"""


_BESIDE = {
    PLAIN: ("#8a5a00", ""),
    "plug-in Monte Carlo": ("#b3261e", "7 3"),
    "walk with drift": ("#5b2a86", "2 3"),
    "Student-t": ("#1b6e3c", "8 3 2 3"),
}
"""The colours and dashes of the other rules' lines: dark enough for grey, and told apart by dashes too."""


def diagram(record: dict[str, Any]) -> str:
    """Return an SVG of two reliability diagrams: share that came, against the chance forecast; lines are the other rules."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="12">',
             '<rect width="640" height="360" fill="white"/>']  # fmt: skip
    for k, (split, words) in enumerate((("series", "other series"), ("years", "later years"))):
        left = 50 + 310 * k
        parts += [f'<g transform="translate({left},30)">', f'<text x="120" y="-10" text-anchor="middle">{words}</text>',
                  '<rect width="240" height="240" fill="none" stroke="#444"/>', '<path d="M0 240L240 0" stroke="#999" stroke-dasharray="4 3"/>']  # fmt: skip
        for tick in (0, 0.25, 0.5, 0.75, 1):
            parts += [f'<text x="{240 * tick:.0f}" y="256" text-anchor="middle">{tick:g}</text>',
                      f'<text x="-6" y="{244 - 240 * tick:.0f}" text-anchor="end">{tick:g}</text>']  # fmt: skip
        for name, (colour, dashes) in _BESIDE.items():
            rows = record[f"reliability_beside_{split}"][name]
            path = "L".join(f"{240 * r['chance']:.1f} {240 * (1 - r['reached']):.1f}" for r in rows)
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4" stroke-dasharray="{dashes}"/>')
        for row in record[f"reliability_{split}"]:
            x, y, e = 240 * row["chance"], 240 * (1 - row["reached"]), 480 * row["error"]
            size = 2 + 6 * min(row["count"] / max(r["count"] for r in record[f"reliability_{split}"]), 1) ** 0.5
            parts += [f'<path d="M{x:.1f} {y - e:.1f}V{y + e:.1f}" stroke="#1f5fa8"/>',
                      f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="#1f5fa8" fill-opacity="0.7"/>']  # fmt: skip
        parts += ['<text x="120" y="278" text-anchor="middle">chance that was forecast</text>', "</g>"]
    parts.append('<circle cx="60" cy="340" r="5" fill="#1f5fa8" fill-opacity="0.7"/><text x="70" y="344">kjproj</text>')
    for left, (name, (colour, dashes)) in zip((130, 268, 420, 540), _BESIDE.items(), strict=True):
        line = f'<path d="M{left} 340h26" stroke="{colour}" stroke-width="1.4" stroke-dasharray="{dashes}"/>'
        parts.append(f'{line}<text x="{left + 31}" y="344">{name}</text>')
    parts += ['<text transform="translate(14,150) rotate(-90)" text-anchor="middle">share that came</text>', "</svg>"]
    return "\n".join(parts) + "\n"
