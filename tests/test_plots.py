"""What is drawn is what was computed, whoever reads it and on whatever machine."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import NormalDist
from types import ModuleType, SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text as Written
from studies import document, inv_chi2, level, normal, one_walk, reach, target, walk

import kjproj as kj
from kjproj.answers.overview import overview
from kjproj.calibration.reliability import record
from kjproj.cli import main
from kjproj.show.plot import colours, fonts, labels
from kjproj.show.plot.density import density, on_scale
from kjproj.show.plot.fan import day_place
from kjproj.show.plot.joint import missed, quarter_chances
from kjproj.show.plot.marks import figures
from kjproj.show.plot.sheet import stacked
from kjproj.show.plot.spread import apart
from kjproj.text import Text

LONG = {
    "zh": "全市规模以上工业企业研究与试验发展经费内部支出占营业收入的比重（按属地原则统计并按调整后的可比口径）",
    "en": "Intramural expenditure on research and experimental development of industrial enterprises as a share of their revenue (comparable)",
}
MOTION = walk(normal(0.06, 0.03), inv_chi2(5, 0.06))


def has_chinese() -> bool:
    """Tell whether this machine has one of the fonts that the library knows."""
    return bool(set(fonts.CHINESE) & {font.name for font in font_manager.fontManager.ttflist})


needs_chinese = pytest.mark.skipif(not has_chinese(), reason="no font with Chinese is installed")
LANGUAGES = [pytest.param("zh", marks=needs_chinese), "en"]


@pytest.fixture
def ax() -> Axes:
    return Figure(figsize=(9, 7), layout="constrained").subplots()


@pytest.fixture(scope="module")
def bundled() -> kj.Projection:
    return kj.project(kj.datasets.yueyang(), nodes=1024)


@pytest.fixture(scope="module")
def summary(bundled: kj.Projection) -> kj.Summary:
    return kj.summary(bundled)


@pytest.fixture(scope="module")
def several() -> kj.Projection:
    """A share on logit with a long label, an index that falls, an amount; figures and targets of every look."""
    return kj.project(kj.Study.from_dict(document(
        indicators=[
            {"name": "share", "label": LONG, "unit": "%", "measure": "ratio", "scale": {"kind": "logit", "low": 0, "high": 100}, "motion": MOTION},
            {"name": "energy", "label": {"zh": "能耗强度", "en": "energy use"}, "unit": "index", "motion": walk(normal(-0.04, 0.02), inv_chi2(5, 0.04))},
            {"name": "amount", "label": {"zh": "合同额", "en": "turnover in US$ or $"}, "unit": "亿元", "motion": MOTION},
        ],
        evidence=[
            level("share", 2018, "51"), level("share", 2020, "58.2", error="2"), level("share", 2022, "61.2", expected=True),
            level("energy", 2020, "0.60"), {"kind": "change", "indicator": "energy", "year": 2020, "value": "-0.02", "unit": "index"},
            {"kind": "bound", "indicator": "energy", "year": 2022, "less_than": "0.60"}, level("amount", 2022, "98.06"),
        ],
        targets=[
            target("range", "share", 2024, between=["63", "66"]), target("kept", "share", 2025, when="sustained", until=2027, at_least="65", role="floor"),
            target("aim", "share", 2025, at_least="68", role="aim"), target("later", "share", 2027, at_least="70"),
            target("less", "energy", 2025, at_most="0.5"), target("soon", "energy", 2024, when="by", at_most="0.53"),
            target("low", "amount", 2025, at_least="120", role="floor"), target("high", "amount", 2025, at_least="122", role="aim"),
            target("met", "amount", 2025, at_least="90"),
            {"name": "pace", "kind": "growth", "indicator": "amount", "year": 2024, "since": 2022, "at_least": "8"},
            {"name": "total", "kind": "added", "indicator": "energy", "year": 2025, "since": 2022, "at_most": "1.6"},
        ],
    )), nodes=512)  # fmt: skip


@pytest.fixture(scope="module")
def walked() -> kj.Projection:
    """x: known drift .1 and volatility .08 from 110 in 2022; target 150 in 2025."""
    return kj.project(one_walk(0.1, 0.08, {2021: "97", 2022: "110"}).with_target(reach("150", 2025)))


def swing(words: dict[str, str], *chances: float) -> SimpleNamespace:
    return SimpleNamespace(kind="scenario", about="x", words=Text(**words), chances=chances, low=min(chances), high=max(chances), size=0.0)


TORNADO = SimpleNamespace(
    value=kj.Estimate(0.5, 0.0, "closed form"),
    swings=(swing(LONG, 0.995, 0.003), swing({"zh": "情景：经济放缓", "en": "scenario"}, 0.3, 0.6, 0.75), swing({"zh": "小", "en": "small"}, 0.502)),
)
ATTRIBUTION = SimpleNamespace(
    before=kj.Estimate(0.45, 0.0, "closed form"),
    after=kj.Estimate(0.402, 0.0, "closed form"),
    parts=(
        SimpleNamespace(words=Text(zh="2021年研发经费投入98.06亿元", en="spending 2021"), published=date(2022, 9, 1), points=0.08),
        SimpleNamespace(words=Text(**LONG), published=date(2022, 11, 3), points=-0.13),
        SimpleNamespace(words=Text(zh="修订", en="revision"), published=None, points=0.002),
    ),
)


def drawn(kind: str, several: kj.Projection, **more: Any) -> Axes:
    """Draw one picture of each kind of a small study with long labels."""
    return {
        "fan": lambda: kj.plot.fan(several, "share", outturns={2023: 60.0}, **more),
        "falling": lambda: kj.plot.fan(several, "energy", **more),
        "crowded": lambda: kj.plot.fan(several, "amount", **more),
        "when": lambda: kj.plot.chance_by_year(several, "later", **more),
        "ladder": lambda: kj.plot.ladder(several, **more),
        "tornado": lambda: kj.plot.tornado(TORNADO, **more),
        "attribution": lambda: kj.plot.attribution(ATTRIBUTION, **more),
        "joint": lambda: kj.plot.joint(several, "later", "less", **more),
        "reliability": lambda: kj.plot.reliability(kj.reliability("gdp"), **more),
    }[kind]()


KINDS = ("fan", "falling", "crowded", "when", "ladder", "tornado", "attribution", "joint", "reliability")


def by_gid(ax: Axes, gid: str) -> list[Any]:
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def band(ax: Axes, colour: str) -> tuple[np.ndarray, np.ndarray]:
    """The lower and the upper edge of a band, by year."""
    (area,) = [c for c in ax.collections if len(c.get_facecolor()) and to_hex(c.get_facecolor()[0]) == colour.lower()]
    corners = area.get_paths()[0].vertices
    years = sorted(set(corners[:, 0]))
    return tuple(np.array([extreme(corners[corners[:, 0] == y, 1]) for y in years]) for extreme in (min, max))  # type: ignore[return-value]


def line(ax: Axes, label: str) -> np.ndarray:
    """The points of a line by its label, (n, 2)."""
    (found,) = [item for item in ax.lines if item.get_label() == label]
    return np.asarray(found.get_xydata())


def errorbars(ax: Axes, label: str) -> list[tuple[float, float, float, float]]:
    """(x, y, low, high) of what has errors, by its label."""
    (found,) = [c for c in ax.containers if isinstance(c, ErrorbarContainer) and c.get_label() == label]
    bars = found[2][0].get_segments()
    return [(x, y, bar[0][1], bar[1][1]) for (x, y), bar in zip(found[0].get_xydata(), bars, strict=True)]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


# the fan


def test_a_fan_is_the_closed_form_of_a_known_walk(walked: kj.Projection, ax: Axes) -> None:
    """Edges of the 50, 80 and 95 % bands are 110·exp(.1h ± z·.08·√h), h years after the last figure, and meet there."""
    kj.plot.fan(walked, "x", ax=ax, lang="en")
    h = np.arange(4)
    for width, colour in colours.BANDS.items():
        z = NormalDist().inv_cdf(0.5 + width / 2)
        low, high = band(ax, colour)
        assert low == pytest.approx(110 * np.exp(0.1 * h - z * 0.08 * np.sqrt(h)), rel=1e-9)
        assert high == pytest.approx(110 * np.exp(0.1 * h + z * 0.08 * np.sqrt(h)), rel=1e-9)
    assert line(ax, "median") == pytest.approx(np.column_stack([2022 + h, 110 * np.exp(0.1 * h)]))


@pytest.mark.parametrize("indicator", ["share", "energy", "amount"])
def test_a_fan_is_the_quantiles_on_every_scale(several: kj.Projection, indicator: str, ax: Axes) -> None:
    """Bands and median are `kj.quantiles` by year, on log and logit alike."""
    kj.plot.fan(several, indicator, ax=ax, lang="en")
    first = int(line(ax, "median")[0, 0])
    found = kj.quantiles(several, indicator, q=(0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975), first_year=first)
    assert line(ax, "median") == pytest.approx(np.column_stack([found.years, found.values[:, 3]]))
    for k, colour in enumerate(colours.BANDS.values()):
        assert np.array(band(ax, colour)) == pytest.approx(found.values[:, [k, 6 - k]].T)


def test_figures_stand_with_their_errors(several: kj.Projection, ax: Axes) -> None:
    """58.2 ± 2 is uniform: sd 2/√3; its line reaches 1.96 sd on the scale. The expected figure is hollow, with 3 %."""
    kj.plot.fan(several, "share", ax=ax, lang="en")
    reported = errorbars(ax, labels.said("reported", "en"))
    assert [p[:2] for p in reported] == [pytest.approx((2018, 51)), pytest.approx((2020, 58.2))]
    scale = kj.scales.Logit(low=0, high=100)
    sd = 2 / math.sqrt(3) * float(scale.slope(58.2))
    ends = scale.to_level(scale.to_scale(58.2) + 1.96 * sd * np.array([-1, 1]))
    assert reported[1][2:] == pytest.approx(ends)
    ((x, y, low, high),) = errorbars(ax, labels.said("expected", "en"))
    assert (x, y) == pytest.approx((2022, 61.2))
    assert high - low == pytest.approx(2 * 1.96 * 0.03 * 61.2, rel=0.01)
    hollow = next(c for c in ax.containers if c.get_label() == labels.said("expected", "en"))[0]
    assert hollow.get_markerfacecolor() == "white"


def test_what_follows_from_figures_and_bounds_have_marks_of_their_own(several: kj.Projection, ax: Axes) -> None:
    """0.62 follows from 0.60 and a change of −0.02; "less than 0.60" is a line with an arrow downwards."""
    kj.plot.fan(several, "energy", ax=ax, lang="en")
    assert line(ax, labels.said("implied", "en")) == pytest.approx(np.array([[2019, 0.62]]))
    (bound,) = [c for c in ax.containers if c.get_label() == labels.said("at_most", "en")]
    assert bound[0].get_xydata() == pytest.approx(np.array([[2022, 0.60]]))
    (start, end) = bound[2][0].get_segments()[0]
    assert min(start[1], end[1]) < 0.60 == max(start[1], end[1])


def test_a_bound_upwards_points_upwards(bundled: kj.Projection, ax: Axes) -> None:
    """ "More than 200" points up."""
    kj.plot.fan(bundled, "contract_turnover", ax=ax, lang="en")
    (bound,) = [c for c in ax.containers if c.get_label() == labels.said("at_least", "en")]
    ends = [point[1] for point in bound[2][0].get_segments()[0]]
    assert min(ends) == pytest.approx(200)
    assert max(ends) > 210


def marks_of(ax: Axes, year: float) -> set[tuple[float, str, bool]]:
    """(level, marker, whether full) of the targets in a year."""
    found = set()
    for item in ax.lines:
        if item.get_color() == colours.TARGET and item.get_marker() in "^vD":
            face = item.get_markerfacecolor()
            found |= {(round(float(y), 6), str(item.get_marker()), face != "white") for x, y in item.get_xydata() if x == year}
    return found


def test_targets_stand_at_their_year_and_level(several: kj.Projection, ax: Axes) -> None:
    """Upwards ^, downwards v, a range two diamonds; an aim is hollow; a growth target stands at the level it leads to."""
    kj.plot.fan(several, "share", ax=ax, lang="en")
    assert marks_of(ax, 2024) == {(63.0, "D", True), (66.0, "D", True)}
    assert marks_of(ax, 2025) == {(65.0, "^", True), (68.0, "^", False)}
    assert any(np.array_equal(item.get_xydata(), [[2025, 65], [2027, 65]]) for item in ax.lines), "sustained until 2027"
    other = Figure().subplots()
    kj.plot.fan(several, "energy", ax=other, lang="en")
    assert marks_of(other, 2025) == {(0.5, "v", True)}, "the total of three years is no level"
    third = Figure().subplots()
    kj.plot.fan(several, "amount", ax=third, lang="en")
    assert marks_of(third, 2024) == {(round(98.06 * 1.08**2, 6), "^", True)}


def test_yearly_reference_values_are_dotted(several: kj.Projection, ax: Axes) -> None:
    """Each open target has its `kj.yearly_path` from the last figure; one that the last figure meets has none."""
    kj.plot.fan(several, "amount", ax=ax, lang="en")
    paths = [np.asarray(item.get_xydata()) for item in ax.lines if item.get_label() == labels.said("path", "en")]
    assert len(paths) == 3
    wanted = kj.yearly_path(several.study, "low")
    assert any(p == pytest.approx(np.column_stack([[2022, *wanted.years], [98.06, *wanted.values]])) for p in paths if p.shape == (4, 2))
    assert all(item.get_linestyle() == ":" for item in ax.lines if item.get_label() == labels.said("path", "en"))


def test_outturns_are_drawn_as_given(walked: kj.Projection, ax: Axes) -> None:
    """By year and level, over everything else; the axes make room for them."""
    kj.plot.fan(walked, "x", ax=ax, lang="en", outturns={2023: 118.0, 2027: 400.0})
    assert line(ax, "outturn") == pytest.approx(np.array([[2023, 118.0], [2027, 400.0]]))
    assert ax.get_ylim()[1] > 400
    assert ax.get_xlim()[1] > 2027


@pytest.mark.parametrize("outturns", [[131], {2023: "much"}, {"soon": 1.0}, {2023: math.nan}, {2023: math.inf}])
def test_outturns_that_are_none_are_refused(walked: kj.Projection, outturns: Any) -> None:
    """The message says what is expected."""
    with pytest.raises(kj.KjprojError, match="expected"):
        kj.plot.fan(walked, "x", lang="en", outturns=outturns)


def test_the_day_from_which_the_study_looks_ahead_is_marked(bundled: kj.Projection, ax: Axes) -> None:
    """A year's level stands at its end: 2023-03-20 lies 79/365 after 2022."""
    assert day_place(date(2022, 12, 31)) == 2022
    assert day_place(date(2024, 12, 31)) == 2024
    kj.plot.fan(bundled, "rd_spending", ax=ax, lang="en")
    assert line(ax, "as of 2023-03-20")[:, 0] == pytest.approx([2022 + 79 / 365] * 2)


