"""What would change the answer: a new figure, a lower target, a one-off project, a slower economy?

Every `with_…` gives a new study; the old one stays as it is, so the lines below can be compared.
"""

import kjproj as kj
from kjproj.beliefs import Normal, ScaledInvChi2
from kjproj.evidence import Level
from kjproj.motions import Brownian

SPENDING, INTENSITY = "rd_spending_2025", "rd_intensity_2025"
study = kj.datasets.yueyang()


def line(words: str, projection: kj.Projection) -> None:
    chances = [kj.probability(projection, SPENDING), kj.probability(projection, INTENSITY)]
    both = kj.probability(projection, all_of=[SPENDING, INTENSITY])
    print(f"{words:46}" + "".join(f"{float(chance):10.0%}" for chance in (*chances, both)))


print(f"{'':46}{'spending':>10}{'intensity':>10}{'both':>10}")
line("as the report has it", kj.project(study))

figure = Level(indicator="rd_intensity", year=2022, value="2.41", note="assumed, to see what it would say")
line("with a figure of 2.41 % for 2022", kj.project(study.with_evidence(figure)))

lower = kj.Target(name=SPENDING, indicator="rd_spending", year=2025, at_least="140")
line("with a target of 140 in place of 150", kj.project(study.with_target(lower)))

step = study.with_step("rd_intensity", 2024, 0.04, reason="one large laboratory, about 4 % of all spending")
line("with a one-off rise of about 4 % in 2024", kj.project(step))

careful = Brownian(drift=Normal(mean=0.02, sd=0.015), volatility=ScaledInvChi2(df=6, scale=0.05))
line("with a more careful belief about intensity", kj.project(study.with_motion("rd_intensity", careful)))

for scenario in study.scenarios[1:]:
    line(f"under the scenario {scenario.name}", kj.project(study, scenario.name))

print("\nHow sure is the reading of the leap of 2021?")
for block in kj.project(study).blocks:
    for branch, weight in block.branch_weights().items():
        print(f"  {branch:32}{weight:6.0%}")
