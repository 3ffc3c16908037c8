"""Forecasts as other tools hand them over: the same numbers whatever they come in, and everything that does not fit refused."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma, lognorm, norm, rv_histogram
from studies import document, level, target, walk

import kjproj as kj

YEARS = (2023, 2024, 2025)
VALUES = 5000 * np.exp(np.random.default_rng(0).normal(0.05, 0.02, (60, 3)).cumsum(axis=1))
CUT: dict[str, Any] = {"evidence": "cut", "reason": "the ministry's model"}


def study(**gdp: Any) -> kj.Study:
    return kj.Study.from_dict(
        document(
            indicators=[
                {"name": "gdp", "label": {"zh": "地区生产总值", "en": "GDP"}, "unit": "亿元", **gdp},
                {"name": "intensity", "unit": "%", "motion": walk(0.03, 0.06)},
                {"name": "spending", "unit": "亿元"},
            ],
            identities=[{"kind": "product", "result": "spending", "factors": ["gdp", "intensity"]}],
            evidence=[level("intensity", 2022, "2.23", error="0")],
            targets=[target("t", "spending", 2025, at_least="150")],
            sources=[{"name": "outlook"}],
        )
    )


def long(times: Any = YEARS, **names: str) -> pd.DataFrame:
    """One row a path and year, shuffled."""
    frame = pd.DataFrame(
        {
            "unique_id": "gdp",
            "ds": np.tile(np.array(times), len(VALUES)),
            "sample_id": np.repeat(np.arange(len(VALUES)), 3),
            "y": VALUES.ravel(),
        }
    )
    return frame.sample(frac=1, random_state=1).rename(columns=names)


def table(given: kj.Given) -> np.ndarray:
    """Paths in no order."""
    values = np.array(given.forecast.values)  # type: ignore[union-attr]
    return np.asarray(values[np.argsort(values[:, 0])])


SORTED = VALUES[np.argsort(VALUES[:, 0])]
ENDS = pd.to_datetime([f"{year}-12-31" for year in YEARS])


# the same from everywhere


def test_array_frames_and_mapping_say_the_same() -> None:
    polars, xarray = pytest.importorskip("polars"), pytest.importorskip("xarray")
    other = long(path="p").rename(columns={"ds": "when", "sample_id": "path", "y": "gdp_bn", "unique_id": "series"})
    along = xarray.DataArray(VALUES.T, dims=("year", "sample"), coords={"year": list(YEARS)})
    dated = xarray.DataArray(VALUES, dims=("member", "time"), coords={"time": ENDS})
    found = [
        kj.Given.from_array(VALUES, YEARS, **CUT),
        kj.Given.from_array(VALUES, ENDS, **CUT),
        kj.Given.from_array(VALUES, [datetime.date(year, 12, 31) for year in YEARS], **CUT),
        kj.Given.from_array(VALUES, pd.period_range("2023", "2025", freq="Y"), **CUT),
        kj.Given.from_array(VALUES, [f"{year}-06-30" for year in YEARS], dates="within_year", **CUT),
        kj.Given.from_frame(long(), **CUT),
        kj.Given.from_frame(long(ENDS), **CUT),
        kj.Given.from_frame(polars.from_pandas(long(ENDS)), **CUT),
        kj.Given.from_frame(polars.from_pandas(long()).lazy(), **CUT),
        kj.Given.from_frame(other, id_col="series", time_col="when", sample_col="path", target_col="gdp_bn", **CUT),
        kj.Given.from_xarray(along, **CUT),
        kj.Given.from_xarray(along.expand_dims(region=["here"]).isel(year=[2, 0, 1]), **CUT),
        kj.Given.from_xarray(dated, sample_dim="member", year_dim="time", **CUT),
    ]
    for given in found:
        assert given.forecast.years == YEARS
        np.testing.assert_array_equal(table(given), SORTED)


def test_paths_takes_all_of_them() -> None:
    xarray = pytest.importorskip("xarray")
    handed: list[Any] = [
        {"gdp": {year: VALUES[:, k] for k, year in enumerate(YEARS)}},
        {"gdp": (VALUES, YEARS)},
        {"gdp": (VALUES, ENDS)},
        {"gdp": xarray.DataArray(VALUES, dims=("sample", "year"), coords={"year": list(YEARS)})},
        {"gdp": kj.Given.from_array(VALUES, YEARS, **CUT)},
    ]
    chances = {kj.probability(kj.project(study(), paths=one), "t").value for one in handed}
    assert len(chances) == 1
    stated = kj.project(study(given=kj.Given.from_array(VALUES, YEARS, **CUT)))
    assert kj.probability(stated, "t").value in chances
    for frame in (long().sort_values(["sample_id", "ds"]), long(ENDS).sort_values(["sample_id", "ds"])):
        assert kj.probability(kj.project(study(), paths=frame), "t").value in chances, "a frame whose series are indicators"
        assert kj.probability(kj.project(study(), paths={"gdp": frame}), "t").value in chances


def test_what_statsforecast_simulates_is_taken_as_it_is() -> None:
    """Columns unique_id, ds, sample_id and one a model, as `StatsForecast.simulate` 2.1 returns them."""
    simulated = long().assign(Other=1.0).rename(columns={"y": "RWD"})
    np.testing.assert_array_equal(table(kj.Given.from_frame(simulated, target_col="RWD", **CUT)), SORTED)
    np.testing.assert_array_equal(table(kj.Given.from_frame(simulated.drop(columns="Other"), **CUT)), SORTED)
    with pytest.raises(kj.KjprojError, match="has the columns RWD, Other beside names, dates and samples; say which with target_col="):
        kj.Given.from_frame(simulated, **CUT)


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore")
def test_statsforecast_itself() -> None:
    statsforecast = pytest.importorskip("statsforecast")
    from statsforecast.models import RandomWalkWithDrift

    y = 4000 * np.exp(np.random.default_rng(0).normal(0.06, 0.02, 12).cumsum())
    frame = pd.DataFrame({"unique_id": "gdp", "ds": pd.date_range("2011-12-31", periods=12, freq="YE"), "y": y})
    simulated = statsforecast.StatsForecast(models=[RandomWalkWithDrift()], freq="YE").simulate(h=3, df=frame, n_paths=500, seed=1)
    given = kj.Given.from_frame(simulated, **CUT)
    assert given.forecast.years == YEARS
    goal = kj.Target(name="g", indicator="gdp", year=2025, at_least="9000")
    share = (simulated[simulated.ds.dt.year == 2025].RWD >= 9000).mean()
    assert kj.probability(kj.project(study(given=given)), goal).value == pytest.approx(share, abs=1e-9)


def hub(kind: str) -> pd.DataFrame:
    """A hubverse model output file of two places."""
    if kind == "sample":
        frame = long(ENDS, ds="target_end_date", sample_id="output_type_id", y="value").drop(columns="unique_id")
    else:
        rows = [(end, q, 5000 * 1.05 ** (k + 1) * math.exp(0.02 * norm.ppf(q))) for k, end in enumerate(ENDS) for q in (0.9, 0.1, 0.5)]
        frame = pd.DataFrame(rows, columns=["target_end_date", "output_type_id", "value"])
    frame = frame.assign(output_type=kind, horizon=frame.target_end_date.dt.year - 2022)
    return pd.concat([frame.assign(location=place) for place in ("43", "44")])


def test_hubverse_samples_and_quantiles() -> None:
    where = {"location": "43"}
    given = kj.Given.from_hubverse(hub("sample"), output_type="sample", where=where, **CUT)
    np.testing.assert_array_equal(table(given), SORTED)
    by_horizon = hub("sample").drop(columns="target_end_date")
    again = kj.Given.from_hubverse(by_horizon, output_type="sample", where=where, origin_year=2022, **CUT)
    assert (again.forecast.years, table(again).tolist()) == (YEARS, SORTED.tolist())
    fan = kj.Given.from_hubverse(hub("quantile"), output_type="quantile", where=where, over_years=0.9, **CUT)
    rows = {y: {q: 5000 * 1.05 ** (k + 1) * math.exp(0.02 * norm.ppf(q)) for q in (0.1, 0.5, 0.9)} for k, y in enumerate(YEARS)}
    assert fan == kj.Given.from_quantiles(rows, over_years=0.9, **CUT)


def test_a_frame_of_quantiles_is_a_mapping_of_columns() -> None:
    """Years for columns and levels for the index; narrow numbers are numbers."""
    rows = {y: {0.1: 5000.0, 0.5: 5200.0, 0.9: 5500.0} for y in YEARS}
    wanted = kj.Given.from_quantiles(rows, over_years="walk", **CUT)
    assert kj.Given.from_quantiles(pd.DataFrame(rows), over_years="walk", **CUT) == wanted
    narrow = pd.DataFrame(rows).astype("float32").set_axis(ENDS, axis=1)
    assert kj.Given.from_quantiles(narrow, over_years="walk", **CUT) == wanted
    assert kj.Given.from_quantiles({y: pd.Series(row) for y, row in rows.items()}, over_years="walk", **CUT) == wanted


# round trips


FORMS = {
    "samples": kj.Given.from_array(VALUES[:8].round(2), YEARS, by="Ministry", made="2022-10-01", source="outlook", **CUT),
    "quantiles": kj.Given.from_quantiles({y: {0.1: 5000.0, 0.5: 5200.5, 0.9: 5500.0} for y in YEARS}, over_years=0.8, **CUT),
    "comonotone": kj.Given.from_quantiles({y: {0.1: 5000.0, 0.9: 5500.0} for y in YEARS}, over_years="comonotone", evidence="update", reason={"zh": "预测", "en": "outlook"}),
    "matrix": kj.Given.from_quantiles({y: {0.1: 5000.0, 0.9: 5500.0} for y in (2023, 2024)}, over_years=np.array([[1, 0.3], [0.3, 1]]), **CUT),
    "distributions": kj.Given.from_distribution({2023: lognorm(0.03, scale=5200), 2024: gamma(a=400, scale=13.0)}, over_years="independent", unit="亿元", **CUT),
}  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "yaml", "xlsx"])
@pytest.mark.parametrize("form", FORMS)
def test_a_forecast_comes_back_as_it_was(form: str, ending: str, tmp_path: Path) -> None:
    whole = study().with_given("gdp", FORMS[form])
    file = tmp_path / f"study.{ending}"
    whole.to_file(file)
    again = kj.Study.from_file(file)
    assert again.indicator("gdp").given == FORMS[form]
    assert again.digest == whole.digest
    assert whole.digest != study().digest


def test_many_paths_do_not_fit_into_a_cell(tmp_path: Path) -> None:
    many = np.repeat(VALUES, 40, axis=0)
    with pytest.raises(kj.KjprojError, match=r"a cell holds 32767; write the study to a \.json file"):
        study(given=kj.Given.from_array(many, YEARS, **CUT)).to_file(tmp_path / "s.xlsx")


def test_the_recipe_covers_what_is_handed_in() -> None:
    """The same draws give the same recipe, other draws, years or treatments another; those of the study are in its digest."""
    given = kj.Given.from_array(VALUES, YEARS, **CUT)
    update = kj.Given.from_array(VALUES, YEARS, evidence="update", reason="r")
    recipes = [
        kj.project(study(), paths={"gdp": one}).recipe.to_dict().get("given")
        for one in (given, given, update, (VALUES + 1, YEARS), (VALUES, [y + 1 for y in YEARS]))
    ]
    assert recipes[0] == recipes[1]
    assert len(set(recipes)) == 4
    assert kj.project(study()).recipe.given is None
    stated = study(given=given)
    assert kj.project(stated).recipe.given is None
    assert kj.sample(kj.project(study(), paths={"gdp": given}), 10).recipe.given == recipes[0]
    a, b = (kj.sample(kj.project(kj.Study.from_json(stated.to_json())), 500, rng=3).values["spending"] for _ in range(2))
    assert a.tobytes() == b.tobytes()
    assert kj.project(stated, paths={"gdp": update}).recipe.given == recipes[2], "what is handed in takes the study's place"


# what is shown


def test_whose_forecast_it_is_stands_among_the_assumptions() -> None:
    given = kj.Given.from_quantiles(
        {y: {0.1: 5000.0, 0.5: 5100.0, 0.9: 5500.0} for y in YEARS}, over_years="walk", evidence="update",
        by="省发展改革委", made="2022-11-05", source="outlook", reason={"zh": "省级预测", "en": "the province's outlook"},
    )  # fmt: skip
    whole = study(given=given)
    summary = kj.summary(kj.project(whole, nodes=128))
    english, chinese = summary.to_text("en", 2000), summary.to_text("zh", 2000)
    wanted = "GDP: forecast of 省发展改革委 (2022-11-05): 10, 50, 90 % quantiles, 2023 to 2025, steps from year to year independent; updated by the figures; the province's outlook (source: outlook)"
    assert wanted in english
    assert "地区生产总值：采用省发展改革委的预测（2022-11-05）：10%、50%、90%分位数（2023—2025年，逐年累积（各年增量独立）），随本研究数据更新；省级预测（来源：outlook）" in chinese
    assert "10, 50, 90 % quantiles" in str(whole)


def test_the_effective_number_is_shown_where_figures_weigh_draws() -> None:
    given = kj.Given.from_array(np.repeat(VALUES, 20, axis=0), YEARS, evidence="update", reason="r")
    whole = kj.Study.from_dict(study(given=given).to_dict() | {"as_of": "2023-12-31", "evidence": [level("intensity", 2022, "2.23"), level("spending", 2023, "118", error="1")]})
    text = kj.summary(kj.project(whole, nodes=128)).to_text("en", 2000)
    assert "of 1,200 draws" in text
    assert "figures leave the worth of" in text


def test_attribution_names_the_forecast() -> None:
    before = kj.project(study(motion=walk(0.05, 0.03)).with_evidence(level("gdp", 2022, "5000")))
    after = kj.project(before.study.with_given("gdp", FORMS["quantiles"]))
    found = kj.attribution(before, after, "t")
    assert sum(part.points for part in found.parts) == pytest.approx(found.after.value - found.before.value, abs=1e-9)
    assert any("GDP" in part.words("en") for part in found.parts)


def test_what_bears_on_nothing_beside_a_forecast_is_found() -> None:
    whole = study().with_given("gdp", FORMS["quantiles"]).to_dict()
    whole["steps"] = [{"indicator": "gdp", "year": 2024, "size": 0.1, "reason": "r"}]
    whole["correlations"] = [{"between": ["gdp", "intensity"], "value": -0.4, "reason": "r"}]
    found = kj.coherence(kj.Study.from_dict(whole)).of("idle_beside_forecast")
    assert [finding.words("en") for finding in found] == [
        "GDP is given by another tool's forecast; the one-off changes assumed of it bear on nothing.",
        "GDP is given by another tool's forecast; the correlations of its shocks with others' bear on nothing.",
    ]


def test_a_figure_far_from_its_forecast_is_found() -> None:
    """Merged it is all the same: what the figure says is sure, and whose mistake it is nobody knows but the reader."""
    rows = {year: {0.1: 4900.0, 0.9: 5300.0} for year in YEARS}
    for evidence, level_of_first, found in (("update", "9000", 1), ("update", "5200", 0), ("cut", None, 0)):
        given = kj.Given.from_quantiles(rows, over_years="walk", evidence=evidence, reason="r")
        whole = study(given=given).to_dict()
        if level_of_first is not None:
            whole = {**whole, "as_of": "2023-12-31", "evidence": [*whole["evidence"], level("gdp", YEARS[0], level_of_first)]}
        findings = kj.coherence(kj.Study.from_dict(whole)).of("apart_from_forecast")
        assert [finding.about for finding in findings] == [("gdp",)] * found
        if findings:
            assert findings[0].words("en").startswith("GDP was 9000 亿元 in 2023, 5 standard deviations or more from the 5096 亿元")
            assert "请核对" in findings[0].words("zh")


def test_a_forecast_made_later_is_left_out_of_an_earlier_day_and_found() -> None:
    """Its day is its own, else its source's; without it the indicator moves as it would, and undated ones stay."""
    sources = [{"name": "outlook", "published": "2022-09-01"}, {"name": "undated"}]
    plain = kj.Study.from_dict({**study(motion=walk(0.05, 0.02)).to_dict(), "as_of": "2022-12-31", "sources": sources})

    def of(**said: Any) -> kj.Study:
        return plain.with_given("gdp", kj.Given.from_array(VALUES, YEARS, **CUT, **said))

    cases = [({"made": "2022-07-01"}, True), ({"made": "2022-06-30"}, False), ({"source": "outlook"}, True), ({"source": "undated"}, False)]
    for said, later in [*cases, ({"source": "outlook", "made": "2022-06-01"}, False)]:
        whole = of(**said)
        known = whole.as_known("2022-06-30")
        assert known.indicator("gdp").given == (None if later else whole.indicator("gdp").given), said
        assert known.indicator("gdp").motion == plain.indicator("gdp").motion
        assert not kj.coherence(whole).of("made_later")
    (found,) = kj.coherence(kj.project(of(made="2023-02-01"))).of("made_later")
    assert found.about == ("gdp",)
    assert found.words("en").startswith("GDP: the forecast was made on 2023-02-01, after 2022-12-31")
    assert found.words("zh").startswith("地区生产总值采用的外部预测作于2023-02-01，晚于数据时点2022-12-31")