@pytest.mark.parametrize("indicator", ["share", "energy", "amount"])
def test_every_mark_lies_inside_the_picture(several: kj.Projection, indicator: str, ax: Axes) -> None:
    """No figure, target or band is cut by the axes."""
    kj.plot.fan(several, indicator, ax=ax, lang="en", outturns={2026: 97.0 if indicator != "energy" else 0.9})
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    for item in ax.lines:
        if item.get_transform() == ax.transData:
            x, y = np.asarray(item.get_xydata()).T
            assert ((left <= x) & (x <= right) & (low <= y) & (y <= high)).all()
    assert low <= band(ax, colours.BANDS[0.95])[0].min()
    assert band(ax, colours.BANDS[0.95])[1].max() <= high


def test_a_range_that_runs_out_of_the_picture_is_said(ax: Axes) -> None:
    """Three figures and flat beliefs: the 95 % range is many times the 80 % range, which stays inside."""
    study = kj.Study.from_levels({"rd": {2019: "90", 2020: "97", 2021: "115"}}, unit="亿元").with_target(reach("150", 2025, "rd"))
    kj.plot.fan(kj.project(study), "rd", ax=ax, lang="en")
    assert any("runs out of the picture" in text for text in texts(ax))
    assert band(ax, colours.BANDS[0.80])[1].max() < ax.get_ylim()[1] < band(ax, colours.BANDS[0.95])[1].max()


