"""How is a target split among counties, at which place will we stand, and how is it all written up?

The figures of the counties and of the other cities are made up; the city's are those of the bundled report.
"""

import kjproj as kj

TARGET = "rd_spending_2025"
study = kj.datasets.yueyang()
projection = kj.project(study)

print("What each year should show")
for year, value in kj.yearly_path(study, TARGET).by_year.items():
    print(f"  {year}: {value:6.1f} 亿元")

counties = {
    "A": {2019: "40.2", 2020: "44.9", 2021: "60.10"},
    "B": {2019: "22.8", 2020: "24.3", 2021: "25.31"},
    "C": {2021: "12.65"},
}
print("\nThe counties' parts by three rules, each with its chance")
for rule in ("equal_chance", "same_growth", kj.InShares({"A": 5, "B": 3, "C": 2})):
    found = kj.allocate(projection, TARGET, counties, rule=rule)
    said = "   ".join(f"{p.name} {p.figure:>5} ({float(p.chance):.0%})" for p in found.portions)
    total = sum(portion.value for portion in found.portions)
    print(f"  {found.rule.describe('en'):24} {said}   in all {total:g}; every one {float(found.every):.0%}")
print(f"  as one sum: {float(found.together):.0%}; the city as projected: {float(found.whole):.0%}")

print("\nThe place among four cities")
peers = {"E": {2020: "99.0", 2021: "108.4"}, "F": {2021: "121.0"}, "G": {2020: "71.4", 2021: "80.3"}}
place = kj.rank(projection, "rd_spending", 2025, peers=peers)
for k, chance in enumerate(place.chances, 1):
    print(f"  {k}: {float(chance):4.0%} ± {chance.stderr:.3f}")
print(f"  likeliest {place.likeliest}, median {place.median}, one of the first two {float(place.top(2)):.0%}")
print(kj.rank(projection, "high_tech_net_new", 2022).to_text("en").splitlines()[1])

print("\nThe first target, written up")
brief = kj.brief(projection, "en")
first = brief.chapters[0].paragraphs[0]
print("  " + "\n  ".join(text for text, _ in first.said))
print(f"  … {sum(len(chapter.paragraphs) for chapter in brief.chapters)} paragraphs, {len(brief.sources)} sources")