def test_growth_rates_taken_for_levels_are_found() -> None:
    rates = kj.Given.from_array(np.full((300, len(YEARS)), 5.2) + np.linspace(0, 1, 300)[:, None], YEARS, **CUT)
    (found,) = kj.coherence(study(given=rates).with_evidence(level("gdp", 2022, "4700"))).of("out_of_scale")
    assert "growth rates were taken for levels" in found.words("en")
    assert "增速" in found.words("zh")
    plain = study().with_evidence(level("gdp", 2022, "4700"))
    assert kj.coherence(kj.project(plain, paths={"gdp": rates})).of("out_of_scale")[0].words("en") == found.words("en")
    assert "数值，或单位有误" in kj.summary(kj.project(plain, paths={"gdp": rates})).to_text("zh", 2000)
    assert not kj.coherence(plain).of("out_of_scale")
    assert not kj.coherence(study(given=FORMS["quantiles"]).with_evidence(level("gdp", 2022, "4700"))).of("out_of_scale")


def test_when_stops_where_the_forecast_does() -> None:
    assert kj.when(kj.project(study(given=FORMS["quantiles"])), "t").years == YEARS


def test_levels_to_reach_with_a_chance_on_sample_paths() -> None:
    """A path has no density: alone, and beside figures that bound what rests on it; errors are those of the draws."""
    alone = kj.Study.from_dict({
        "as_of": "2022-12-31", "indicators": [{"name": "gdp", "unit": "亿元", "given": kj.Given.from_array(VALUES, YEARS, **CUT)}],
    })  # fmt: skip
    whole = kj.project(kj.datasets.yueyang(), paths={"gdp": (VALUES, YEARS)})
    spread = VALUES[:, -1].std()
    for projected in (kj.project(alone), whole):
        found = kj.attainable(projected, "gdp", YEARS[-1], probability=0.8)
        assert found.value == pytest.approx(np.quantile(VALUES[:, -1], 0.2), abs=0.15 * spread)
        assert 0.0 <= found.stderr < 0.3 * spread


