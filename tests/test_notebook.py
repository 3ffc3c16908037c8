"""Results where a person looks: in a notebook, at a prompt, in a list."""

from __future__ import annotations

import math
import random
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studies import document, inv_chi2, level, normal, target, walk

import kjproj as kj
from kjproj import beliefs, motions
from kjproj.estimate import with_error
from kjproj.model import Model
from kjproj.tables import Html, Shown, Table

BAD = "<script>alert('x')</script> & \"R&D\" <b>"
TAGS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "h3", "h4", "p", "ul", "li"}
ATTRIBUTES = {"class", "lang", "style", "scope"}


def study() -> kj.Study:
    """Every text that a person may write holds markup."""
    return kj.Study.from_dict(
        document(
            title=BAD,
            place=BAD,
            plan={"name": BAD, "base_year": 2020, "last_year": 2025},
            sources=[{"name": "report", "publisher": BAD, "title": BAD, "published": "2022-12-31", "covers_until": "2022-12-31"}],
            indicators=[
                {"name": "x", "label": BAD, "unit": "亿元", "motion": walk(normal(0.06, 0.02), inv_chi2(6, 0.05)), "note": BAD},
                {"name": "y", "label": BAD, "unit": "%", "motion": walk(0.02, 0.05), "revision": {"sd": 0.02, "reason": BAD}},
                {"name": "z", "label": BAD, "unit": "家"},
            ],
            evidence=[
                level("x", 2022, "100", source="report", section=BAD, note=BAD, taken_as=BAD),
                level("y", 2021, "1.6"), level("y", 2022, "2.23"),
                {"kind": "break", "indicator": "y", "year": 2022, "probability": 0.2, "reason": BAD},
            ],
            steps=[{"indicator": "x", "year": 2024, "size": 0.01, "reason": BAD}],
            targets=[
                target("x_2025", "x", 2025, at_least="125", label=BAD, note=BAD, section=BAD, source="report"),
                target("y_2025", "y", 2025, at_least="2.4"), target("z_2025", "z", 2025, at_least="4"),
            ],
            scenarios=[
                {"name": "trend", "label": BAD, "reason": BAD},
                {"name": "slow", "label": BAD, "reason": BAD, "changes": [{"indicator": "x", "drift": 0.02}]},
            ],
        )
    )  # fmt: skip


def panel() -> dict[str, Any]:
    growth = np.random.default_rng(0).normal(0.08, 0.05, (9, 8))
    series, year = np.repeat([f"{BAD}{i}" for i in range(9)], 8), np.tile(np.arange(2005, 2013), 9)
    return {"series": series, "year": year, "value": np.exp(growth.cumsum(axis=1)).ravel()}


PROJECTION = kj.project(study())
def checked() -> Any:
    """A table of a hub, checked against its tasks."""
    from kjproj.adapters import hubverse

    paths = kj.sample(PROJECTION, 20)
    table = hubverse.paths_to_model_output(paths, region="r", origin_date="2023-03-20")
    return hubverse.check(table, hubverse.tasks(table, units=paths.units))


def regions() -> kj.Projections:
    """Two regions from columns."""
    figures = {2020: [80.0, 20.0], 2021: [90.0, 22.0], 2022: [97.0, 25.0], 2023: [110.0, 26.0], "region": ["甲", BAD]}
    columns = {**figures, "target": [150.0, 30.0]}
    return kj.project_many(columns, levels=[2020, 2021, 2022, 2023], at_least="target", target_year=2025, unit="亿元")


MAKE: dict[str, Callable[[], Any]] = {
    "Study": lambda: PROJECTION.study,
    "Projection": lambda: PROJECTION,
    "Summary": lambda: kj.summary(PROJECTION),
    "Estimate": lambda: kj.probability(PROJECTION, "x_2025"),
    "Value": lambda: kj.attainable(PROJECTION, "x", 2025, probability=0.8),
    "Quantiles": lambda: kj.quantiles(PROJECTION, "x"),
    "When": lambda: kj.when(PROJECTION, "x_2025"),
    "Bounds": lambda: kj.bounds(PROJECTION, all_of=["x_2025", "y_2025"]),
    "Findings": lambda: kj.coherence(PROJECTION.study),
    "Finding": lambda: kj.coherence(PROJECTION.study)[0],
    "RequiredGrowth": lambda: kj.required_growth(PROJECTION.study, "x_2025"),
    "YearlyPath": lambda: kj.yearly_path(PROJECTION.study, "x_2025"),
    "Paths": lambda: kj.sample(PROJECTION, 500),
    "Outcomes": lambda: kj.outcomes(PROJECTION),
    "Checked": checked,
    "Projections": regions,
    "FirstYears": lambda: regions().first_years(),
    "Together": lambda: regions().together(),
    "LevelQuantiles": lambda: regions().quantiles(),
    "Backtest": lambda: kj.backtest(panel(), "city_gdp", lengths=(2,), horizons=(1,)),
    "Reliability": lambda: kj.reliability(["gdp", BAD]),
    "Target": lambda: PROJECTION.study.targets[0],
    "Level": lambda: PROJECTION.study.evidence[0],
    "Break": lambda: PROJECTION.study.evidence[3],
    "Html": lambda: kj.summary(PROJECTION).to_html("zh"),
}
SPEAKS = ("Study", "Projection", "Summary", "Quantiles", "When", "Bounds", "Findings", "RequiredGrowth", "YearlyPath", "Target", "Level", "Break")
"""What shows a text of the study."""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return {name: make() for name, make in MAKE.items()}


