"""kjproj inside sktime: it passes that tool's own checks, and harder ones."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sktime.forecasting.base import ForecastingHorizon
from sktime.forecasting.model_evaluation import evaluate
from sktime.performance_metrics.forecasting.probabilistic import CRPS, LogLoss
from sktime.split import ExpandingWindowSplitter
from sktime.utils.estimator_checks import check_estimator

import kjproj as kj
from kjproj.adapters.sktime import KjprojForecaster, LevelDistribution
from kjproj.beliefs import Normal, ScaledInvChi2

LEVELS = 100.0 * np.exp(np.cumsum(np.random.default_rng(5).normal(0.06, 0.07, 6)))
ALPHA = [0.001, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999]
GENERIC: dict[str, Any] = {"reference_class": "generic_positive"}
STATED: dict[str, Any] = {"drift": Normal(mean=0.05, sd=0.02), "volatility": ScaledInvChi2(df=4, scale=0.06)}


def yearly(levels: Any = LEVELS, first: int = 2015, name: str | None = "rd") -> pd.Series[float]:
    return pd.Series(np.asarray(levels, float), pd.period_range(str(first), periods=len(levels), freq="Y"), name=name)


@pytest.mark.filterwarnings("ignore")
def test_every_check_of_sktime_passes() -> None:
    """All of `check_estimator`, whatever the installed version checks."""
    found = check_estimator(KjprojForecaster, raise_exceptions=True, verbose=False)
    assert set(found.values()) == {"PASSED"}
    assert len(found) > 500


@pytest.mark.filterwarnings("ignore")
def test_every_check_of_skpro_passes() -> None:
    """The distribution passes all checks of the tool that distributions are of."""
    from skpro.utils import check_estimator as check_distribution

    found = check_distribution(LevelDistribution, raise_exceptions=True, verbose=False)
    assert set(found.values()) == {"PASSED"}
    assert len(found) > 80


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("stated", [{}, {"scale": "linear"}, STATED, GENERIC], ids=["flat", "linear", "stated", "class"])
def test_one_source_of_truth(n: int, stated: dict[str, Any]) -> None:
    """From one to six figures: point, quantiles, intervals, variance and chances are the distribution's, to 1e-9."""
    if n < 3 and stated not in (STATED, GENERIC):
        with pytest.raises(kj.KjprojError, match="generic_positive"):
            KjprojForecaster(**stated).fit(yearly(LEVELS[:n]))
        return
    forecaster = KjprojForecaster(**stated).fit(yearly(LEVELS[:n]), fh=[1, 2, 5, 40])
    law = forecaster.predict_proba()
    quantiles = forecaster.predict_quantiles(alpha=ALPHA)
    interval = forecaster.predict_interval(coverage=[0.5, 0.9, 0.998])
    assert (np.diff(quantiles.to_numpy(), axis=1) > 0).all()
    for alpha in ALPHA:
        np.testing.assert_allclose(law.ppf(alpha)["rd"], quantiles["rd", alpha], rtol=1e-9)
        np.testing.assert_allclose(law.cdf(quantiles["rd"][[alpha]].set_axis(["rd"], axis=1)), alpha, atol=1e-9)
    for coverage, low, high in ((0.5, 0.25, 0.75), (0.9, 0.05, 0.95), (0.998, 0.001, 0.999)):
        np.testing.assert_allclose(interval["rd", coverage], quantiles["rd"][[low, high]], rtol=1e-9)
    np.testing.assert_allclose(forecaster.predict(), quantiles["rd", 0.5], rtol=1e-9)
    np.testing.assert_array_equal(forecaster.predict_var().to_numpy(), law.var().to_numpy())


@pytest.mark.parametrize("stated", [{"scale": "linear"}, STATED, GENERIC], ids=["linear", "stated", "class"])
def test_the_mean_is_the_distributions(stated: dict[str, Any]) -> None:
    """With point="mean" `predict` is the distribution's mean; on Linear under flat beliefs that is the median."""
    law = KjprojForecaster(**stated, point="mean").fit(yearly(), fh=[1, 3])
    np.testing.assert_allclose(law.predict(), law.predict_proba().mean()["rd"], rtol=1e-12)
    if stated == {"scale": "linear"}:
        np.testing.assert_allclose(law.predict(), KjprojForecaster(scale="linear").fit(yearly(), fh=[1, 3]).predict(), rtol=1e-9)