def test_before_a_forecast_begins_its_level_is_not_known() -> None:
    late = kj.project(study(), paths={"gdp": (VALUES[:, 1:], YEARS[1:])})
    with pytest.raises(kj.NoBasisError, match=f"the forecast of gdp begins in {YEARS[1]}, and no figure says where it stands in {YEARS[0]}"):
        kj.quantiles(late, "gdp")


# units


def test_units_are_converted_and_others_refused() -> None:
    given = kj.Given.from_array(VALUES / 1e4, YEARS, unit="万亿元", **CUT)
    a, b = (kj.probability(kj.project(study(given=one)), "t").value for one in (given, kj.Given.from_array(VALUES, YEARS, **CUT)))
    assert a == pytest.approx(b, abs=1e-12)
    law = kj.Given.from_distribution({2025: lognorm(0.05, scale=0.6)}, unit="万亿元", **CUT)
    goal = kj.Target(name="g", indicator="gdp", year=2025, at_least="6000")
    assert kj.probability(kj.project(study(given=law)), goal).value == pytest.approx(0.5, abs=1e-9)
    with pytest.raises(kj.StudyError, match="家 measures count of 家, 亿元 measures yuan"):
        study(given=kj.Given.from_array(VALUES, YEARS, unit="家", **CUT))