def test_a_study_of_one_figure_is_drawn_from_it(ax: Axes) -> None:
    """One level and a class: the fan begins at the figure."""
    study = kj.Study.from_levels({"rd": {2021: "115"}}, unit="亿元", reference_class="rd_spending").with_target(reach("150", 2025, "rd"))
    kj.plot.fan(kj.project(study), "rd", ax=ax, lang="en")
    assert line(ax, "median")[0] == pytest.approx([2021, 115], rel=1e-3)
    assert not any("runs out" in text for text in texts(ax))


def test_a_fan_of_one_year_has_bands_of_a_width(ax: Axes) -> None:
    """Where the last target's year is the first open one and there is no figure, the bands are a column."""
    motion = walk(0.1, 0.05)
    study = kj.Study.from_dict(document(
        indicators=[{"name": "x", "unit": "亿元", "motion": motion}],
        evidence=[{"kind": "partial", "indicator": "x", "year": 2023, "period": "Q1", "value": "20", "share": normal(0.2, 0.01)}],
        targets=[target("t", "x", 2023, at_least="100")],
    ) | {"as_of": "2023-06-30"})  # fmt: skip
    kj.plot.fan(kj.project(study), "x", ax=ax, lang="en")
    low, high = band(ax, colours.BANDS[0.80])
    assert len(low) == 2
    assert (low < high).all()


def test_events_have_a_fan_and_milestones_none(bundled: kj.Projection, ax: Axes) -> None:
    """A number of events by year has quantiles; a milestone is asked by when."""
    kj.plot.fan(bundled, "provincial_platforms", ax=ax, lang="en")
    found = kj.quantiles(bundled, "provincial_platforms", q=(0.1, 0.9))
    assert np.array(band(ax, colours.BANDS[0.80])) == pytest.approx(found.values.T)
    assert figures(bundled.study, "provincial_platforms")[0].level == 13
    with pytest.raises(kj.NotAnswerableError, match="milestone"):
        kj.plot.fan(bundled, "national_high_tech_zone", lang="en")


def test_another_models_draws_begin_the_fan(walked: kj.Projection, ax: Axes) -> None:
    """Where draws are handed in there is no law before them."""
    rng = np.random.default_rng(0)
    paths = {"x": {year: 110 * np.exp(rng.normal(0.1, 0.1, 500)) for year in (2023, 2024, 2025)}}
    projection = kj.project(walked.study, paths=paths)
    kj.plot.fan(projection, "x", ax=ax, lang="en")
    assert line(ax, "median")[:, 0].tolist() == [2023, 2024, 2025]


# by when


def test_columns_are_the_chance_by_year(walked: kj.Projection, ax: Axes) -> None:
    """Heights are `kj.when`, printed above; the target's year is dark, and a diamond says the chance of that year."""
    kj.plot.chance_by_year(walked, "t", ax=ax, lang="en")
    found, bars = kj.when(walked, "t"), by_gid(ax, "reached")
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx(list(found.years))
    assert [bar.get_height() for bar in bars] == pytest.approx([found.by(year).value for year in found.years])
    assert bars[2].get_height() == pytest.approx(0.4773844, abs=1e-6), "the third year by yearly checks"
    dark = [to_hex(bar.get_facecolor()) == colours.PROJECTION.lower() for bar in bars]
    assert dark == [year == 2025 for year in found.years]
    assert line(ax, "reached in 2025 itself (47 %)") == pytest.approx(np.array([[2025, 0.4707889]]), abs=1e-6)
    assert "48 %" in texts(ax)


def test_what_was_probably_reached_already_is_said(ax: Axes) -> None:
    """A past year without a figure in which the bound probably was met."""
    study = one_walk(0.2, 0.05, {2020: "100"}).with_target(reach("110", 2025)).to_dict() | {"as_of": "2022-12-31"}
    kj.plot.chance_by_year(kj.project(kj.Study.from_dict(study)), "t", ax=ax, lang="en")
    assert any("2021, not published yet, has probably met it" in text for text in texts(ax))


