"""Where forecasts come from: arrays, long frames, xarray, hubverse files. One file a source."""