def rows_of(values: np.ndarray, **more: Any) -> Any:
    """A long frame of paths (P, n) over YEARS."""
    frame = pytest.importorskip("pandas").DataFrame({
        "unique_id": "gdp", "ds": np.tile(YEARS, len(values)), "sample_id": np.repeat(np.arange(len(values)), len(YEARS)), "y": values.ravel(),
    })  # fmt: skip
    return frame.assign(**more)


def test_paths_go_by_their_samples_whatever_the_order_of_rows() -> None:
    frame = rows_of(VALUES)
    mixed = frame.sample(frac=1, random_state=3)
    assert kj.Given.from_frame(frame, **CUT) == kj.Given.from_frame(mixed, **CUT) == kj.Given.from_array(VALUES, YEARS, **CUT)
    names = frame.assign(sample_id=["p" + str(k) for k in frame["sample_id"]])
    assert kj.Given.from_frame(names, **CUT) == kj.Given.from_frame(names.sample(frac=1, random_state=5), **CUT)
    xarray = pytest.importorskip("xarray")
    labels = np.random.default_rng(0).permutation(len(VALUES))
    array = xarray.DataArray(VALUES[labels], dims=("sample", "year"), coords={"sample": labels, "year": list(YEARS)})
    assert kj.Given.from_xarray(array, **CUT) == kj.Given.from_array(VALUES, YEARS, **CUT)


