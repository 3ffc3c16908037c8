"""Forecast cases with statsforecast, statsmodels and prophet, at their defaults.

    python scripts/peers.py CASES.json ANSWERS.json

Each case is x, places of consecutive years, and h. The answer is by method a list of [mean, standard deviation] of growth,
from the centre and the width of its 80 % interval, or null where the method fails.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

warnings.filterwarnings("ignore")
for noisy in ("prophet", "cmdstanpy"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)
Z80 = 1.2815515655446004
LONGEST = 5


def main() -> None:
    """Read, forecast each series once, write."""
    rows = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    distinct = list(dict.fromkeys(tuple(r["x"]) for r in rows))
    answers: dict[str, list[Any]] = {}
    for name, method in methods().items():
        found = {x: safely(method, np.array(x)) for x in distinct}
        answers[name] = [pick(found[tuple(r["x"])], r) for r in rows]
        print(name, sum(a is not None for a in answers[name]), "of", len(rows), flush=True)
    Path(sys.argv[2]).write_text(json.dumps(answers), encoding="utf-8")


def safely(method: Callable[[Any], Any], x: Any) -> Any:
    """Return (low, high) of five years, or None."""
    try:
        low, high = (np.asarray(v, float) for v in method(x))
    except Exception:
        return None
    return (low, high) if len(low) >= LONGEST else None


def pick(found: Any, row: Any) -> list[float] | None:
    """Return mean and standard deviation of the growth to the row's horizon."""
    if found is None:
        return None
    low, high = (float(v[row["h"] - 1]) for v in found)
    if not np.isfinite([low, high]).all():
        return None
    return [0.5 * (low + high) - row["x"][-1], (high - low) / (2 * Z80)]


def methods() -> dict[str, Callable[[Any], Any]]:
    """Return the methods by name."""
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, RandomWalkWithDrift
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    def nixtla(model: Callable[[], Any]) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            found = model().forecast(y=x, h=LONGEST, level=[80])
            return found["lo-80"], found["hi-80"]

        return run

    def interval(result: Any) -> Any:
        bounds = np.asarray(result.get_forecast(LONGEST).conf_int(alpha=0.2))
        return bounds[:, 0], bounds[:, 1]

    def ets(x: Any) -> Any:
        frame = ETSModel(x, trend="add").fit(disp=False).get_prediction(len(x), len(x) + LONGEST - 1).summary_frame(alpha=0.2)
        return frame["pi_lower"], frame["pi_upper"]

    return {
        "statsforecast RandomWalkWithDrift": nixtla(RandomWalkWithDrift),
        "statsforecast AutoARIMA": nixtla(AutoARIMA),
        "statsforecast AutoETS": nixtla(AutoETS),
        "statsforecast AutoTheta": nixtla(AutoTheta),
        "statsmodels ARIMA(0,1,0) with drift": lambda x: interval(ARIMA(x, order=(0, 1, 0), trend="t").fit()),
        "statsmodels local linear trend": lambda x: interval(UnobservedComponents(x, "lltrend").fit(disp=False)),
        "statsmodels ETS": ets,
        "prophet": prophet,
    }


def prophet(x: Any) -> Any:
    """Prophet on a yearly series."""
    import pandas as pd
    from prophet import Prophet

    frame = pd.DataFrame({"ds": pd.to_datetime([f"{2000 + k}-12-31" for k in range(len(x))]), "y": x})
    model = Prophet(interval_width=0.8, yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False)
    model.fit(frame)
    future = pd.DataFrame({"ds": pd.to_datetime([f"{2000 + len(x) + k}-12-31" for k in range(LONGEST)])})
    found = model.predict(future)
    return found["yhat_lower"], found["yhat_upper"]


if __name__ == "__main__":
    main()
