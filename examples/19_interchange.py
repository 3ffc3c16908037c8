"""Can another tool take our paths and quantiles, and give them back unchanged, with their units?

Everything is written into a folder that is removed at the end.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import kjproj as kj
from kjproj.adapters import frames, hubverse, iamc, parquet, xarray

study = kj.datasets.yueyang()
projection = kj.project(study)
paths = kj.sample(projection, 200)


def same(again: kj.Paths) -> str:
    bits = all((again.values[name] == levels).all() for name, levels in paths.values.items())
    if not bits or again.units != paths.units:
        raise SystemExit("something was lost")
    return f"{len(again.values)} indicators to the bit, R&D spending in {again.units['rd_spending']}"


try:
    import polars  # noqa: F401 - all of these are asked for below
    import pyarrow  # noqa: F401
    import xarray as xr
except ModuleNotFoundError:
    print('This example needs more packages: pip install "kjproj[frames,xarray,parquet]"')
    raise SystemExit(0) from None

with TemporaryDirectory() as folder:
    frame = frames.paths_to_frame(paths, backend="polars")
    frame.write_csv(f"{folder}/paths.csv")
    print(f"polars frame, {frame.height:,} rows: {same(frames.paths_from_frame(frame))}")

    xarray.paths_to_dataset(paths).to_netcdf(f"{folder}/paths.nc")
    print(f"netCDF: {same(xarray.paths_from_dataset(xr.load_dataset(f'{folder}/paths.nc')))}")

    parquet.paths_to_parquet(paths, f"{folder}/paths.parquet")
    print(f"Parquet: {same(parquet.paths_from_parquet(f'{folder}/paths.parquet'))}")

    print("\nmedians of two scenarios, as pyam reads them:")
    cases = [projection, kj.project(study, "slow_economy")]
    table = iamc.to_iamc(cases, q=(0.5,), indicators=["rd_spending"], region="Yueyang", variables={"rd_spending": "R&D|Spending"}, layout="wide")
    print(table.round(1).to_string(index=False))

    print("\nas a forecast hub takes it:")
    output = hubverse.to_model_output(projection, region="430600", targets=["rd_spending_2025"], paths=paths)
    hub = hubverse.tasks(output, units=paths.units, labels=paths.labels)
    path = hubverse.write(output, folder, model="yueyang-kjproj")
    print(f"  {path.relative_to(Path(folder))}, {len(output):,} rows")
    print(f"  {hubverse.check(hubverse.read(path), hub, file=path)}")
    print(f"  samples: {same(hubverse.paths_from_model_output(hubverse.read(path), tasks=hub))}")
