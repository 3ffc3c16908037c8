"""Figures for the provisional reference classes, from a panel of yearly series.

    python scripts/provisional_classes.py PANEL_DIRECTORY

The panel holds `cn_province.csv` with the columns group, region, year, value (R&D spending in 10,000 yuan as group
`cn_rd_expenditure`, R&D intensity in per cent of GDP as `cn_rd_intensity`); GDP is implied by the two. Yearly log
growths beyond 8 % from the median of the year in GDP mark a base that a census changed; they are left out of both
ratios. Prints mean drift, the spread of regions' mean growths, the spread of four-year means (the part common to the
next years), and the scaled inverse chi-square belief about volatility by the moments of the log variances. Then the same for contracts,
high-tech firms and revenue, patents in force, and for all positive series of the panel together.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, polygamma


def growths(path: Path) -> dict[str, dict[str, dict[int, float]]]:
    """Return log growths by quantity, region and year."""
    levels: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["group"] in ("cn_rd_expenditure", "cn_rd_intensity") and row["region"] != "全国":
                levels[row["group"]][row["region"]][int(row["year"])] = float(row["value"])
    spending, intensity = levels["cn_rd_expenditure"], levels["cn_rd_intensity"]
    gdp = {r: {y: spending[r][y] / intensity[r][y] for y in intensity[r] if y in spending[r]} for r in intensity}
    return {"gdp": {r: _logs(by) for r, by in gdp.items()}, "rd_intensity": {r: _logs(by) for r, by in intensity.items()}}


OTHERS = ("cn_tech_contract_out", "cn_tech_contract_out_n", "cn_hitech_firms_recognised", "cn_hitech_industry_revenue", "cn_patent_inv_valid")


def panel(folder: Path) -> dict[str, dict[str, dict[int, float]]]:
    """Return log growths by group and series, of series that stay above 0."""
    levels: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["region"] != "全国":
                    levels[row["group"]][row["series_id"]][int(row["year"])] = float(row["value"])
    return {g: {s: _logs(by) for s, by in series.items() if min(by.values()) > 0} for g, series in levels.items()}


def _logs(levels: dict[int, float]) -> dict[int, float]:
    return {y: float(np.log(levels[y] / levels[y - 1])) for y in sorted(levels) if y - 1 in levels}


def report(name: str, growth: dict[str, dict[int, float]], rebased: set[tuple[str, int]], first: int) -> None:
    """Print one class."""
    kept = {r: {y: g for y, g in by.items() if (r, y) not in rebased} for r, by in growth.items()}
    recent = {r: [g for y, g in by.items() if y >= first] for r, by in kept.items()}
    means = np.array([np.mean(g) for g in recent.values() if len(g) > 3])
    blocks = [np.mean([g for by in kept.values() for y, g in by.items() if a <= y < a + 4]) for a in (2012, 2016, 2020)]
    variances = [(np.var(list(g.values()), ddof=1), len(g) - 1) for g in kept.values() if len(g) > 4]
    logs = np.log([v for v, _ in variances])
    noise = np.mean([polygamma(1, k / 2) for _, k in variances])
    excess = max(float(np.var(logs, ddof=1) - noise), 1e-3)
    df = brentq(lambda d: float(polygamma(1, d / 2)) - excess, 0.5, 1e4)
    bias = np.mean([digamma(k / 2) - np.log(k / 2) for _, k in variances])
    scale = np.exp(0.5 * (np.mean(logs) - bias - (np.log(df / 2) - digamma(df / 2))))
    print(f"{name}: {len(growth)} regions, {first}-{max(y for by in growth.values() for y in by)}")
    print(f"  drift {means.mean():.4f}, spread of regions {means.std(ddof=1):.4f}, of four-year means {np.std(blocks, ddof=1):.4f}")
    print(f"  four-year means {np.round(blocks, 4)}; volatility scale {scale:.4f}, df {df:.1f}")


def main() -> None:
    """Print both classes."""
    found = growths(Path(sys.argv[1]) / "cn_province.csv")
    gdp = found["gdp"]
    years = {y for by in gdp.values() for y in by}
    typical = {y: np.median([by[y] for by in gdp.values() if y in by]) for y in years}
    rebased = {(r, y) for r, by in gdp.items() for y, g in by.items() if abs(g - typical[y]) > 0.08}
    for name in ("gdp", "rd_intensity"):
        report(name, found[name], rebased, 2016)
    for title, left_out in (("without rebased years", rebased), ("with them", set())):
        pairs = [(gdp[r][y], found["rd_intensity"][r][y]) for r in gdp for y in gdp[r] if (r, y) not in left_out]
        print(f"correlation of the yearly growths {title}: {np.corrcoef(np.array(pairs).T)[0, 1]:.2f}")
    print(f"rebased: {sorted(rebased)}")
    groups = panel(Path(sys.argv[1]))
    for name in OTHERS:
        report(name, groups[name], set(), 2014)
    every = {series: by for group in groups.values() for series, by in group.items() if len(by) > 6}
    report("every positive series", every, set(), 2005)

if __name__ == "__main__":
    main()
