"""Rebuild the shipped reference classes from a panel of real yearly series.

    python scripts/fit_classes.py PANEL_DIRECTORY [CLASS ...]

The directory holds csv files with the columns series_id, group, region, year, value. National totals are left out of
the provinces. GDP of provinces is R&D spending divided by R&D intensity, cut where a census changed its base. Each
class is scored on series that its fit did not see (three turns), and on the last five years (fitted on those before).
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kjproj.beliefs.pooled import Fitted
from kjproj.calibration import backtest, fit_class, read_panel
from kjproj.calibration.panel import Panel

FOLDER = Path(__file__).parents[1] / "src" / "kjproj" / "data" / "classes"
YEARBOOK = "China Statistical Yearbook on Science and Technology, by way of the R package techme"
WDI = "World Bank, World Development Indicators"
REBASED = 0.08
PER_GROUP, MOST = 20, 600

CLASSES: dict[str, dict[str, Any]] = {
    "rd_spending": {"candidates": ["generic_positive"], "groups": ["cn_rd_expenditure"], "unit": "万元", "region": "province", "data": YEARBOOK, "licence": "MIT",
                    "title": {"zh": "全社会研发经费投入", "en": "R&D spending"}},
    "rd_intensity": {"candidates": ["gerd_share"], "groups": ["cn_rd_intensity"], "unit": "%", "region": "province", "data": YEARBOOK, "licence": "MIT",
                     "title": {"zh": "研发经费投入强度", "en": "R&D spending as a share of GDP"},
                     "note": "as first published, on GDP that later censuses changed"},
    "gdp": {"candidates": ["city_gdp"], "groups": ["implied_gdp"], "unit": "亿元", "region": "province", "data": f"{YEARBOOK}: R&D spending divided by R&D intensity",
            "licence": "MIT", "title": {"zh": "地区生产总值（现价）", "en": "nominal GDP of a province"},
            "note": "series are cut where a census changed the base",
            "today": {"drift": {"kind": "normal", "mean": 0.065, "sd": 0.02},
                      "reason": {"zh": "2016—2023年省份平均约7%，近两年全国现价增长约5%",
                                 "en": "provinces grew 7 % a year in 2016 to 2023, the country about 5 % in the last two years"}}},
    "city_gdp": {"candidates": ["gdp"], "groups": ["cn_city_gdp"], "unit": "亿元", "region": "city", "data": "National Bureau of Statistics, yearly data of main cities",
                 "licence": "official statistics", "title": {"zh": "城市生产总值（现价）", "en": "nominal GDP of a city"},
                 "note": "cities grew 13 % a year in this period; the growth of today is stated",
                 "today": {"drift": {"kind": "normal", "mean": 0.065, "sd": 0.02},
                           "reason": {"zh": "2001—2017年城市年均增长约13%，已不适用于今后；2016—2023年省份平均约7%，近两年全国约5%",
                                      "en": "cities grew 13 % a year in 2001 to 2017, which is over; provinces grew 7 % in 2016 to 2023, the country about 5 % in the last two years"}}},
    "contract_turnover": {"candidates": ["generic_positive"], "groups": ["cn_tech_contract_out"], "unit": "万元", "region": "province", "data": YEARBOOK, "licence": "MIT",
                          "title": {"zh": "技术合同成交额", "en": "turnover of technology contracts"}},
    "contract_count": {"candidates": ["generic_positive"], "groups": ["cn_tech_contract_out_n"], "unit": "项", "region": "province", "data": YEARBOOK, "licence": "MIT",
                       "title": {"zh": "技术合同成交项数", "en": "number of technology contracts"}},
    "high_tech_enterprises": {"candidates": ["generic_positive"], "groups": ["cn_hitech_firms_recognised"], "unit": "家", "region": "province", "data": YEARBOOK, "licence": "MIT",
                              "title": {"zh": "高新技术企业认定数", "en": "high-tech enterprises recognised"}},
    "patents_in_force": {"candidates": ["patent_grants"], "groups": ["cn_patent_inv_valid"], "unit": "件", "region": "province", "data": YEARBOOK, "licence": "MIT",
                         "title": {"zh": "有效发明专利", "en": "invention patents in force"}},
    "patent_grants": {"candidates": ["generic_positive"], "groups": ["cn_patent_grants"], "unit": "件", "region": "province", "data": YEARBOOK, "licence": "MIT",
                      "title": {"zh": "专利授权量", "en": "patents granted"}},
    "fiscal_science": {"candidates": ["generic_positive"], "groups": ["cn_fiscal_science"], "unit": "亿元", "region": "province", "data": YEARBOOK, "licence": "MIT",
                       "title": {"zh": "地方财政科技支出", "en": "public spending on science"}},
    "gerd_share": {"candidates": ["rd_intensity"], "groups": ["gerd_pct_gdp"], "unit": "%", "region": "country", "data": WDI, "licence": "CC BY 4.0",
                   "title": {"zh": "国家研发经费投入强度", "en": "R&D spending of a country as a share of GDP"}},
    "internet_users": {"groups": ["internet_users_pct"], "unit": "%", "region": "country", "data": WDI, "licence": "CC BY 4.0", "scale": "logit",
                       "title": {"zh": "普及率（互联网用户占人口）", "en": "a share that spreads (internet users, % of people)"}},
    "generic_positive": {"groups": None, "unit": None, "region": "any", "data": "all positive quantities of the panel", "licence": "as of its parts",
                         "title": {"zh": "一般正值指标", "en": "positive quantities of many kinds"}, "mixed": True,
                         "note": "up to twenty series of a group, 600 in all: use it only where no class fits"},
    "generic_ratio": {"groups": ["cn_rd_intensity", "gerd_pct_gdp", "tax_revenue_pct_gdp", "wdi_hitech_export_share"], "unit": None,
                      "region": "any", "data": f"{YEARBOOK}; {WDI}", "licence": "MIT; CC BY 4.0", "mixed": True,
                      "title": {"zh": "一般比率指标", "en": "ratios of many kinds"}, "note": "use it only where no class fits"},
}  # fmt: skip
RATIOS = {"cn_rd_intensity", "cn_city_rd_intensity", "gerd_pct_gdp", "tax_revenue_pct_gdp", "wdi_hitech_export_share",
          "internet_users_pct", "eu_nuts2_broadband", "broadband_per_100", "pwt_avh"}  # fmt: skip

Series = dict[str, dict[int, float]]


def read(folder: Path) -> dict[str, Series]:
    """Return the levels by group, series and year."""
    found: dict[str, Series] = defaultdict(lambda: defaultdict(dict))
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["region"] != "全国":
                    found[row["group"]][row["series_id"]][int(row["year"])] = float(row["value"])
    found["implied_gdp"] = implied_gdp(found["cn_rd_expenditure"], found["cn_rd_intensity"])
    return found


def implied_gdp(spending: Series, intensity: Series) -> Series:
    """Return GDP in 亿元 by province, a new series from each year on whose growth lies off the year's median."""
    whole = {}
    for name, shares in intensity.items():
        money = spending[f"cn_rd_expenditure:{name.split(':')[1]}"]
        whole[name] = {y: money[y] / share / 100.0 for y, share in sorted(shares.items()) if y in money}
    growth = {(n, y): np.log(by[y] / by[y - 1]) for n, by in whole.items() for y in by if y - 1 in by}
    typical = {y: np.median([g for (_, year), g in growth.items() if year == y]) for _, y in growth}
    found: Series = {}
    for name, by in whole.items():
        part = 0
        for y, level in by.items():
            part += (name, y) in growth and abs(growth[name, y] - typical[y]) > REBASED
            found.setdefault(f"{name}:{part}", {})[y] = level
    return found


