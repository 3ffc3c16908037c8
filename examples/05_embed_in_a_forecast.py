"""My own model forecasts GDP. How likely are the targets if GDP moves as my model says?

The other program is a little autoregression of yearly growth, simulated with numpy; its parameters are made
up. Its draws are taken as they are. kjproj adds what the report says about R&D, and how uncertain that is.
"""

import numpy as np

import kjproj as kj

# the other program: growth keeps 60 % of its distance from 6 % a year, shocks of 1.5 points
DRAWS, YEARS = 4000, range(2022, 2026)
rng = np.random.default_rng(7)
level = np.full(DRAWS, 98.06 / 0.0223)  # GDP of 2021, as spending and intensity imply it
growth = np.full(DRAWS, 0.08)
paths = {}
for year in YEARS:
    growth = 0.06 + 0.6 * (growth - 0.06) + 0.015 * rng.standard_normal(DRAWS)
    level = level * np.exp(growth)
    paths[year] = level  # draw k of every year belongs together

study = kj.datasets.yueyang()
embedded = kj.project(study, paths={"gdp": paths})
own = kj.project(study)

print("GDP in 2025, 亿元 (10, 50, 90 %)")
print("  the other program:", np.round(np.quantile(paths[2025], [0.1, 0.5, 0.9])))
print("  kjproj's class:   ", np.round(kj.quantiles(own, "gdp", q=(0.1, 0.5, 0.9)).at(2025)))
print("\nchance                 with its GDP   with the class's")
for name in ("rd_spending_2025", "rd_intensity_2025"):
    print(f"  {name:20}{float(kj.probability(embedded, name)):12.1%}{float(kj.probability(own, name)):16.1%}")
both = ["rd_spending_2025", "rd_intensity_2025"]
print(
    f"  {'both':20}{float(kj.probability(embedded, all_of=both)):12.1%}{float(kj.probability(own, all_of=both)):16.1%}"
)