def test_a_milestone_has_columns(ax: Axes) -> None:
    """Its chance by year, without a chance of one year alone."""
    zone = kj.evidence.Judgement(indicator="national_high_tech_zone", year=2025, chance=0.4, reason="r")
    projection = kj.project(kj.datasets.yueyang().with_evidence(zone), nodes=64)
    kj.plot.chance_by_year(projection, "national_high_tech_zone_2025", ax=ax, lang="en", until=2026)
    assert by_gid(ax, "reached")[2].get_height() == pytest.approx(0.4)
    assert not any("itself" in str(item.get_label()) for item in ax.lines)


# the ladder


def test_dots_are_chances_and_bars_their_ranges(summary: kj.Summary, ax: Axes) -> None:
    """In the plan's order, beside them the same numbers as on the screen."""
    kj.plot.ladder(summary, ax=ax, lang="en")
    rows = [row for row in summary.overview.rows if row.status == "open"]
    dots = [item.get_xydata()[0] for item in by_gid(ax, "chance")]
    assert [dot[0] for dot in dots] == pytest.approx([row.chance.value.value for row in rows if row.chance])
    ranged = [row.chance for row in rows if row.chance and row.chance.low < row.chance.high]
    bars = by_gid(ax, "range")
    assert [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars] == [pytest.approx((c.low, c.high)) for c in ranged]
    assert list(ax.get_yticks()[: len(dots)]) == pytest.approx([dot[1] for dot in dots])
    screen = summary.to_text("en", 200)
    for text in texts(ax):
        if text.startswith("about"):
            assert text in screen
    assert ax.get_yticklabels()[0].get_text() == "R&D spending 150 (100 million yuan), 2025"


def test_targets_without_a_basis_stand_hollow_at_the_side(summary: kj.Summary, ax: Axes) -> None:
    """One each, those with several candidate base years once, to the right of the axes."""
    kj.plot.ladder(summary, ax=ax, lang="en")
    missing = {row.target.name.partition("@")[0] for row in summary.overview.rows if row.status == "no_basis"}
    hollow = [item for item in ax.lines if item.get_markerfacecolor() == "white" and item.get_marker() == "o"]
    assert len(hollow) == len(missing) == texts(ax).count("no basis yet") >= 10
    ax.figure.draw_without_rendering()
    edge = ax.get_window_extent().x1
    assert all(item.get_transform().transform(item.get_xydata())[0, 0] > edge for item in hollow)


def test_by_risk_the_least_likely_is_on_top(several: kj.Projection, ax: Axes) -> None:
    """The same dots, sorted; from a projection as from its summary."""
    kj.plot.ladder(several, ax=ax, lang="en", sort="risk")
    dots = [float(item.get_xydata()[0, 0]) for item in by_gid(ax, "chance")]
    assert dots == sorted(dots)
    plan = Figure().subplots()
    kj.plot.ladder(kj.summary(several), ax=plan, lang="en")
    assert sorted(float(item.get_xydata()[0, 0]) for item in by_gid(plan, "chance")) == dots
    chances = [row.chance.value.value for row in overview(several).rows if row.chance and row.status == "open"]
    assert sorted(chances) == pytest.approx(dots)


def test_borders_of_the_phrases_are_lines(several: kj.Projection, ax: Axes) -> None:
    """10, 33, 66 and 90 %, with the phrases above them."""
    kj.plot.ladder(several, ax=ax, lang="en")
    borders = [item.get_xdata()[0] for item in ax.lines if len(set(item.get_xdata())) == 1 and len(item.get_xdata()) == 2]
    assert sorted(borders) == pytest.approx([0.10, 0.33, 0.66, 0.90])
    said = {text.replace("\n", " ") for text in texts(ax)}
    assert {"unlikely to be met", "difficult", "uncertain", "likely", "expected to be met"} <= said


def test_a_ladder_needs_an_open_target(walked: kj.Projection) -> None:
    """A study without targets, and what is neither summary nor projection."""
    with pytest.raises(kj.KjprojError, match="no open target"):
        kj.plot.ladder(kj.project(one_walk(0.1, 0.08, {2022: "110"})), lang="en")
    with pytest.raises(kj.KjprojError, match="Summary or a Projection"):
        kj.plot.ladder(walked.study, lang="en")  # type: ignore[arg-type]
    with pytest.raises(kj.KjprojError, match="sort"):
        kj.plot.ladder(walked, lang="en", sort="best")  # type: ignore[arg-type]


# what moves a chance, and what moved it


def test_a_tornado_runs_from_the_least_to_the_greatest_chance(ax: Axes) -> None:
    """Below the chance as assumed and above it, a tick a change; what hardly moves is counted, not drawn."""
    kj.plot.tornado(TORNADO, ax=ax, lang="en", title="R&D spending")
    bars = [(round(b.get_x(), 6), round(b.get_x() + b.get_width(), 6)) for gid in ("below", "above") for b in by_gid(ax, gid)]
    assert sorted(bars) == [(0.003, 0.5), (0.3, 0.5), (0.5, 0.75), (0.5, 0.995)]
    assert line(ax, "as assumed")[:, 0].tolist() == [0.5, 0.5]
    ticks = [sorted(item.get_xdata()) for item in ax.lines if item.get_marker() == "|"]
    assert ticks == [[0.003, 0.995], [0.3, 0.6, 0.75]]
    assert "30 % / 60 % / 75 %" in texts(ax)
    assert "below 1 % / above 99 %" in texts(ax)
    assert any("1 more moves the chance by less than 1 point" in text for text in texts(ax))
    assert ax.get_title(loc="left") == "R&D spending"


def test_a_swing_to_one_side_starts_at_the_chance(ax: Axes) -> None:
    """Changes that all raise the chance: nothing is drawn below it."""
    one = swing({"zh": "甲", "en": "one change alone"}, 0.65)
    kj.plot.tornado(SimpleNamespace(value=kj.Estimate(0.5, 0, "x"), swings=(swing(LONG, 0.6, 0.7), one)), ax=ax, lang="en")
    assert by_gid(ax, "below") == []
    assert [(b.get_x(), round(b.get_width(), 6)) for b in by_gid(ax, "above")] == [(0.5, 0.2), (0.5, 0.15)]


def test_a_waterfall_leads_from_before_to_now(ax: Axes) -> None:
    """Each part begins where the one above ended; the last ends at the chance now."""
    kj.plot.attribution(ATTRIBUTION, ax=ax, lang="en")
    whole, parts = by_gid(ax, "whole"), by_gid(ax, "part")
    assert [bar.get_width() for bar in whole] == pytest.approx([0.45, 0.402])
    spans = [(b.get_x(), b.get_x() + b.get_width()) for b in parts]
    assert spans == [pytest.approx((0.45, 0.53)), pytest.approx((0.40, 0.53)), pytest.approx((0.40, 0.402))]
    hatched = [bar.get_hatch() is not None for bar in parts]
    assert hatched == [False, True, False]
    assert {"45 %", "up 8 points", "down 13 points", "up less than 1 point", "40 %"} <= set(texts(ax))
    assert ax.get_yticklabels()[1].get_text() == "spending 2021 (2022-09-01)"


