"""Which of ten thousand regions will meet their targets, and when?"""

import numpy as np

import kjproj as kj

REGIONS, YEARS = 10_000, (2019, 2020, 2021, 2022)


def made_up() -> dict[object, object]:
    """Figures and targets of regions that do not exist."""
    rng = np.random.default_rng(2022)
    levels = 100 * np.exp(np.cumsum(rng.normal(0.08, 0.06, (REGIONS, len(YEARS))), axis=1))
    frame: dict[object, object] = {year: levels[:, j] for j, year in enumerate(YEARS)}
    frame["region"] = [f"region {i}" for i in range(REGIONS)]
    frame["target"] = (levels[:, -1] * np.exp(rng.normal(0.3, 0.1, REGIONS))).round(1)
    return frame


def main() -> None:
    many = kj.project_many(made_up(), levels=YEARS, at_least="target", target_year=2025, unit="亿元")
    print(repr(many))
    print(f"on average {np.nanmean(many.probability):.0%} are met; {np.mean(many.probability > 0.5):.0%} are likelier than not")
    print(f"not answered: {np.sum(many.reasons != '')}, such as: {next(filter(None, many.reasons))}")
    first = many.first_years(until=2027)
    for year, share in zip(first.years, np.nanmean(first.by, axis=0), strict=True):
        print(f"reached by {year}: {share:.0%}")
    region = many.region[np.nanargmin(np.abs(many.probability - 0.5))]
    print(f"{region} stands on the edge:")
    print(kj.probability(many[region], "level_2025"))


if __name__ == "__main__":
    main()
