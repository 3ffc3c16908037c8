"""Can sample paths be drawn on several workers, and does that change them?

Every indicator and every chunk of paths has a random stream of its own: bits are the same on any executor.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

import kjproj as kj

projection = kj.project(kj.datasets.yueyang())
N = 60_000

alone = kj.sample(projection, n_paths=N, rng=0)
with ThreadPoolExecutor(max_workers=4) as executor:
    shared = kj.sample(projection, n_paths=N, rng=0, executor=executor)

same = all(np.array_equal(alone.values[name], shared.values[name]) for name in alone.values)
print(f"{N:,} paths of {len(alone.values)} indicators over {alone.years[0]}–{alone.years[-1]}")
print(f"one thread and four give the same bits: {same}")
if not same:
    raise SystemExit(1)

spending, intensity = (alone.values[name][:, -1] for name in ("rd_spending", "rd_intensity"))
both = ["rd_spending_2025", "rd_intensity_2025"]
one_computed, both_computed = kj.probability(projection, both[0]), kj.probability(projection, all_of=both)
print("\n                     from the paths    computed")
one_seen, both_seen = (spending >= 150).mean(), ((spending >= 150) & (intensity >= 2.6)).mean()
print(f"spending ≥ 150       {one_seen:14.4f}{float(one_computed):12.4f}")
print(f"both                 {both_seen:14.4f}{float(both_computed):12.4f}")
print("\nA question that only paths answer: does spending rise every year?")
rising = (np.diff(alone.values["rd_spending"], axis=1) > 0).all(axis=1)
print(f"  {rising.mean():.0%} of the paths")