def test_the_unit_that_data_state_counts() -> None:
    plain, large = kj.Given.from_array(VALUES, YEARS, **CUT), VALUES / 1e4
    found = [kj.Given.from_frame(rows_of(large, unit="万亿元", weight=1.0), **CUT), kj.Given.from_frame(rows_of(large), unit="万亿元", **CUT)]
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray(large, dims=("sample", "year"), coords={"year": list(YEARS)}, attrs={"units": "万亿元"})
    found.append(kj.Given.from_xarray(array, **CUT))
    expected = kj.probability(kj.project(study(given=plain)), "t").value
    for given in found:
        assert given.unit == "万亿元"
        assert kj.probability(kj.project(study(given=given)), "t").value == pytest.approx(expected, abs=1e-9)
    for paths in (rows_of(large, unit="万亿元"), array):
        assert kj.probability(kj.project(study(), paths={"gdp": paths}), "t").value == pytest.approx(expected, abs=1e-9)
    two = rows_of(large, unit=np.where(np.arange(large.size) % 2, "亿元", "万亿元"))
    for frame, more, words in (
        (rows_of(large, unit="万亿元"), {"unit": "亿元"}, "says '万亿元', and unit= says '亿元'"),
        (two, {}, "holds the units"),
        (rows_of(large, unit="furlongs"), {}, "'furlongs', which is not known here"),
        (rows_of(large, weight=np.arange(large.size)), {}, "weigh differently"),
    ):
        with pytest.raises(kj.KjprojError, match=words):
            kj.Given.from_frame(frame, **CUT, **more)