class Page(HTMLParser):
    """Reads a page as a browser would: the tags that are open, the texts, everything that is not allowed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.wrong += [tag] * (tag not in TAGS) + [name for name, _ in attrs if name not in ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        self.wrong += [f"</{tag}>"] * (self.open[-1] != tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def html_of(thing: Any, lang: str) -> str:
    return str(thing) if isinstance(thing, Html) else thing.to_html(lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", MAKE)
def test_html_is_whole_and_everything_written_by_people_is_text(made: dict[str, Any], name: str, lang: str) -> None:
    """Tags and attributes are ours alone and close in order; a label with markup is read as it was written."""
    page = Page(html_of(made[name], lang))
    assert page.wrong == []
    assert page.open == []
    if name in SPEAKS:
        assert BAD in "".join(page.texts)


@pytest.mark.parametrize("name", [n for n in MAKE if n != "Html"])
def test_a_notebook_shows_what_to_html_gives(made: dict[str, Any], name: str) -> None:
    """`_repr_html_` is the page in English; `str()` the text in English; both languages are to be had, and differ."""
    thing = made[name]
    assert thing._repr_html_() == thing.to_html("en") == thing.to_html()
    assert isinstance(thing.to_html("zh"), Html)
    assert str(thing) == thing.to_text("en")
    assert 'lang="zh-CN"' in thing.to_html("zh")
    if name not in ("Finding", "Value"):
        assert thing.to_html("zh").partition("\n")[2] != thing.to_html("en").partition("\n")[2]


def test_chosen_html_is_shown_as_it_is(made: dict[str, Any]) -> None:
    """The last line of a cell may ask for Chinese: `kj.summary(projection).to_html("zh")`."""
    page = made["Html"]
    assert page._repr_html_() == page == made["Summary"].to_html("zh")
    assert type(page._repr_html_()) is str


@pytest.mark.parametrize("name", MAKE)
def test_ipython_takes_both_forms(made: dict[str, Any], name: str) -> None:
    """IPython's own formatter finds HTML and text in every result, and no error on the way."""
    formatters = pytest.importorskip("IPython.core.formatters")
    data, _ = formatters.DisplayFormatter().format(made[name])
    assert data["text/html"].startswith('<div class="kjproj"')
    if name != "Html":
        assert data["text/plain"] == repr(made[name])


def test_every_result_that_is_shown_is_tested(made: dict[str, Any]) -> None:
    """What derives from `Shown` stands above, or is a kind of evidence or target."""

    def below(cls: type) -> set[type]:
        return {cls, *(inner for sub in cls.__subclasses__() for inner in below(sub))}

    kinds = below(kj.evidence.Evidence) | below(kj.targets.BaseTarget)
    shown = {cls for cls in below(Shown) - kinds if cls.__module__.startswith("kjproj.")} - {Shown}
    assert {cls.__name__ for cls in shown} <= set(MAKE)


BUNDLED = kj.datasets.yueyang()


def test_a_repr_says_what_it_is_and_stays_short() -> None:
    """No dump of arrays or documents: one line, a few hundred characters, with the words that tell it apart."""
    projection = kj.project(BUNDLED, "slow_economy")
    said = {
        repr(BUNDLED): ("Yueyang's", "as of 2023-03-20", "47 indicators", "gdp, rd_intensity", "39 more"),
        repr(projection): ("Yueyang's", "scenario slow_economy", "as of 2023-03-20", "blocks: gdp, rd_intensity; high_tech_enterprises;"),
        repr(kj.quantiles(projection, "rd_spending")): ("R&D spending", "2023 to 2025", "0.05, 0.5, 0.95", "亿元"),
        repr(kj.when(projection, "rd_spending_2025")): ("R&D spending 150", "median 2027", "by 2025: 0.3"),
        repr(kj.required_growth(BUNDLED, "rd_spending_2025")): ("11.2 % a year from 98.06 亿元 in 2021",),
        repr(kj.yearly_path(BUNDLED, "rd_spending_2025")): ("2022: 109.1, 2023: 121.3, 2024: 134.9, 2025: 150 亿元",),
        repr(kj.coherence(BUNDLED)): ("implied", "leap"),
        repr(kj.sample(projection, 100)): ("100 paths", "2023 to 2025"),
        repr(BUNDLED.evidence[0]): ("Level(indicator='rd_spending', year=2021", "value='98.06'"),
        repr(BUNDLED.targets[0]): ("Target(name='rd_spending_2025'", "at_least='150'"),
    }
    for text, words in said.items():
        assert len(text) < 500
        assert "\n" not in text
        assert all(word in text for word in words), text