def test_where_there_is_no_mean_it_is_said() -> None:
    """Flat beliefs on Log: `predict` refuses a mean, and the distribution's is infinite."""
    forecaster = KjprojForecaster(point="mean").fit(yearly(), fh=[1])
    assert np.isinf(forecaster.predict_proba().mean().to_numpy()).all()
    with pytest.raises(kj.KjprojError, match="no mean"):
        forecaster.predict()


INDICES: dict[str, Any] = {
    "periods": pd.period_range("2015", periods=6, freq="Y"),
    "fiscal years": pd.period_range("2015", periods=6, freq="Y-JUN"),
    "year ends": pd.date_range("2015-12-31", periods=6, freq="YE"),
    "year starts": pd.date_range("2015", periods=6, freq="YS"),
    "days without frequency": pd.DatetimeIndex([f"{year}-06-30" for year in range(2015, 2021)]),
    "range": pd.RangeIndex(6),
    "years": pd.Index(range(2015, 2021)),
    "months": pd.period_range("2015-01", periods=6, freq="M"),
    "business days": pd.date_range("2015-01-01", periods=6, freq="B"),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_every_index_tells_steps(index: Any) -> None:
    """The same figures have the same law under every index, by relative and absolute horizons, gappy and far."""
    want = KjprojForecaster().fit(yearly()).predict_quantiles([1, 2, 7, 30], alpha=[0.1, 0.9])
    forecaster = KjprojForecaster().fit(pd.Series(LEVELS, index, name="rd"))
    fh = ForecastingHorizon([1, 2, 7, 30], is_relative=True)
    found = forecaster.predict_quantiles(fh, alpha=[0.1, 0.9])
    np.testing.assert_allclose(found, want, rtol=1e-12)
    absolute = fh.to_absolute(forecaster.cutoff)
    again = forecaster.predict_quantiles(absolute, alpha=[0.1, 0.9])
    pd.testing.assert_frame_equal(again, found)
    np.testing.assert_allclose(forecaster.predict([7]), forecaster.predict([1, 7]).iloc[1:], rtol=1e-12)


def test_a_gap_is_a_step_without_a_figure() -> None:
    """A year left out, and a year that is NaN, are the same; so is one at the end."""
    kept = [0, 1, 3, 4]
    levels = LEVELS.copy()
    levels[[2, 5]] = np.nan
    gappy, holes = yearly().iloc[kept], yearly(levels)
    whole = KjprojForecaster().fit(holes).predict_quantiles([1, 3], alpha=[0.1, 0.5])
    part = KjprojForecaster().fit(gappy).predict_quantiles([2, 4], alpha=[0.1, 0.5])
    pd.testing.assert_frame_equal(whole, part)
    numbers = KjprojForecaster().fit(pd.Series(LEVELS[kept], pd.Index([2015, 2016, 2018, 2019]), name="rd"))
    np.testing.assert_allclose(numbers.predict_quantiles([2, 4], alpha=[0.1, 0.5]), part, rtol=1e-12)
    dates = pd.Series(LEVELS[kept], pd.to_datetime([f"{year}-12-31" for year in (2015, 2016, 2018, 2019)]), name="rd")
    fh = ForecastingHorizon(pd.DatetimeIndex(["2021-12-31", "2023-12-31"]), is_relative=False)
    np.testing.assert_allclose(KjprojForecaster().fit(dates).predict_quantiles(fh, alpha=[0.1, 0.5]), part, rtol=1e-12)


@pytest.mark.parametrize("day", ["12-31", "06-30", "03-15", "end of February"])
def test_steps_ahead_of_dates_with_a_gap_are_years(day: str) -> None:
    """Relative horizons of dates whose frequency no tool can tell, in and after the sample, at `fit` and later, and of one date."""
    kept, fh = [0, 1, 3, 4], [-1, 0, 1, 4]
    ends = pd.period_range("2015", "2024", freq="Y").to_timestamp("Y")
    every = ends + pd.offsets.MonthEnd(2) if "end" in day else pd.to_datetime([f"{year}-{day}" for year in ends.year])
    every = pd.DatetimeIndex([d.normalize() for d in every])
    want = KjprojForecaster().fit(yearly().iloc[kept]).predict_quantiles(fh, alpha=[0.1, 0.5])
    dated = pd.Series(LEVELS[kept], pd.DatetimeIndex(every[kept]), name="rd")
    for found in (KjprojForecaster().fit(dated).predict_quantiles(fh, alpha=[0.1, 0.5]), KjprojForecaster().fit(dated, fh=fh).predict_quantiles(alpha=[0.1, 0.5])):
        np.testing.assert_allclose(found, want, rtol=1e-12)
        assert found.index.tolist() == every[[3, 4, 5, 8]].tolist()
    grown = KjprojForecaster(**STATED).fit(dated.iloc[:1], fh=[1, 4]).update(dated.iloc[1:])
    pd.testing.assert_series_equal(grown.predict(), KjprojForecaster(**STATED).fit(dated).predict([1, 4]), check_freq=False)
    one = KjprojForecaster(**GENERIC).fit(dated.iloc[:1]).predict_interval([1, 2], coverage=0.8)
    np.testing.assert_allclose(one, KjprojForecaster(**GENERIC).fit(yearly().iloc[:1]).predict_interval([1, 2], coverage=0.8), rtol=1e-12)
    assert one.index.tolist() == every[[1, 2]].tolist()


def test_dates_that_fit_no_step_are_refused() -> None:
    """Irregular dates name what to do, and a class is not used for months."""
    odd = pd.Series(LEVELS[:4], pd.to_datetime(["2015-01-03", "2015-04-01", "2016-09-12", "2017-02-02"]))
    with pytest.raises(kj.KjprojError, match="PeriodIndex"):
        KjprojForecaster().fit(odd)
    with pytest.raises(kj.KjprojError, match="is about years"):
        KjprojForecaster(**GENERIC).fit(pd.Series(LEVELS, INDICES["months"]))


@pytest.mark.parametrize(
    "index",
    [
        pd.PeriodIndex(["2018", "2019", "2019", "2020"], freq="Y"),
        pd.to_datetime(["2018-12-31", "2019-12-31", "2019-12-31", "2020-12-31"]),
        pd.Index([2018, 2019, 2019, 2020]),
    ],
    ids=["periods", "dates", "years"],
)
def test_a_period_that_stands_twice_is_refused(index: Any) -> None:
    """Two figures of one period contradict each other, or are one; the error names it, in `update` too."""
    with pytest.raises(kj.KjprojError, match=r"2019.* 2 times; expected each period once"):
        KjprojForecaster().fit(pd.Series(LEVELS[:4], index))
    with pytest.raises(kj.KjprojError, match=r"2019.* 2 times; expected each period once"):
        KjprojForecaster(**STATED).fit(pd.Series(LEVELS[:1], index[:1])).update(pd.Series(LEVELS[1:4], index[1:]))


@pytest.mark.parametrize("stated", [{}, STATED, GENERIC], ids=["flat", "stated", "class"])
def test_quantiles_are_those_of_a_study(stated: dict[str, Any]) -> None:
    """The forecaster says what `kj.quantiles` says of the same figures, read as exact."""
    figures = {year: format(level, ".15g") for year, level in zip(range(2015, 2021), LEVELS, strict=True)}
    study = kj.Study.from_levels({"rd": figures}, unit="index", error="0", **(stated if stated == GENERIC else {}))
    if stated == STATED:
        study = study.with_motion("rd", kj.motions.Brownian(**stated))
    want = kj.quantiles(kj.project(study), "rd", q=(0.1, 0.5, 0.9), first_year=2021, last_year=2024)
    found = KjprojForecaster(**stated).fit(yearly()).predict_quantiles([1, 2, 3, 4], alpha=[0.1, 0.5, 0.9])
    np.testing.assert_allclose(found, want.values, rtol=1e-9)


@pytest.mark.parametrize("n", [3, 4, 6])
def test_an_interval_of_80_percent_covers_80_percent(n: int) -> None:
    """On 1,500 walks whose drift and volatility it is not told; five standard errors, a chance below 1e-6.

    A normal quantile with estimated drift would cover 58, 67 and 73 %.
    """
    rng, walks, h = np.random.default_rng(n), 1500, 3
    drift, volatility = rng.normal(0.05, 0.1, walks), np.exp(rng.normal(-3.0, 0.7, walks))
    places = np.cumsum(drift + volatility * rng.standard_normal((n + h, walks)), axis=0)
    y = pd.DataFrame(100.0 * np.exp(places), pd.period_range("2001", periods=n + h, freq="Y"))
    found = KjprojForecaster().fit(y.iloc[:n]).predict_interval([h], coverage=0.8).to_numpy().reshape(walks, 2)
    outcome = y.iloc[-1].to_numpy()
    covered = ((found[:, 0] <= outcome) & (outcome <= found[:, 1])).mean()
    assert abs(covered - 0.8) < 5 * np.sqrt(0.16 / walks)


def test_updating_is_fitting_to_all() -> None:
    """`update` equals a fit to all figures, a revised figure takes the old one's place; without parameters time passes."""
    y, fh = yearly(), [1, 4]
    whole = KjprojForecaster().fit(y, fh=fh)
    updated = KjprojForecaster().fit(y.iloc[:4], fh=fh).update(y.iloc[4:])
    pd.testing.assert_series_equal(updated.predict(), whole.predict())
    old = y.copy()
    old.iloc[3] *= 1.1
    revised = KjprojForecaster().fit(old.iloc[:4], fh=fh).update(y.iloc[3:])
    pd.testing.assert_series_equal(revised.predict(), whole.predict())
    passed = KjprojForecaster().fit(y.iloc[:4], fh=fh).update(y.iloc[4:], update_params=False)
    assert passed.cutoff == y.index[-1:]
    pd.testing.assert_series_equal(passed.predict(), KjprojForecaster().fit(y.iloc[:4]).predict([3, 6]))


def test_within_the_sample_it_says_what_it_would_have_said() -> None:
    """A step back is forecast from the figures before it; NaN where they said nothing."""
    y = yearly()
    found = KjprojForecaster().fit(y).predict_interval([-5, -3, -1, 0, 1], coverage=0.8)
    assert found.iloc[:2].isna().all(axis=None)
    want = KjprojForecaster().fit(y.iloc[:5]).predict_interval([1], coverage=0.8)
    np.testing.assert_allclose(found.iloc[3], want.iloc[0], rtol=1e-12)


def test_columns_and_instances_are_forecast_one_by_one() -> None:
    """A table of columns, and a panel of places, give what each series gives by itself, `predict_proba` too."""
    one, two = yearly(), yearly(LEVELS[::-1])
    table = pd.DataFrame({"a": one, "b": two})
    found = KjprojForecaster().fit(table).predict_quantiles([1, 2], alpha=[0.1, 0.9])
    np.testing.assert_allclose(found["b"], KjprojForecaster().fit(two).predict_quantiles([1, 2], alpha=[0.1, 0.9])["rd"])
    panel = pd.concat({"east": one.to_frame(), "west": two.to_frame()}, names=["place", "year"])
    law = KjprojForecaster().fit(panel).predict_proba(fh=[1, 2])
    assert law.shape == (4, 1)
    alone = KjprojForecaster().fit(two).predict_proba(fh=[1, 2])
    np.testing.assert_allclose(law.ppf(0.9).to_numpy()[2:], alone.ppf(0.9).to_numpy())


def test_parameters_go_in_and_out() -> None:
    """Parameters survive get, set, clone and pickling, and a wrong one is refused at `fit`."""
    forecaster = KjprojForecaster(**STATED, scale="log")
    assert forecaster.clone().get_params() == forecaster.get_params()
    forecaster.set_params(drift=0.02).fit(yearly(), fh=[1])
    again = pickle.loads(pickle.dumps(forecaster))
    pd.testing.assert_series_equal(again.predict(), forecaster.predict())
    assert forecaster.get_fitted_params()["scale"] == {"rd": "log"}
    for wrong in ({"scale": "sqrt"}, {"point": "mode"}, {"reference_class": "nobody"}, {"volatility": -1.0}):
        with pytest.raises(kj.KjprojError, match=r"expected|known are"):
            KjprojForecaster(**wrong).fit(yearly())


def test_auto_scale() -> None:
    """All above 0: log; else linear; a class brings its own, a share in per cent lies below 100."""
    assert KjprojForecaster().fit(yearly()).scale_ == {"rd": "log"}
    assert KjprojForecaster().fit(yearly(LEVELS - 120.0)).scale_ == {"rd": "linear"}
    shares = KjprojForecaster("internet_users", unit="%").fit(yearly([40.0, 48.0, 55.0, 60.0]), fh=[1, 20])
    assert shares.scale_ == {"rd": "logit"}
    assert shares.predict_interval(coverage=0.99).to_numpy().max() < 100.0


@pytest.mark.filterwarnings("ignore")
def test_it_is_evaluated_like_any_forecaster() -> None:
    """Expanding windows, CRPS and log loss work; the CRPS is the integral of (F − 1{y ≤ x})²."""
    y = yearly(100.0 * np.exp(np.cumsum(np.random.default_rng(8).normal(0.05, 0.05, 12))))
    windows = ExpandingWindowSplitter(fh=[1, 2], initial_window=4, step_length=3)
    scores = evaluate(KjprojForecaster(**GENERIC), windows, y, scoring=[CRPS(), LogLoss()])
    assert np.isfinite(scores[["test_CRPS", "test_LogLoss"]].to_numpy()).all()
    law = KjprojForecaster(**GENERIC).fit(y.iloc[:6]).predict_proba(fh=[1])
    x = np.linspace(1.0, 1000.0, 200_001)
    one = law.law[0, 0]
    want = np.trapezoid((one.cdf(x) - (x >= y.iloc[6])) ** 2, x)
    found = CRPS()(y.iloc[6:7].to_frame(), law)
    np.testing.assert_allclose(found, want, rtol=1e-3)


def test_samples_have_the_law() -> None:
    """Draws fall below quantiles as often as they should, five standard errors, and follow numpy's global seed."""
    law = KjprojForecaster().fit(yearly()).predict_proba(fh=[1, 5])
    draws = law.sample(8000)
    assert draws.index.get_level_values(0).nunique() == 8000
    for step, q in zip(law.index, law.ppf(0.8)["rd"], strict=True):
        assert abs((draws.xs(step, level=1)["rd"] <= q).mean() - 0.8) < 5 * np.sqrt(0.16 / 8000)
    again = []
    for _ in range(2):
        np.random.seed(4)  # noqa: NPY002 - skpro draws from the global state
        again.append(law.sample())
    pd.testing.assert_frame_equal(*again)


def test_an_array_and_another_motion() -> None:
    """A numpy array is numbered; a return to a level is conditioned by the engine, and survives pickling."""
    motion = kj.motions.Reverting(level=Normal(mean=4.9, sd=0.3), rate=0.3, volatility=0.05)
    forecaster = KjprojForecaster(motion=motion).fit(LEVELS, fh=[1, 30])
    first = forecaster.predict_quantiles(alpha=[0.1, 0.9])
    width = np.log(first.to_numpy()[:, 1] / first.to_numpy()[:, 0])
    assert 1.0 < width[1] / width[0] < 6.0  # a walk's would grow sixfold or more
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(forecaster)).predict_quantiles(alpha=[0.1, 0.9]), first)


def test_without_sktime_the_extra_is_named() -> None:
    """Where sktime is not installed, the import says what to install."""
    code = "import sys; sys.modules['sktime'] = None\ntry: import kjproj.adapters.sktime\nexcept ImportError as e: print(e)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "kjproj[sktime]"' in run.stdout


def test_a_long_series_is_quick_to_condition() -> None:
    """Three thousand days take no longer than their sufficient statistics: no matrix is as large as the series."""
    days = pd.date_range("2015", periods=3000, freq="D")
    y = pd.Series(np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.01, 3000))), days)
    found = KjprojForecaster().fit(y).predict_interval([1, 365], coverage=0.8)
    width = np.log(found.to_numpy()[:, 1] / found.to_numpy()[:, 0])
    np.testing.assert_allclose(width[0], 2 * 1.2816 * 0.01, rtol=0.05)