def test_what_the_parts_leave_open_is_a_part_of_its_own(ax: Axes) -> None:
    """Half a point or more; the picture ends at the chance now whatever the parts add up to."""
    short = SimpleNamespace(**{**vars(ATTRIBUTION), "parts": ATTRIBUTION.parts[:1]})
    kj.plot.attribution(short, ax=ax, lang="en")
    assert ax.get_yticklabels()[2].get_text() == "other"
    assert by_gid(ax, "part")[-1].get_width() == pytest.approx(0.53 - 0.402)


# two together


def pair(correlation: float = 0.5, **more: Any) -> kj.Study:
    """Two walks with known parameters whose yearly shocks correlate."""
    return kj.Study.from_dict(document(
        indicators=[{"name": n, "unit": u, "motion": walk(d, s)} for n, u, d, s in (("a", "亿元", 0.1, 0.08), ("b", "%", 0.05, 0.06))],
        evidence=[level("a", 2022, "110", error="0"), level("b", 2022, "2.2", error="0"), *more.get("evidence", ())],
        correlations=[{"between": ["a", "b"], "value": correlation, "reason": "r"}],
        targets=[target("ta", "a", 2025, at_least="150"), target("tb", "b", 2025, at_least="2.6")],
    ))  # fmt: skip


def test_the_joint_density_is_the_bivariate_normal_over_levels() -> None:
    """With known parameters: φ₂ of the logarithms, divided by both levels; its mass is 1."""
    projection = kj.project(pair())
    found = density(projection, (projection.study.target("ta"), projection.study.target("tb")))
    assert found.exact
    sd = np.array([0.08, 0.06]) * math.sqrt(3)
    u = (np.log(found.x) - math.log(110) - 0.3) / sd[0]
    v = ((np.log(found.y) - math.log(2.2) - 0.15) / sd[1])[:, None]
    bell = np.exp(-(u**2 - 2 * 0.5 * u * v + v**2) / (2 * 0.75)) / (2 * math.pi * math.sqrt(0.75) * sd.prod())
    assert found.height == pytest.approx(bell / found.x / found.y[:, None], rel=1e-9, abs=1e-300)
    assert found.mass.sum() == pytest.approx(1, abs=4e-3)


def test_a_quarter_of_the_mass_is_the_chance_of_the_quarter() -> None:
    """The density summed beyond both bounds is P(both), up to the grid; the four chances add up to 1."""
    projection = kj.project(pair())
    a, b = (projection.study.target(name) for name in ("ta", "tb"))
    found, chances = density(projection, (a, b)), quarter_chances(projection, a, b)  # type: ignore[arg-type]
    both = found.mass[np.ix_(found.y >= 2.6, found.x >= 150)].sum()
    assert both == pytest.approx(chances["both"], abs=0.02)
    assert sum(chances.values()) == pytest.approx(1, abs=1e-9)
    assert chances["both"] == kj.probability(projection, all_of=["ta", "tb"]).value
    assert chances["both"] + chances["only_a"] == pytest.approx(kj.probability(projection, "ta").value, abs=1e-9)


@pytest.mark.parametrize("bounds", [("at_least", "more_than"), ("at_most", "less_than"), ("less_than", "at_least")])
def test_quarters_add_up_whatever_the_bounds(several: kj.Projection, bounds: tuple[str, str]) -> None:
    """Met and missed are each other's complement, of counts and published digits too."""
    a = kj.Target(name="a", indicator="share", year=2025, published_digits=1, **{bounds[0]: "66.0"})
    b = kj.Target(name="b", indicator="energy", year=2025, **{bounds[1]: "0.5"})
    assert sum(quarter_chances(several, a, b).values()) == pytest.approx(1, abs=1e-9)
    count = kj.Target(name="c", indicator="firms", year=2025, **{bounds[0]: "1100"})
    low, high = count.edges("家")
    other = missed(count).edges("家")
    assert {low, high} | set(other) == {-math.inf, math.inf, next(e for e in (low, high) if math.isfinite(e))}


def test_a_region_holds_what_it_says(several: kj.Projection) -> None:
    """Of sample paths 50, 80 and 95 % lie where the exact density is above the borders."""
    targets = several.study.target("later"), several.study.target("less")
    found = density(several, targets)
    paths = kj.sample(several, 20_000, rng=3)
    x, y = paths.values["share"][:, list(paths.years).index(2027)], paths.values["energy"][:, list(paths.years).index(2025)]
    i = np.abs(np.log(found.x / (100 - found.x))[:, None] - np.log(x / (100 - x))).argmin(axis=0)
    j = np.abs(np.log(found.y)[:, None] - np.log(y)).argmin(axis=0)
    inside = [float((found.height[j, i] >= border).mean()) for border in found.borders([0.5, 0.8, 0.95])]
    assert inside == pytest.approx([0.5, 0.8, 0.95], abs=0.015)


def test_a_region_of_skew_levels_holds_what_it_says() -> None:
    """With a volatility of .25 cells of the grid differ by a factor of ten: 50, 80 and 95 % of exact draws lie inside."""
    study = pair(0.5).to_dict()
    study["indicators"][0]["motion"]["volatility"] = 0.25
    projection = kj.project(kj.Study.from_dict(study))
    found = density(projection, (projection.study.target("ta"), projection.study.target("tb")))
    z = np.random.default_rng(0).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 40_000)
    x = 110 * np.exp(0.3 + 0.25 * math.sqrt(3) * z[:, 0])
    y = 2.2 * np.exp(0.15 + 0.06 * math.sqrt(3) * z[:, 1])
    i, j = (np.abs(np.log(grid)[:, None] - np.log(values)).argmin(axis=0) for grid, values in ((found.x, x), (found.y, y)))
    inside = [float((found.height[j, i] >= border).mean()) for border in found.borders([0.5, 0.8, 0.95])]
    assert inside == pytest.approx([0.5, 0.8, 0.95], abs=0.012)


def test_a_bound_on_a_past_figure_is_counted() -> None:
    """ "More than 105" on an unpublished year shifts the density as it shifts the chance, and leaves its mass at 1."""
    bound = {"kind": "bound", "indicator": "a", "year": 2022, "more_than": "112"}
    study = pair(evidence=[bound]).to_dict()
    study["evidence"] = [bound, {**level("a", 2021, "100"), "error": "0"}, level("b", 2022, "2.2", error="0")]
    projection = kj.project(kj.Study.from_dict(study))
    a, b = (projection.study.target(name) for name in ("ta", "tb"))
    found = density(projection, (a, b))
    assert found.exact
    assert found.mass.sum() == pytest.approx(1, abs=4e-3)
    assert found.mass[:, found.x >= 150].sum() == pytest.approx(kj.probability(projection, "ta").value, abs=0.03)
    law = projection.law([a.measured(projection.study).terms, b.measured(projection.study).terms])
    free = on_scale(law.__class__(**{**vars(law), "bound": None}), np.log(found.x), np.log(found.y))
    assert not np.allclose(free, on_scale(law, np.log(found.x), np.log(found.y)), rtol=0.05)