def test_of_several_series_paths_take_the_one_of_the_indicator() -> None:
    frame = rows_of(VALUES)
    both = pytest.importorskip("pandas").concat([frame, frame.assign(unique_id="other", y=1.0)])
    expected = kj.probability(kj.project(study(), paths={"gdp": frame}), "t").value
    assert kj.probability(kj.project(study(), paths={"gdp": both}), "t").value == expected
    with pytest.raises(kj.KjprojError, match="paths of gdp hold the series a, other; expected one, or one that is called gdp"):
        kj.project(study(), paths={"gdp": both.replace({"unique_id": {"gdp": "a"}})})


# what is refused


def fan(rows: Any, **more: Any) -> Any:
    return lambda: kj.Given.from_quantiles(rows, **{**CUT, **more})


def one(**more: Any) -> dict[str, Any]:
    return {**CUT, **more}


def quantiles_of(frame: Any) -> kj.Given:
    return kj.Given.from_hubverse(frame, output_type="quantile", where={"location": "43"}, over_years=0.5, **CUT)


WRONG: list[tuple[str, Any, str]] = [
    ("no treatment", lambda: kj.Given.from_array(VALUES, YEARS, reason="r"), "evidence is missing; say 'cut'"),
    ("no reason", lambda: kj.Given.from_array(VALUES, YEARS, evidence="cut"), "reason is missing"),
    ("another treatment", lambda: kj.Given.from_array(VALUES, YEARS, evidence="both", reason="r"), "'cut' or 'update'"),
    ("a shape", lambda: kj.Given.from_array(VALUES.T, YEARS, **CUT), r"shape \(3, 60\); expected one row a path and one column for each of 3 years"),
    ("missing", lambda: kj.Given.from_array(np.where(VALUES > 6000, np.nan, VALUES), YEARS, **CUT), "hold nan; expected finite numbers"),
    ("a gap", lambda: kj.Given.from_array(VALUES, (2023, 2024, 2026), **CUT), "2023, 2024, 2026 do not follow one another"),
    ("an order", lambda: kj.Given.from_array(VALUES, (2025, 2024, 2023), **CUT), "do not follow one another"),
    ("mid-year", lambda: kj.Given.from_frame(long([f"{y}-06-30" for y in YEARS]), **CUT), r"column ds hold \d+-06-30, which is no year's end.*dates='within_year'"),
    ("months", lambda: kj.Given.from_array(VALUES, ["2023-01-01", "2023-02-01", "2023-03-01"], dates="within_year", **CUT), "2023, 2023, 2023 do not follow"),
    ("words for years", lambda: kj.Given.from_array(VALUES, ["one", "two", "three"], **CUT), "hold 'one'; expected years such as 2024"),
    ("a hole", lambda: kj.Given.from_frame(long().iloc[1:], **CUT), r"sample \d+ has 0 values in \d+; expected one for every sample in every year"),
    ("twice", lambda: kj.Given.from_frame(pd.concat([long(), long()]), **CUT), "has 2 values in"),
    ("two series", lambda: kj.Given.from_frame(pd.concat([long(), long().assign(unique_id="x")]), **CUT), r"has 2 series \(gdp, x\); say which one with series="),
    ("no series", lambda: kj.Given.from_frame(long(), series="x", **CUT), "has no series 'x'; it has gdp"),
    ("no column", lambda: kj.Given.from_frame(long(ds="date"), **CUT), "has no column 'ds'; it has unique_id, date"),
    ("no frame", lambda: kj.Given.from_frame([1, 2], **CUT), "the frame is list; expected one of pandas"),
    ("crossing", fan({2023: {0.1: 5000, 0.5: 4900, 0.9: 5200}}), "quantiles of 2023 cross: 5000 at 0.1 and 4900 at 0.5"),
    ("one quantile", fan({2023: {0.5: 5000}, 2024: {0.5: 5100}}, over_years="walk"), "one quantile"),
    ("one side", fan({2023: {0.6: 5000, 0.9: 5100}}), "levels are 0.6, 0.9; expected two or more, on both sides of 0.5"),
    ("levels", fan({2023: {0.1: 5000, 0.9: 5100}, 2024: {0.2: 5000, 0.9: 5100}}, over_years=0), "expected the same in every year"),
    ("a missing quantile", fan({2023: {0.1: 5000, 0.9: 5100}, 2024: {0.1: 5000, 0.9: math.nan}}, over_years=0), "^the quantile of 2024 at 0.9 is nan; expected a finite number"),
    ("a word for a quantile", fan({2023: {0.1: "low", 0.9: 5100}}), "^the quantile of 2023 at 0.1 is 'low'; expected a finite number"),
    ("per cent", fan({2023: {10: 5000, 50: 5050, 90: 5100}}), "^2023 has the quantile level 10; expected one between 0 and 1, such as 0.1: write 0.1 for 10 %"),
    ("a sure level", fan({2023: {0: 5000, 0.5: 5050}}), "^2023 has the quantile level 0; expected one between 0 and 1, such as 0.1$"),
    ("a word for a level", fan({2023: {"low": 5000, 0.5: 5050}}), "^2023 has the quantile level 'low'; expected one between 0 and 1, such as 0.1$"),
    ("no row", fan({2023: 5000.0}), "^the row of 2023 is float; expected quantiles by level"),
    ("no rows", fan({}), "^the forecast is empty; expected a mapping by year"),
    ("a list", fan([{0.1: 5000}]), "^the forecast is list; expected a mapping by year"),
    ("a frame on its side", fan(pd.DataFrame({2023: {0.1: 5000, 0.9: 5100}}).T), "^the years hold 0.1; expected years such as 2024"),
    ("a level twice", fan(pd.DataFrame({2023: [5000, 5010, 5100]}, index=[0.1, 0.1, 0.9])), "^2023 has the quantile level 0.1 twice"),
    ("a year twice", fan(pd.DataFrame([[5000, 5010], [5100, 5110]], index=[0.1, 0.9], columns=[2023, 2023])), "a year stands twice"),
    ("yes and no", lambda: kj.Given.from_array(VALUES > 5200, YEARS, **CUT), "^the paths are not numbers, but True and False; expected an array of real numbers"),
    ("yes and no in lists", lambda: kj.Given.from_array((VALUES > 5200).tolist(), YEARS, **CUT), "^the paths are not numbers; expected an array of real"),
    ("complex", lambda: kj.Given.from_array(VALUES + 1j, YEARS, **CUT), "^the paths are not numbers, but complex; expected"),
    ("days", lambda: kj.Given.from_array(VALUES.astype("M8[D]"), YEARS, **CUT), "^the paths are not numbers, but dates; expected"),
    ("yes and no in a frame", lambda: kj.Given.from_frame(long().assign(y=VALUES.ravel() > 5200), **CUT), "^column y are not numbers, but True and False"),
    ("yes and no by year", lambda: kj.project(study(), paths={"gdp": {2023: VALUES[:, 0] > 5200}}), "in 2023 are not numbers; expected one number a draw"),
    ("one year", lambda: kj.Given.from_array(VALUES[:, 0], 2023, **CUT), r"^the years are 2023; expected one for each column of the paths, such as \(2024, 2025\)"),
    ("one year in words", lambda: kj.Given.from_array(VALUES[:, 0], "2023", **CUT), "^the years are '2023'; expected one for each column"),
    ("a word for dependence", fan({2023: {0.1: 5000, 0.9: 5100}}, over_years="some"), "^over_years is some; expected 'walk', .* a number from −1 to 1"),
    ("no dependence", fan({y: {0.1: 5000, 0.9: 5100} for y in YEARS}), "over_years is missing: quantiles of 3 years"),
    ("a narrowing walk", fan({2023: {0.1: 5000, 0.9: 5500}, 2024: {0.1: 5200, 0.9: 5300}}, over_years="walk"), "fall from one year to the next"),
    ("a correlation", fan({y: {0.1: 5000, 0.9: 5100} for y in YEARS}, over_years=1.5), "^over_years is 1.5; expected 'walk', .* a number from −1 to 1"),
    ("a matrix", fan({y: {0.1: 5000, 0.9: 5100} for y in YEARS}, over_years=[[1, 0.5], [0.5, 1]]), "one row and column for each of 3 years"),
    ("no matrix", fan({y: {0.1: 5000, 0.9: 5100} for y in YEARS}, over_years=[[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]), "cannot hold together"),
    ("off the scale", fan({2023: {0.1: -5, 0.9: 5100}}), "hold -5; expected finite values on the scale from 0 to inf, in 亿元"),
    ("a distribution off it", lambda: kj.Given.from_distribution({2023: norm(5000, 4000)}, **CUT), "0.11 of its probability off the scale from 0 to inf"),
    ("another family", lambda: kj.Given.from_distribution({2023: rv_histogram(np.histogram(VALUES))}, **CUT), "expected a frozen one of scipy.stats"),
    ("no distribution", lambda: kj.Given.from_distribution({2023: 5000.0}, **CUT), "the distribution is float"),
    ("no width", lambda: kj.Given.from_distribution({2025: norm(5000, 0)}, **CUT), "^in 2025: norm has no distribution with loc = 5000, scale = 0; expected a scale above 0"),
    ("a width below 0", lambda: kj.Given.from_distribution({2024: norm(5000, 9), 2025: norm(5000, -1)}, over_years=0, **CUT), "^in 2025: norm has no .* scale = -1; expected"),
    ("no place", lambda: kj.Given.from_distribution({2025: norm(math.nan, 90)}, **CUT), "^in 2025: the distribution norm has loc = nan; expected finite numbers"),
    ("no shape", lambda: kj.Given.from_distribution({2025: gamma(-2.0)}, **CUT), "^in 2025: gamma has no distribution with a = -2, loc = 0, scale = 1; see scipy"),
    ("no parameters", lambda: kj.forecasts.Distribution(family="gamma", parameters={"scale": 2.0}), "gamma has the parameters a, loc, scale; correct a"),
    ("no task", lambda: kj.Given.from_hubverse(hub("sample"), output_type="sample", **CUT), r"2 values of 'location' \(43, 44\); say which one with where="),
    ("no origin", lambda: kj.Given.from_hubverse(hub("sample").drop(columns="target_end_date"), output_type="sample", where={"location": "43"}, **CUT), "origin_year"),
    ("no rows", lambda: kj.Given.from_hubverse(hub("sample"), output_type="quantile", over_years=0, **CUT), "no rows of output_type 'quantile'"),
    ("a quantile twice", lambda: quantiles_of(pd.concat([hub("quantile"), hub("quantile").iloc[1:2]])), "^quantile 0.1 has 2 values in 2023; expected one for every quantile in every year"),
    ("no quantile", lambda: quantiles_of(hub("quantile").iloc[1:]), "^quantile 0.9 has 0 values in 2023; expected one for every quantile in every year"),
    ("a source", lambda: kj.Given.from_array(VALUES, YEARS, source="nobody", **CUT), "unknown source 'nobody'; known are outlook"),
    ("together", fan({2023: {0.1: 5000, 0.9: 5100}}, together="model"), "no sample paths that could belong to others'"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning:scipy")
@pytest.mark.parametrize(("make", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_does_not_fit_is_refused_with_advice(make: Any, said: str) -> None:
    if said == "one quantile":
        said = "levels are 0.5; expected two or more"
    with pytest.raises((kj.KjprojError, ValueError), match=said):
        study(given=make())


def test_derived_indicators_and_events_take_no_forecast() -> None:
    given = kj.Given.from_array(VALUES, YEARS, **CUT)
    with pytest.raises(kj.StudyError, match="spending is derived by an identity; give paths for one of its members"):
        study().with_given("spending", given)
    events = kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "家", "measure": "events"}]))
    with pytest.raises(kj.StudyError, match="x counts events"):
        events.with_given("x", given)
    assert study().with_given("gdp", given).with_given("gdp", None).indicator("gdp").given is None


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for package, extra, make in (("narwhals", "frames", lambda: kj.Given.from_frame(long(), **CUT)), ("xarray", "xarray", lambda: kj.Given.from_xarray(1, **CUT))):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(kj.MissingExtraError, match=rf"this needs the package {package}: pip install \"kjproj\[{extra}\]\""):
            make()
