"""How much more growth, or how large a project, would make the targets likely, and which figures would be realistic?

Levers act in the years that can still be acted on; what they add is known, so the figures are conditioned on once.
"""

import kjproj as kj
from kjproj.levers import Amount, Growth, OneOff

SPENDING, INTENSITY = "rd_spending_2025", "rd_intensity_2025"
study = kj.datasets.yueyang()
projection = kj.project(study)

print("What would it take?")
for targets in ([SPENDING], [INTENSITY], [SPENDING, INTENSITY], ["high_tech_enterprises_2025"]):
    found = kj.effort(projection, all_of=targets, probability=0.8)
    print(f"- {found}")
    print(f"  {found.to_text('zh')}")

print("\nBy other means, for spending at 80 %")
for lever in (Growth("gdp"), Amount("rd_spending", 2024), OneOff("rd_intensity", 2024)):
    found = kj.effort(projection, SPENDING, probability=0.8, by=lever)
    print(f"  {lever.kind:10}{lever.indicator:14}{found.value:8.3g} {found.unit}")

print("\nThe chance that is wanted, and the extra points of intensity a year that it takes (below 0: room)")
for probability in (0.3, 0.5, 0.7, 0.9):
    found = kj.effort(projection, INTENSITY, probability=probability)
    print(f"  {probability:4.0%}{found.a_year:8.2f}")

print("\nUnder each scenario")
cases = {scenario.name: kj.project(study, scenario.name) for scenario in study.scenarios}
print(kj.compare(cases, all_of=[SPENDING, INTENSITY]))
for name, case in cases.items():
    found = kj.effort(case, all_of=[SPENDING, INTENSITY], probability=0.6)
    print(f"  {name}: {found.a_year:+.2f} points of intensity a year for 60 % together")

print("\nGDP at 4, 6.5 or 9 % a year")
rated = study.with_rates("gdp", low=0.04, middle=0.065, high=0.09, reason="low, middle and high case")
chosen = {s.name: kj.project(rated, s.name) for s in rated.scenarios if s.weight is not None}
print(kj.compare(chosen, SPENDING, weights={name: case.scenario.weight for name, case in chosen.items()}))
print(f"as one belief: {float(kj.probability(kj.project(rated), SPENDING)):.0%}")

print("\nWhich figures would be realistic?")
for target in (SPENDING, INTENSITY, "high_tech_enterprises_2025"):
    print(kj.suggested(projection, target))