def test_a_projection_that_is_refused_still_has_a_repr() -> None:
    """A prompt and a debugger show it, and say why."""

    class Bent(motions.Brownian):
        kind: Any = "bent"

        def path(self, start: Any, dt: Any, z: Any) -> Any:
            return super().path(start, dt, z) ** 2

    bent = study().with_motion("x", Bent(drift=normal(0.05, 0.01), volatility=0.05))
    assert "blocks: refused" in repr(kj.project(bent))


def examples() -> list[Model]:
    """One or more of every motion and belief, and what the bundled study states."""
    moving = [m for cls in (motions.Brownian, motions.Reverting, motions.Step, motions.Sum) for m in cls.examples()]
    held = [beliefs.Normal(mean=0.1, sd=0.2), beliefs.Fixed(value=1), beliefs.Flat(), beliefs.LogNormal(median=1.0, sd_log=0.5)]
    return [*moving, *held, *BUNDLED.evidence, *BUNDLED.targets, *BUNDLED.scenarios, *BUNDLED.identities]


def test_the_repr_of_a_document_s_part_makes_it_again() -> None:
    """What was given, and nothing else: `eval(repr(x)) == x`."""
    import datetime

    known: dict[str, Any] = {"datetime": datetime}
    for module in (motions, beliefs, kj.evidence, kj.targets, kj.identities, kj.study, kj.study.scenario):
        known |= {name: thing for name, thing in vars(module).items() if isinstance(thing, type)}
    from kjproj.evidence.bias import Bias
    from kjproj.text import Text

    known |= {"Text": Text, "Bias": Bias}
    for part in examples():
        again = eval(repr(part), {**known, **vars(sys.modules[type(part).__module__]), type(part).__name__: type(part)})
        assert again == part
        assert "None" not in repr(part)


def test_a_number_is_shown_as_far_as_its_error_leaves() -> None:
    """The value is off by half a unit of the error's only digit at the most, and has six digits at the most."""
    rng = random.Random(0)
    for _ in range(500):
        value, stderr = rng.choice((1, 1e-3, 1e3)) * rng.uniform(0.1, 1), 10.0 ** rng.uniform(-9, 1)
        shown, error = (float(part) for part in with_error(value, stderr).split(" ± "))
        place = 10.0 ** max(math.floor(math.log10(stderr)), math.floor(math.log10(value)) - 5)
        assert abs(shown - value) <= 0.5000001 * place
        assert error == pytest.approx(stderr, rel=0.5)
        digits = re.sub(r"e.*|\D", "", with_error(value, stderr).partition(" ")[0]).lstrip("0")
        assert len(digits.rstrip("0")) <= 6
    assert str(kj.Estimate(0.51234, 0.0004, "orthant")) == "0.5123 ± 0.0004 (orthant)"
    assert str(kj.Estimate(1.0, 0.0, "observed")) == "1 (observed)"
    assert str(kj.Estimate(0.0, 1e-5, "simulated")) == "0.00000 ± 0.00001 (simulated)"
    assert repr(kj.Value(126.8123, 0.02, "亿元")) == "126.81 ± 0.02 亿元"


def test_an_interrupted_estimate_says_so_in_chinese_too() -> None:
    """The method is said in words of the language."""
    found = kj.Estimate(0.394, 0.002, "simulated, interrupted at 131,072 of 1,000,000 paths")
    assert found.to_text("zh") == "0.394 ± 0.002（模拟，在1,000,000条路径中完成131,072条后中断）"


def test_the_summary_in_a_notebook_holds_the_tables_of_the_screen() -> None:
    """Every cell of the Markdown stands in the HTML, in both languages."""
    summary = kj.summary(PROJECTION)
    for lang in ("zh", "en"):
        seen = "".join("".join(Page(summary.to_html(lang)).texts).split())  # type: ignore[arg-type]
        rows = [line for line in summary.to_markdown(lang).splitlines() if line.startswith("| ") and "---" not in line]  # type: ignore[arg-type]
        cells = {unescape(cell.strip()).replace("\\", "") for row in rows for cell in row.strip("| ").split(" | ")} - {"", "—"}
        assert len(cells) > 10
        assert not [cell for cell in cells if "".join(cell.split()) not in seen and cell not in ("数据占比", "own data")]


def test_figures_stand_to_the_right_and_words_to_the_left() -> None:
    """A column is aligned by what stands in it; blanks before a text are kept."""
    page = "".join(Table(("name", "value"), (("a", "1.5"), ("  b", "—"), ("c", "−3 %")), "t").html())
    assert page.count("text-align:right") == 4
    assert "&emsp;b" in page


def test_a_notebook_needs_no_other_package() -> None:
    """HTML is made without pandas, IPython or matplotlib."""
    code = (
        "import sys, kjproj as kj; p = kj.project(kj.datasets.yueyang()); "
        "[x._repr_html_() for x in (p, p.study, kj.summary(p), kj.when(p, 'rd_spending_2025'))]; "
        "print({m.split('.')[0] for m in sys.modules} & {'pandas', 'IPython', 'matplotlib'} or 'none')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False, cwd=Path(__file__).parent)
    assert (run.stdout, run.stderr) == ("none\n", "")
