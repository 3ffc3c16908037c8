"""My pipeline is sktime, or statsforecast. Can kjproj be one of its models, also where there are one to four figures?

The figures are of cities that do not exist. Needs pip install "kjproj[sktime,statsforecast]".
"""

import warnings

import pandas as pd
from sktime.forecasting.model_evaluation import evaluate
from sktime.performance_metrics.forecasting.probabilistic import PinballLoss
from sktime.split import ExpandingWindowSplitter
from statsforecast import StatsForecast
from statsforecast.models import RandomWalkWithDrift

from kjproj.adapters.sktime import KjprojForecaster
from kjproj.adapters.statsforecast import KjprojModel

warnings.filterwarnings("ignore", module="statsforecast")  # its walk divides by the number of changes, which is 0
CITIES = {"Linjiang": [42.0], "Heping": [61.0, 70.5], "Nanshan": [80.0, 90.0, 97.0, 110.0]}

print("sktime: R&D spending of Nanshan, 100 million yuan")
years = pd.period_range("2019", periods=4, freq="Y")
spending = pd.Series(CITIES["Nanshan"], years, name="spending")
forecaster = KjprojForecaster("rd_spending", unit="亿元", region="city").fit(spending, fh=[1, 2, 3])
print(forecaster.predict_quantiles(alpha=[0.1, 0.5, 0.9]).round(1).to_string())
chance = 1 - forecaster.predict_proba().cdf(150.0).loc["2025", "spending"]
print(f"chance of 150 in 2025: {chance:.0%}")

windows = ExpandingWindowSplitter(fh=[1], initial_window=1, step_length=1)
scores = evaluate(forecaster, windows, spending, scoring=PinballLoss(alpha=[0.1, 0.5, 0.9]))
print("pinball loss, one year ahead, from one, two and three figures:", scores["test_PinballLoss"].round(2).tolist())

print("\nstatsforecast: three cities, one to four figures each")
frame = pd.concat(
    pd.DataFrame({"unique_id": city, "ds": range(2023 - len(levels), 2023), "y": levels}) for city, levels in CITIES.items()
)
models = [KjprojModel("rd_spending", unit="亿元", region="city"), RandomWalkWithDrift()]
found = StatsForecast(models=models, freq=1).forecast(df=frame, h=3, level=[80])
last = found[found["ds"] == 2025].set_index("unique_id").drop(columns="ds")
print(last.round(1).to_string())
print("The walk with drift has no interval from one figure, and one without width from two.")
