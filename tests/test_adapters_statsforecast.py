"""kjproj inside statsforecast: its frames and columns, on series of one to six figures."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kjproj as kj
from kjproj.adapters.forecasters.outlooks import Assumptions
from kjproj.adapters.forecasters.series import Series
from kjproj.adapters.statsforecast import KjprojModel

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoETS, RandomWalkWithDrift
    from statsforecast.utils import ConformalIntervals

pytestmark = pytest.mark.filterwarnings("ignore")
GENERIC = "generic_positive"
ENDS = ("lo-95", "lo-80", "hi-80", "hi-95")
SHARES = (0.025, 0.1, 0.9, 0.975)


def levels(n: int, seed: int = 0) -> Any:
    return 100.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.06, 0.07, n)))


def frame(*lengths: int) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"unique_id": f"s{n}", "ds": pd.date_range("2015-12-31", periods=n, freq="YE"), "y": levels(n, n)})
        for n in lengths
    ]
    return pd.concat(parts, ignore_index=True)


def tool(model: Any, freq: Any = "YE", **options: Any) -> Any:
    return StatsForecast(models=[model], freq=freq, **options)


def test_columns_are_exact_quantiles_from_one_figure_up() -> None:
    """On series of one to six figures the columns are the law's quantiles, and the point its median."""
    found = tool(KjprojModel(GENERIC)).forecast(df=frame(*range(1, 7)), h=4, level=[80, 95])
    assert list(found.columns) == ["unique_id", "ds", "kjproj", *(f"kjproj-{end}" for end in ENDS)]
    for n in range(1, 7):
        rows, series = found[found["unique_id"] == f"s{n}"], Series(Assumptions(GENERIC), np.arange(n), levels(n, n))
        for step, (_, row) in enumerate(rows.iterrows()):
            law = series.law(n + step)
            np.testing.assert_allclose(row[[f"kjproj-{end}" for end in ENDS]].to_numpy(float), law.quantile(SHARES), rtol=1e-12)
            np.testing.assert_allclose(row["kjproj"], law.median, rtol=1e-12)


def test_where_its_own_models_fail_ours_answers() -> None:
    """Smoothing raises on six figures, ARIMA on one and a walk on two give no width; ours is finite and above 0."""
    one, two, six = frame(1), frame(2), frame(6)
    with pytest.raises(NotImplementedError, match="tiny datasets"):
        tool(AutoETS()).forecast(df=six, h=2, level=[80])
    for df, model in ((one, AutoARIMA()), (two, RandomWalkWithDrift())):
        found = tool(model).forecast(df=df, h=2, level=[80])
        assert (found[f"{model}-hi-80"] == found[f"{model}-lo-80"]).all()
        ours = tool(KjprojModel(GENERIC)).forecast(df=df, h=2, level=[80])
        width = ours["kjproj-hi-80"] - ours["kjproj-lo-80"]
        assert ((width > 1.0) & np.isfinite(width)).all()


def test_forecast_is_fit_and_predict() -> None:
    """`forecast`, and `fit` with `predict`, fill the same frame; `fitted` is there too."""
    df, model = frame(4, 6), tool(KjprojModel())
    once = model.forecast(df=df, h=3, level=[80, 95], fitted=True)
    inside = model.forecast_fitted_values()
    pd.testing.assert_frame_equal(model.fit(df).predict(h=3, level=[80, 95]), once)
    assert list(inside.columns) == ["unique_id", "ds", "y", "kjproj", *(f"kjproj-{end}" for end in ENDS)]
    six = inside[inside["unique_id"] == "s6"].reset_index(drop=True)
    assert six["kjproj"].isna().tolist() == [True] * 3 + [False] * 3
    early = KjprojModel().forecast(y=levels(6, 6)[:5], h=1, level=[80])
    np.testing.assert_allclose(six.loc[5, ["kjproj", "kjproj-lo-80"]].to_numpy(float), [early["mean"][0], early["lo-80"][0]])


@pytest.mark.parametrize("refit", [True, False, 2])
def test_cross_validation(refit: Any) -> None:
    """Each window says what a forecast of the figures before its cutoff says, refitted or not."""
    found = tool(KjprojModel()).cross_validation(df=frame(6), h=1, n_windows=3, level=[80], refit=refit, fitted=refit is True)
    for k, (_, row) in enumerate(found.iterrows()):
        want = KjprojModel().forecast(y=levels(6, 6)[: 3 + k], h=1, level=[80])
        got = row[["kjproj", "kjproj-lo-80", "kjproj-hi-80"]].to_numpy(float)
        np.testing.assert_allclose(got, [want["mean"][0], want["lo-80"][0], want["hi-80"][0]])


@pytest.mark.parametrize("model", [KjprojModel(), KjprojModel(GENERIC)], ids=["flat", "class"])
def test_simulated_paths_have_the_law(model: Any) -> None:
    """Paths fall below quantiles as often as they should at every step: five standard errors; a seed reproduces them."""
    found = tool(model).simulate(h=3, df=frame(6), n_paths=8000, seed=1)
    ends = tool(model).forecast(df=frame(6), h=3, level=[80])
    paths = found["kjproj"].to_numpy().reshape(8000, 3)
    for end, share in (("lo-80", 0.1), ("hi-80", 0.9)):
        below = (paths <= ends[f"kjproj-{end}"].to_numpy()).mean(axis=0)
        assert (np.abs(below - share) < 5 * np.sqrt(0.09 / 8000)).all()
    again = tool(model).simulate(h=3, df=frame(6), n_paths=8000, seed=1)
    pd.testing.assert_frame_equal(found, again)