def panel_of(groups: dict[str, Series], names: Iterable[str] | None, scale: str, few: bool) -> Panel:
    """Return the series of some groups, or of all positive quantities, as a panel; `few` of each group."""
    chosen = sorted(set(groups) - RATIOS - {"implied_gdp"}) if names is None else list(names)
    rng = np.random.default_rng(0)
    rows = []
    for group in chosen:
        series = sorted(groups[group])
        kept = rng.permutation(len(series))[:PER_GROUP] if few else range(len(series))
        rows += [(series[i], y, v) for i in kept for y, v in groups[group][series[i]].items()]
    if few:
        keep = set(rng.permutation(sorted({r[0] for r in rows}))[:MOST].tolist())
        rows = [row for row in rows if row[0] in keep]
    columns = dict(zip(("series", "year", "value"), map(list, zip(*rows, strict=True)), strict=True))
    return read_panel(columns, scale)


def scores(panel: Panel) -> dict[str, float]:
    """Return coverage, CRPS and skill on series and on years that the fit did not see."""
    found = {}
    for split in ("series", "years"):
        try:
            row = backtest(panel, split=split, last=8).table(by=())[0]
        except Exception as error:
            print("  no split by", split, error)
            continue
        for key in ("cases", "covered_80", "covered_95", "crps", "brier_skill"):
            found[f"{split}_{key}"] = round(float(row[key]), 4)
    return found


def main() -> None:
    """Fit, score and write."""
    groups = read(Path(sys.argv[1]))
    for name in sys.argv[2:] or CLASSES:
        spec = dict(CLASSES[name])
        scale, mixed = spec.pop("scale", "log"), spec.pop("mixed", False)
        panel = panel_of(groups, spec.pop("groups"), scale, mixed)
        first, last = panel.years
        provenance = Fitted(
            data=spec.pop("data"), regions=spec["region"], series=len({n.rsplit(":", 1)[0] if name == "gdp" else n for n in panel.names}),
            first_year=first, last_year=last, script="scripts/fit_classes.py", date=date.today().isoformat(),
            licence=spec.pop("licence"), note=spec.pop("note", ""),
        )  # fmt: skip
        today, candidates = spec.pop("today", None), spec.pop("candidates", [])
        cls = fit_class(panel, name=name, mixed=mixed, provenance=provenance, **spec)
        written = {**cls.model_dump(mode="json"), "provisional": False, "scores": scores(panel) if not mixed else {}}
        written |= {"candidates": candidates, **({"today": today} if today else {})}
        (FOLDER / f"{name}.json").write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(name, written["numbers"], written["scores"], flush=True)


if __name__ == "__main__":
    main()
