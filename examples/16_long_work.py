"""How far is a long simulation, and what is left of it when I stop it?

Progress comes with the answer so far. Ctrl-C returns what is finished, with the error of so many paths.
"""

import kjproj as kj

projection = kj.project(kj.datasets.yueyang())
both = ["rd_spending_2025", "rd_intensity_2025"]
N = 600_000

print("Both targets, by simulation:")


def told(done: int, total: int, estimate: kj.Estimate | None) -> None:
    """Called after the first 65,536 paths, then at most every tenth of a second, and at the end."""
    print(f"  {done:>7,} of {total:,} paths  {estimate}")


whole = kj.probability(projection, all_of=both, method="simulate", n_paths=N, on_progress=told)
print(f"computed, for comparison: {kj.probability(projection, all_of=both)}")


def impatient(done: int, total: int, estimate: kj.Estimate | None) -> None:
    """Ctrl-C, pressed when 2 % of error are enough."""
    if estimate is not None and estimate.stderr < 0.02:
        raise KeyboardInterrupt


part = kj.probability(projection, all_of=both, method="simulate", n_paths=N, on_progress=impatient)
print(f"\nStopped early:\n  {part}\n  {part.to_text('zh')}")
first = kj.probability(projection, all_of=both, method="simulate", n_paths=65_536)
print(f"  the same as 65,536 paths by themselves: {(part.value, part.stderr) == (first.value, first.stderr)}")


print("\nWhat a notebook shows as a table, as text:")
print(kj.when(projection, both[0], until=2028).to_text("zh"))