def test_intervals_cover_what_they_say() -> None:
    """On 1,500 walks of four figures 80 % intervals cover 80 %; the tool's own walk with drift covers about 67 %."""
    rng, n, h, walks = np.random.default_rng(7), 4, 3, 1500
    drift, volatility = rng.normal(0.05, 0.1, walks), np.exp(rng.normal(-3.0, 0.7, walks))
    paths = 100.0 * np.exp(np.cumsum(drift[:, None] + volatility[:, None] * rng.standard_normal((walks, n + h)), axis=1))
    df = pd.DataFrame({"unique_id": np.repeat(np.arange(walks), n), "ds": np.tile(np.arange(n), walks), "y": paths[:, :n].ravel()})
    covered = {}
    for name, model in (("kjproj", KjprojModel()), ("RWD", RandomWalkWithDrift())):
        found = tool(model, freq=1).forecast(df=df, h=h, level=[80]).groupby("unique_id").last()
        covered[name] = float(((found[f"{name}-lo-80"] <= paths[:, -1]) & (paths[:, -1] <= found[f"{name}-hi-80"])).mean())
    assert abs(covered["kjproj"] - 0.8) < 5 * np.sqrt(0.16 / walks)
    assert covered["RWD"] < 0.72


def test_missing_figures_are_steps() -> None:
    """A NaN is a year without a figure, wherever it stands."""
    y = levels(7)
    y[[2, 6]] = np.nan
    found = KjprojModel().forecast(y=y, h=2, level=[80], fitted=True)
    series = Series(Assumptions(), np.array([0, 1, 3, 4, 5]), y[[0, 1, 3, 4, 5]])
    np.testing.assert_allclose(found["mean"], [series.law(7).median, series.law(8).median])
    assert len(found["fitted"]) == 7


def test_it_runs_beside_others_in_processes_and_as_a_fallback() -> None:
    """Several models under their aliases, two processes, whole-number times, and ours where another fails."""
    df = frame(5, 6).assign(ds=lambda d: d["ds"].dt.year)
    models = [KjprojModel(), KjprojModel(GENERIC, alias="class"), RandomWalkWithDrift()]
    both = StatsForecast(models=models, freq=1, n_jobs=2).forecast(df=df, h=2, level=[80])
    alone = StatsForecast(models=models, freq=1).forecast(df=df, h=2, level=[80])
    pd.testing.assert_frame_equal(both, alone)
    assert {"kjproj", "class", "RWD", "class-hi-80"} <= set(alone.columns)
    fallen = tool(KjprojModel(alias="flat"), fallback_model=KjprojModel(GENERIC)).forecast(df=frame(2), h=1, level=[80])
    assert np.isfinite(fallen["flat-hi-80"]).all()


def test_what_it_cannot_do_is_said() -> None:
    """Conformal intervals, other shocks, a mean that is infinite, and too few figures each say what to do."""
    with pytest.raises(kj.KjprojError, match="leave prediction_intervals out"):
        tool(KjprojModel()).fit(frame(6), prediction_intervals=ConformalIntervals(h=1, n_windows=2))
    with pytest.raises(kj.KjprojError, match="leave it at 'normal'"):
        tool(KjprojModel()).simulate(h=1, df=frame(6), error_distribution="t")
    with pytest.raises(kj.KjprojError, match="no mean"):
        tool(KjprojModel(point="mean")).forecast(df=frame(6), h=1)
    with pytest.raises(kj.KjprojError, match=GENERIC):
        tool(KjprojModel()).forecast(df=frame(1), h=1)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda model: model.forecast(y=levels(4), h=0), "h is 0; expected a whole number of steps ahead, 1 or more"),
        (lambda model: model.fit(levels(4)).predict(h=-1), "h is -1; expected a whole number"),
        (lambda model: model.simulate(h=1.5, n_paths=3, y=levels(4)), "h is 1.5; expected a whole number"),
        (lambda model: model.forecast(y=levels(4)[:, None], h=1), r"y has the shape \(4, 1\); expected the levels of one series"),
        (lambda model: model.fit(3.0), r"y has the shape \(\); expected the levels of one series"),
        (lambda model: model.forecast(y=np.array(["a", "b"]), h=1), "y holds something other than numbers; expected the levels"),
    ],
)
def test_wrong_steps_and_levels_are_refused(call: Any, said: str) -> None:
    with pytest.raises(kj.KjprojError, match=said):
        call(KjprojModel(GENERIC))


def test_the_module_loads_without_the_tool() -> None:
    """The model speaks to statsforecast without loading it: no compiler starts where it is only named."""
    code = "import sys, kjproj.adapters.statsforecast as k; assert not {'statsforecast', 'numba', 'pandas'} & set(sys.modules), k"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_shares_for_per_cent_and_a_model_without_figures_are_refused() -> None:
    with pytest.raises(kj.KjprojError, match=r"level is \[0\.8\]; expected per cent, such as 80"):
        KjprojModel().forecast(y=np.array([80.0, 90.0, 97.0, 110.0]), h=2, level=[0.8])
    for ask in (lambda model: model.predict(h=2), lambda model: model.predict_in_sample(), lambda model: model.simulate(h=2, n_paths=10)):
        with pytest.raises(kj.KjprojError, match=r"call fit\(y\) first"):
            ask(KjprojModel())
