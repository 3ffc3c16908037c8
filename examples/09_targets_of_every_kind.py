"""How likely are targets that are no plain level: a growth rate, an amount added, a milestone, a number of platforms?

Each line says by which method it was answered. "simulated" is a share of sample paths, the others are computed.
"""

import kjproj as kj
from kjproj.evidence import Judgement, Level
from kjproj.targets import Added, Comparison, Growth

study = kj.datasets.yueyang()
projection = kj.project(study)


def line(words: str, found: kj.Estimate) -> None:
    print(f"{words:58}{float(found):6.0%}   {found.method}")


asked = {
    "R&D spending 150 亿元 in 2025": "rd_spending_2025",
    "... in 2025 or before": kj.Target(name="by", indicator="rd_spending", year=2025, when="by", at_least="150"),
    "... 130 亿元 in 2024, 2025 and 2026": kj.Target(
        name="held", indicator="rd_spending", year=2024, when="sustained", until=2026, at_least="130"
    ),
    "... grows by 10 % a year from 2021 to 2025": Growth(
        name="growth", indicator="rd_spending", year=2025, since=2021, at_least="10"
    ),
    "... 500 亿元 in all from 2022 to 2025": Added(
        name="total", indicator="rd_spending", year=2025, since=2021, at_least="500"
    ),
    "... below the contracts' turnover in 2025": Comparison(
        name="below", indicator="rd_spending", than="contract_turnover", year=2025, less_than="0"
    ),
    "300 more high-tech enterprises than in 2022": Added(
        name="more", indicator="high_tech_enterprises", year=2025, since=2022, at_least="300"
    ),
}
for words, target in asked.items():
    line(words, kj.probability(projection, target))

print("\n35 new platforms: the report does not say since when")
for target in study.questions:
    if target.name.startswith("provincial_platforms"):
        line(f"  {target.qualifier('en')}", kj.probability(projection, target))

print("\nWithout a basis, until somebody says something")
try:
    kj.probability(projection, "national_high_tech_zone_2025")
except kj.NoBasisError as error:
    print(f"  {error}")
more = kj.project(
    study.with_evidence(
        Judgement(indicator="national_high_tech_zone", year=2025, chance=0.4, reason="assumed here"),
        Level(indicator="talent_teams", year=2022, value="12", note="assumed here"),
    )
)
line("  a national zone by 2025, judged 40 % likely", kj.probability(more, "national_high_tech_zone_2025"))
line("  50 teams added since 2022, when 12 were", kj.probability(more, "talent_teams_2025@2022"))

print("\nIf the interim target of 2022 is kept (with even odds under the scenario “commitment”)")
line("  R&D intensity 2.6 % in 2025, trend", kj.probability(projection, "rd_intensity_2025"))
line("  the same, given 2.41 % in 2022", kj.probability(projection, "rd_intensity_2025", given="rd_intensity_2022"))
line("  the same, under the scenario", kj.probability(kj.project(study, "commitment"), "rd_intensity_2025"))
