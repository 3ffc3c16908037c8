"""The province forecasts GDP, and later first figures come in. What does each say about our targets?

The province publishes three quantiles a year. How years go together it does not say: three readings. The forecast is taken as it
is, then as a belief that figures update. All forecast numbers are made up.
"""

import kjproj as kj

OUTLOOK = {
    2022: {0.1: 4600, 0.5: 4720, 0.9: 4810},
    2023: {0.1: 4780, 0.5: 5010, 0.9: 5190},
    2024: {0.1: 4980, 0.5: 5330, 0.9: 5610},
    2025: {0.1: 5200, 0.5: 5660, 0.9: 6060},
}
STATED = {"by": "Province", "made": "2022-11-10", "reason": "the province's outlook"}

study = kj.datasets.yueyang()


def given(evidence: str, over_years: object = "walk") -> kj.Given:
    return kj.Given.from_quantiles(OUTLOOK, over_years=over_years, evidence=evidence, **STATED)


print("whose:", given("cut").describe("en"))

medians = [
    kj.Target(name=f"gdp_{year}", indicator="gdp", year=year, at_least=str(row[0.5]))
    for year, row in OUTLOOK.items()
    if year > 2022
]
print("\nGDP at or above the outlook's median in 2023, 2024 and 2025")
for over_years in ("walk", "comonotone", "independent"):
    projection = kj.project(study, paths={"gdp": given("cut", over_years)}, nodes=256)
    print(f"  years as {over_years:12}{kj.probability(projection, all_of=medians).value:6.0%}")

spending = {"kind": "level", "indicator": "rd_spending", "year": 2022, "value": "118", "error": "3"}
informed = study.with_evidence(spending)
first = {"kind": "level", "indicator": "gdp", "year": 2022, "value": "4850", "error": "60"}
cases = (
    ("the outlook as it is (cut)", study, "cut"),
    ("cut, and spending of 2022 is 118 ± 3", informed, "cut"),
    ("update by that spending", informed, "update"),
    ("update by GDP of 2022, 4850 ± 60", study.with_evidence(first), "update"),
)
print(f"\n{'':40}GDP 2025   intensity 2022   spending target")
for words, known, evidence in cases:
    projection = kj.project(known.with_given("gdp", given(evidence)), nodes=512)
    gdp = kj.quantiles(projection, "gdp", q=(0.5,)).at(2025)[0]
    intensity = kj.quantiles(projection, "rd_intensity", q=(0.5,), first_year=2022).at(2022)[0]
    chance = kj.probability(projection, "rd_spending_2025")
    print(f"{words:40}{gdp:8.0f}{intensity:15.2f} %{float(chance):18.0%}")