def test_what_is_not_linear_comes_from_paths(several: kj.Projection, ax: Axes) -> None:
    """A total of yearly amounts has no computed law; the picture says so, and holds the mass of the paths."""
    found = density(several, (several.study.target("total"), several.study.target("low")))
    assert not found.exact
    assert found.mass.sum() == pytest.approx(1, abs=0.02)
    kj.plot.joint(several, "total", "low", ax=ax, lang="en")
    assert any("simulated paths" in text for text in texts(ax))


def test_the_four_chances_stand_in_their_corners(several: kj.Projection, ax: Axes) -> None:
    """Along x more is better, along y less is: both met lies to the right, below; both bounds are drawn."""
    kj.plot.joint(several, "later", "less", ax=ax, lang="en")
    chances = quarter_chances(several, several.study.target("later"), several.study.target("less"))  # type: ignore[arg-type]
    corners = {gid: by_gid(ax, gid)[0] for gid in ("both", "only_a", "only_b", "neither")}
    assert {gid: tuple(p > 0.5 for p in text.get_position()) for gid, text in corners.items()} == {
        "both": (True, False), "only_a": (True, True), "only_b": (False, False), "neither": (False, True),
    }  # fmt: skip
    for gid, text in corners.items():
        assert text.get_text().endswith(f"about {100 * chances[gid]:.0f} %")
    upright, flat = by_gid(ax, "bound")
    assert upright.get_xdata()[0] == 70
    assert flat.get_ydata()[0] == 0.5
    assert ax.get_xlim()[0] < 70 < ax.get_xlim()[1]


def test_levels_that_span_far_get_a_logarithmic_axis(ax: Axes) -> None:
    """A volatility of .6 a year over three years; the regions are those seen: per unit of the logarithm."""
    study = pair(0.9).to_dict()
    study["indicators"][0]["motion"]["volatility"] = 0.6
    projection = kj.project(kj.Study.from_dict(study))
    kj.plot.joint(projection, "ta", "tb", ax=ax, lang="en")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    found = density(projection, (projection.study.target("ta"), projection.study.target("tb")))
    assert found.mass.sum() == pytest.approx(1, abs=4e-3)


REFUSED = [("range", "less", "between two bounds"), ("kept", "less", "not about one value"), ("soon", "later", "not about one value"),
           ("aim", "aim", "one and the same value"), ("low", "met", "one and the same value")]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "said"), REFUSED)
def test_targets_that_do_not_part_two_values_are_refused(several: kj.Projection, a: str, b: str, said: str) -> None:
    """The message says which target, and what to do."""
    with pytest.raises(kj.NotAnswerableError, match=said):
        kj.plot.joint(several, a, b, lang="en")


def test_milestones_and_published_targets_have_no_joint_picture(bundled: kj.Projection) -> None:
    """What has no value, and what is decided."""
    with pytest.raises(kj.NotAnswerableError, match="no value to draw"):
        kj.plot.joint(bundled, "national_high_tech_zone_2025", "rd_spending_2025", lang="en")
    past = kj.Target(name="past", indicator="rd_spending", year=2021, at_least="90")
    with pytest.raises(kj.NotAnswerableError, match="published"):
        kj.plot.joint(bundled, past, "rd_intensity_2025", lang="en")


def test_values_that_follow_from_each_other_have_no_density() -> None:
    """Level and growth of one and the same year."""
    projection = kj.project(pair())
    grown = kj.targets.Growth(name="g", indicator="a", year=2025, since=2022, at_least="8")
    with pytest.raises(kj.NotAnswerableError, match="no joint density"):
        kj.plot.joint(projection, "ta", grown, lang="en")


# the record


def test_a_reliability_diagram_is_its_rows(ax: Axes) -> None:
    """Marks at (chance, share), lines of 1.96 errors, counts below."""
    rows = [{"count": 1200.0, "chance": 0.1, "reached": 0.12, "error": 0.01}, {"count": 80.0, "chance": 0.9, "reached": 0.8, "error": 0.05}]
    kj.plot.reliability(rows, ax=ax, lang="en")
    found = errorbars(ax, "forecasts")
    assert found == [pytest.approx((r["chance"], r["reached"], r["reached"] - 1.96 * r["error"], r["reached"] + 1.96 * r["error"])) for r in rows]
    assert {"1,200", "80"} <= set(texts(ax))
    assert line(ax, "as forecast").tolist() == [[0, 0], [1, 1]]


def test_the_shipped_record_is_drawn_for_other_regions_and_later_years(ax: Axes) -> None:
    """`kj.reliability` gives both splits, and what it says of the classes."""
    of = kj.reliability("gdp")
    kj.plot.reliability(of, ax=ax, lang="en")
    for key, name in (("reliability_series", "regions that the fit did not see"), ("reliability_years", "years after those fitted on")):
        assert [p[:2] for p in errorbars(ax, name)] == [pytest.approx((r["chance"], r["reached"])) for r in record()[key]]
    assert any(str(of)[4:30] in text for text in texts(ax))


def test_a_backtest_is_drawn_by_its_own_bins(ax: Axes) -> None:
    """`Backtest.reliability()` of a small panel."""
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=(300, 3))
    columns = {"target_year": np.repeat(np.arange(2010, 2020), 30)}
    tested = kj.Backtest(columns, chance, (rng.uniform(size=(300, 3)) < chance).astype(float), chance)
    kj.plot.reliability(tested, ax=ax, lang="en")
    assert [p[:2] for p in errorbars(ax, "forecasts")] == [pytest.approx((r["chance"], r["reached"])) for r in tested.reliability()]


@pytest.mark.parametrize("of", [[], "series", [{"chance": 0.1}], {}, {str(k): [1] for k in range(4)}, 3])
def test_what_is_no_record_is_refused(of: Any) -> None:
    """The message says what is taken."""
    with pytest.raises(kj.KjprojError, match=r"expected|takes"):
        kj.plot.reliability(of, lang="en")


# manners


