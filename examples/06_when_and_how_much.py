"""When would a target be reached, what level can one count on, and what does it take every year?"""

import kjproj as kj

TARGET = "rd_spending_2025"
study = kj.datasets.yueyang()
projection = kj.project(study)

need = kj.required_growth(study, TARGET)
path = kj.yearly_path(study, TARGET)
print(f"From {need.base:g} in {need.base_year} to {need.goal:g} in {need.year}: {need.value:.1%} a year")
for year, value in zip(path.years, path, strict=True):
    print(f"  {year}: {value:6.1f} {path.unit}")

print("\nReached by the end of")
reached = kj.when(projection, TARGET, until=2030)
for year in reached.years:
    print(f"  {year}: {float(reached.by(year)):4.0%}")
print(f"  even chance by {reached.median}; not by 2030: {float(reached.never):.0%}")

print("\nWhat can be counted on in 2025")
for probability in (0.9, 0.8, 0.5, 0.2):
    level = kj.attainable(projection, "rd_spending", 2025, probability=probability)
    print(f"  with {probability:.0%}: {level.value:.0f} {level.unit} or more")

print("\nYear by year (5, 50, 95 %)")
table = kj.quantiles(projection, "rd_spending", q=(0.05, 0.5, 0.95))
for year, row in zip(table.years, table, strict=True):
    print(f"  {year}: " + "  ".join(f"{value:6.1f}" for value in row))

print("\nTogether, and one given the other")
both = ["rd_spending_2025", "rd_intensity_2025"]
print(f"  both: {float(kj.probability(projection, all_of=both)):.0%}")
print(f"  at least one: {float(kj.probability(projection, any_of=both)):.0%}")
print(f"  spending, if intensity is met: {float(kj.probability(projection, both[0], given=both[1])):.0%}")
