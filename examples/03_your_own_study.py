"""How do I state my own city's figures and targets, and keep them in a file?

The city and its figures are made up. The same study stands beside this script as my_city.yaml; the two have
the same digest, which is what says that two documents hold the same data.
"""

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import kjproj as kj
from kjproj.beliefs import Elicited, LogNormal
from kjproj.evidence import Growth, Judgement, Level
from kjproj.identities import Product
from kjproj.motions import Brownian
from kjproj.targets import Added, Milestone


def both(zh: str, en: str) -> dict[str, str]:
    """Words in two languages, for a screen in either."""
    return {"zh": zh, "en": en}


study = kj.Study(
    title=both("示例市2027年目标", "Example City: targets for 2027"),
    as_of=date(2024, 3, 31),
    plan=kj.Plan(name="2022—2027", base_year=2022, last_year=2027),
    sources=[kj.Source(name="bulletin", publisher=both("示例市", "Example City"), published=date(2024, 3, 31))],
    indicators=[
        kj.Indicator(
            name="gdp", label=both("地区生产总值", "GDP"), unit="亿元", prices="current", reference_class="gdp"
        ),
        kj.Indicator(
            name="rd_intensity",
            label=both("研发经费投入强度", "R&D intensity"),
            unit="%",
            measure="ratio",
            reference_class="rd_intensity",
        ),
        kj.Indicator(name="rd_spending", label=both("研发经费投入", "R&D spending"), unit="亿元", prices="current"),
        kj.Indicator(
            name="tech_firms",
            label=both("科技型企业", "technology firms"),
            unit="家",
            measure="stock",
            motion=Brownian(
                drift=Elicited(low=0.04, mode=0.07, high=0.12, probability=0.9),
                volatility=LogNormal(median=0.06, sd_log=0.4),
            ),
        ),
        kj.Indicator(name="platforms", label=both("省级创新平台", "provincial platforms"), unit="个", measure="events"),
        kj.Indicator(name="zone", label=both("国家高新区", "national high-tech zone"), unit="个", measure="milestone"),
    ],
    identities=[Product(result="rd_spending", factors=["gdp", "rd_intensity"])],
    evidence=[
        Level(indicator="gdp", year=2022, value="2310.4", source="bulletin", section="1"),
        Growth(indicator="gdp", year=2023, value="5.8", prices="current", source="bulletin", section="1"),
        Level(indicator="rd_intensity", year=2022, value="1.52", source="bulletin", section="4"),
        Level(indicator="rd_spending", year=2023, value="38.9", source="bulletin", section="4"),
        Level(indicator="tech_firms", year=2023, value="412", source="bulletin", section="5"),
        Level(indicator="platforms", year=2023, value="6", source="bulletin", section="5"),
        Judgement(indicator="zone", year=2027, chance=0.4, reason=both("已提出申请", "it has been applied for")),
    ],
    targets=[
        kj.Target(name="rd_spending_2027", indicator="rd_spending", year=2027, at_least="55"),
        kj.Target(name="rd_intensity_2027", indicator="rd_intensity", year=2027, at_least="1.8"),
        kj.Target(name="tech_firms_2027", indicator="tech_firms", year=2027, at_least="550"),
        Added(name="platforms_2027", indicator="platforms", since=2022, year=2027, at_least="30"),
        Milestone(name="zone_2027", indicator="zone", year=2027),
    ],
)

with TemporaryDirectory() as folder:
    path = Path(folder) / "my_city.json"
    study.to_file(path)
    again = kj.Study.from_file(path)
    print(f"written and read again: {again == study}; {path.stat().st_size} bytes, digest {again.digest}")
if find_spec("yaml"):
    from_yaml = kj.Study.from_file(Path(__file__).with_name("my_city.yaml"))
    print(f"my_city.yaml states the same study: {from_yaml.digest == study.digest}")
else:
    print('to read my_city.yaml as well: pip install "kjproj[yaml]"')

projection = kj.project(study)
print(f"\nR&D intensity of 2023, which no figure states: {study.implied['rd_intensity'][2023]:.3f} %")
for target in study.targets:
    said = ""
    if target.goal_level(study) is not None:  # neither a milestone nor a number of events has a rate of growth
        need = kj.required_growth(study, target)  # amounts need a rate, shares points, counts units
        said = f"needs {need.value:.1%} a year" if need.way == "rate" else f"needs {need.value:.3g} {need.way} a year"
    print(f"{target.name:18} {said:26} chance {float(kj.probability(projection, target)):.0%}")
together = kj.probability(projection, all_of=[target.name for target in study.targets])
print(f"{'all five together':45} chance {float(together):.0%}")