@pytest.mark.parametrize("kind", KINDS)
def test_the_given_axes_is_drawn_on_and_returned(kind: str, several: kj.Projection, ax: Axes, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of matplotlib changes, no window opens, no figure is made, what was written before stays as it was."""
    from matplotlib import pyplot

    monkeypatch.setattr(pyplot, "show", lambda *a, **k: pytest.fail("a window was opened"))
    note = ax.text(0.5, 0.5, "mine", fontfamily="monospace")
    before, open_figures = dict(mpl.rcParams), pyplot.get_fignums()
    assert drawn(kind, several, ax=ax, lang="en") is ax
    assert dict(mpl.rcParams) == before
    assert pyplot.get_fignums() == open_figures
    assert note.get_fontfamily() == ["monospace"]


def test_without_axes_a_figure_of_pyplot_is_made(walked: kj.Projection) -> None:
    """So that notebooks show it."""
    from matplotlib import pyplot

    made = kj.plot.fan(walked, "x", lang="en")
    assert made.figure.number in pyplot.get_fignums()  # type: ignore[union-attr]


@pytest.mark.parametrize(("more", "said"), [({"lang": "fr"}, "'zh' or 'en'"), ({"lang": "en", "ax": "x"}, "Axes")])
def test_wrong_arguments_are_refused(walked: kj.Projection, more: dict[str, Any], said: str) -> None:
    """Languages and axes that are none."""
    with pytest.raises(kj.KjprojError, match=said):
        kj.plot.fan(walked, "x", **more)


def test_without_matplotlib_the_extra_is_named(walked: kj.Projection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """MissingExtraError says how to install it, in Python and on the command line."""
    for name in [n for n in sys.modules if n.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]
    for draw in (lambda: kj.plot.fan(walked, "x"), lambda: kj.plot.save(None, "x.png")):  # type: ignore[arg-type]
        with pytest.raises(kj.MissingExtraError, match=r"kjproj\[plot\]"):
            draw()
    assert main(["plot", "fan", "rd_spending", "-o", str(tmp_path / "x.png")]) == 1
    assert "kjproj[plot]" in capsys.readouterr().err


def test_the_namespace_is_light() -> None:
    """`kj.plot` and its functions are there without matplotlib being loaded."""
    code = "import sys, kjproj; kjproj.plot.fan, kjproj.plot.joint; assert kjproj.plot.__name__ == 'kjproj.show.plot'; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def boxes(ax: Axes) -> Iterator[tuple[str, Any]]:
    """What is written, with its place in pixels; of the ticks those that are drawn."""
    ax.figure.draw_without_rendering()
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    ticks = [label for label in ax.get_xticklabels() if left <= label.get_position()[0] <= right]
    ticks += [label for label in ax.get_yticklabels() if low <= label.get_position()[1] <= high]
    every = set(ax.findobj(Written)) - {*ax.get_xticklabels(), *ax.get_yticklabels()} | set(ticks)
    for text in every:
        if text.get_visible() and text.get_text().strip() and text.get_window_extent().width > 0:
            yield text.get_text(), text.get_window_extent()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_written_is_cut_or_lies_on_other_writing(kind: str, lang: str, several: kj.Projection) -> None:
    """With long labels, in both languages, on a figure of its own."""
    ax = drawn(kind, several, lang=lang)
    width, height = ax.figure.get_size_inches() * ax.figure.dpi  # type: ignore[union-attr]
    written = list(boxes(ax))
    for words, box in written:
        assert box.x0 > -1, words
        assert box.y0 > -1, words
        assert box.x1 < width + 1, words
        assert box.y1 < height + 1, words
    for (a, one), (b, other) in combinations(written, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(across, up) < 1.5, f"{a!r} and {b!r}"


@needs_chinese
def test_nothing_of_the_bundled_ladder_is_cut(summary: kj.Summary) -> None:
    """Thirty rows, some of two lines."""
    ax = kj.plot.ladder(summary, lang="zh")
    height = ax.figure.get_size_inches()[1] * ax.figure.dpi  # type: ignore[union-attr]
    rows = [(words, box) for words, box in boxes(ax) if words in {label.get_text() for label in ax.get_yticklabels()}]
    assert all(box.y0 > 0 and box.y1 < height for _, box in rows)
    assert all(min(a.y1, b.y1) - max(a.y0, b.y0) < 1.5 for (_, a), (_, b) in combinations(rows, 2))


def test_labels_are_apart_and_rows_are_below_each_other() -> None:
    """Gaps hold, order stays, ends are kept; rows are as high as their lines."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        places = np.sort(rng.uniform(0, 10, rng.integers(1, 8))).tolist()
        found = apart(places, 1.0, 0.0, 10.0)
        assert np.all(np.diff(found) >= 1 - 1e-9)
        assert 0 <= found[0] <= found[-1] <= 10
    assert apart([1.0, 4.0], 1.0, 0.0, 10.0) == [1.0, 4.0]
    assert np.diff(apart([5.0] * 30, 1.0, 0.0, 10.0)) == pytest.approx(10 / 29)
    broken, stack = stacked(["short", "words " * 20], 30, gap=1.0)
    lines = broken[1].count("\n") + 1
    assert lines > 1
    assert stack.places == [1.0, 2.5 + lines / 2]
    assert stack.height == 1 + lines + 2


# what is read


@needs_chinese
@pytest.mark.parametrize("kind", KINDS)
def test_chinese_shows_as_chinese(kind: str, several: kj.Projection, ax: Axes) -> None:
    """Every character of every text, ticks too, has a glyph in a font of its family."""
    drawn(kind, several, ax=ax, lang="zh")
    ax.figure.draw_without_rendering()
    seen = set()
    for text in ax.findobj(Written):
        signs = set(text.get_text()) - set(" \n")
        seen |= signs
        if signs:
            assert not signs - shown_by(*text.get_fontfamily()), text.get_text()
    assert any("一" <= sign <= "鿿" for sign in seen)


@cache
def shown_by(*families: str) -> set[str]:
    """The characters with a glyph in the fonts that matplotlib takes for some families, but for the boxes of last resort."""
    found: set[str] = set()
    for family in families:
        path = font_manager.findfont(font_manager.FontProperties(family=[family]))
        assert "LastResort" not in str(path)
        font = font_manager.get_font(path)
        found |= {chr(code) for code in font.get_charmap() if font.get_char_index(code) != 0}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_english_needs_no_chinese_font(kind: str, several: kj.Projection, ax: Axes) -> None:
    """Units are translated; nothing but Latin script is left, and the reader's own font is kept."""
    drawn(kind, several, ax=ax, lang="en")
    for text in ax.findobj(Written):
        assert not any("⺀" <= sign <= "鿿" for sign in text.get_text()), text.get_text()
    assert ax.get_yticklabels()[0].get_fontfamily() == list(mpl.rcParams["font.family"])


def test_the_bundled_study_reads_in_english_without_a_chinese_font(summary: kj.Summary, ax: Axes) -> None:
    """All thirty targets."""
    kj.plot.ladder(summary, ax=ax, lang="en")
    assert not [t.get_text() for t in ax.findobj(Written) if any("⺀" <= sign <= "鿿" for sign in t.get_text())]


@pytest.fixture
def no_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib's list of fonts as on a machine without Chinese."""
    plain = [f for f in font_manager.fontManager.ttflist if f.name not in fonts.CHINESE]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", plain)


@pytest.mark.usefixtures("no_chinese")
def test_without_a_chinese_font_the_error_says_what_to_install(walked: kj.Projection, ax: Axes, monkeypatch: pytest.MonkeyPatch) -> None:
    """In both languages, with the characters; never boxes. English is drawn all the same."""
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    with pytest.raises(kj.KjprojError, match="Noto Sans CJK") as error:
        kj.plot.fan(walked, "x", ax=ax, lang="zh")
    assert not ax.lines, "nothing is half drawn"
    assert "中" in str(error.value)
    assert "请安装" in str(error.value)
    kj.plot.fan(walked, "x", lang="en")


@needs_chinese
@pytest.mark.usefixtures("no_chinese")
def test_a_font_installed_later_is_found(walked: kj.Projection) -> None:
    """matplotlib keeps its list of fonts from an earlier day; the files are looked for."""
    ax = kj.plot.fan(walked, "x", lang="zh")
    assert ax.title.get_fontfamily() != ax.texts[0].get_fontfamily()
    assert set(ax.texts[0].get_fontfamily()) & set(fonts.CHINESE)


@needs_chinese
def test_the_readers_own_chinese_font_is_kept() -> None:
    """Where `font.family` has Chinese nothing is added; an English picture with a Chinese name gets it behind."""
    own = fonts.families(["研发"], "zh")[0]
    with mpl.rc_context({"font.family": [own]}):
        assert fonts.families(["研发 150"], "zh") == [own]
    with mpl.rc_context({"font.sans-serif": ["No Such Font", own, "DejaVu Sans"]}):
        assert fonts.families(["研发 150"], "zh") == ["sans-serif"]
    assert fonts.families(["Yueyang 岳阳"], "en") == ["sans-serif", own]
    assert fonts.families(["150 %"], "zh") == ["sans-serif"]


def test_a_dollar_is_a_dollar(several: kj.Projection, ax: Axes) -> None:
    """Labels are no formulas."""
    kj.plot.fan(several, "amount", ax=ax, lang="en")
    title = ax._left_title  # type: ignore[attr-defined]
    assert title.get_text() == "turnover in US$ or $ (100 million yuan)"
    assert not title.get_parse_math()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_say_role_and_years(several: kj.Projection, lang: Any) -> None:
    """确保 and 力争, and what is not the level of one year."""
    said = labels.target_words(several.study, several.study.target("kept"), lang)
    assert said.endswith("65%（确保，保持至2027年）" if lang == "zh" else "65 %, 2025 (floor, sustained until 2027)")
    pace = labels.target_words(several.study, several.study.target("pace"), lang)
    assert pace == ("合同额2023—2024年年均增速8%" if lang == "zh" else "turnover in US$ or $ growth a year over 2023 to 2024 8 %")


# grey and colour blindness

SRGB = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
BLIND = {  # Machado, Oliveira and Fernandes (2009), severity 1, doi 10.1109/TVCG.2009.113
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


PAIRS = list(combinations(colours.ROLES, 2))


def lab(colour: str, seen: Any = None) -> np.ndarray:
    """CIE L*a*b* of a colour, as it is or as seen through a matrix on linear RGB."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    if seen is not None:
        linear = np.clip(np.asarray(seen) @ linear, 0, 1)
    t = (SRGB @ linear) / SRGB.sum(axis=1)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_roles_are_apart_in_grey(a: str, b: str) -> None:
    """By 20 of 100 steps of lightness or more."""
    assert abs(lab(colours.ROLES[a])[0] - lab(colours.ROLES[b])[0]) > 20


@pytest.mark.parametrize("eyes", BLIND)
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_roles_are_apart_for_the_colour_blind(a: str, b: str, eyes: str) -> None:
    """By 30 in L*a*b* or more under each of the three simulated deficiencies."""
    assert np.linalg.norm(lab(colours.ROLES[a], BLIND[eyes]) - lab(colours.ROLES[b], BLIND[eyes])) > 30


def test_bands_darken_inwards_and_marks_stand_out_from_them() -> None:
    """Each tint is 8 steps darker than the one around it; median and target lie 15 steps below the darkest."""
    tints = [100.0, *(lab(tint)[0] for tint in colours.BANDS.values())]
    assert np.all(np.diff(tints) < -5)
    assert np.all(np.diff(tints[1:]) < -8)
    assert all(lab(colour)[0] < tints[-1] - 15 for colour in (colours.PROJECTION, colours.TARGET))
    assert lab(colours.TARGET_INK)[0] < tints[-1] - 30


# files and the command


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_picture_is_the_same_file(walked: kj.Projection, tmp_path: Path, ending: str) -> None:
    """To the byte; the settings of matplotlib stay."""
    before = dict(mpl.rcParams)
    for name in ("a", "b"):
        kj.plot.save(kj.plot.fan(walked, "x", lang="en"), tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    assert dict(mpl.rcParams) == before


SMALL = document(
    indicators=[{"name": "x", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "unit": "亿元", "motion": walk(0.08, 0.05)},
                {"name": "y", "unit": "%", "motion": walk(0.02, 0.05)}],
    evidence=[level("x", 2022, "98.10"), level("y", 2022, "2.1")],
    targets=[target("t", "x", 2025, at_least="120"), target("u", "y", 2025, at_least="2.2")],
)  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "study.json"
    path.write_text(json.dumps(SMALL, ensure_ascii=False), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "asked", [["fan", "x"], ["when", "t"], ["ladder", "--sort", "risk"], ["joint", "t", "u"], ["reliability"]], ids=lambda asked: asked[0]
)
def test_the_command_writes_a_picture(asked: list[str], small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says where."""
    out = tmp_path / "picture.svg"
    assert main(["plot", *asked, "--study", small, "-o", str(out), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"{out} is written.\n"
    assert out.read_bytes().startswith(b"<?xml")


def test_the_command_draws_a_tornado(small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one target, or of several together."""
    asked: list[Any] = []
    answers = ModuleType("kjproj.answers.tornado")
    answers.tornado = lambda projection, target=None, *, all_of=None: asked.append(target or all_of) or TORNADO  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kjproj.answers.tornado", answers)
    for names in (["t"], ["t", "u"]):
        assert main(["plot", "tornado", *names, "--study", small, "-o", str(tmp_path / "t.png"), "--lang", "en"]) == 0
    assert asked == ["t", ["t", "u"]]


WRONG = [
    (["fan"], "takes an indicator; 0 given"), (["joint", "t"], "takes two targets; 1 given"), (["ladder", "t"], "takes no name; 1 given"),
    (["fan", "z"], "unknown indicator 'z'"), (["when", "z"], "unknown target 'z'"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "said"), WRONG)
def test_the_command_refuses_what_it_cannot_draw(asked: list[str], said: str, small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With 1 and a message, and no file."""
    out = tmp_path / "x.png"
    assert main(["plot", *asked, "--study", small, "-o", str(out), "--lang", "en"]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_an_unknown_ending_is_refused_before_anything_is_computed(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with those that are known; wrong usage ends with 2."""
    assert main(["plot", "fan", "x", "--study", "none.json", "-o", "x.gif"]) == 1
    assert "expected .png, .svg, .pdf" in capsys.readouterr().err
    assert main(["plot", "pie", "x", "--study", small, "-o", "x.png"]) == 2
    assert main(["plot", "fan", "x", "--study", small]) == 2
