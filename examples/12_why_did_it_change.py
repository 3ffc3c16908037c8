"""Why is the chance another one than a year ago: the new figures, the revised ones, or what we assume?

Two versions of a study are compared. Each change brings its points in the order in which it was published; those of one
day are shared out without preferring any order, and all of them add up to the difference.
"""

import kjproj as kj

TARGETS = ["rd_spending_2025", "rd_intensity_2025"]

last_year = kj.datasets.yueyang()
news = [  # made up, to see what it would say
    {"kind": "level", "indicator": "rd_intensity", "year": 2022, "value": "2.41", "published": "2023-09-20"},
    {"kind": "level", "indicator": "rd_spending", "year": 2022, "value": "112.3", "published": "2023-09-20"},
    {"kind": "level", "indicator": "rd_spending", "year": 2021, "value": "98.46", "published": "2023-12-26", "revises": True},
    {"kind": "level", "indicator": "high_tech_enterprises", "year": 2022, "value": "790", "published": "2024-01-15", "revises": True},
]
document = last_year.with_evidence(*news).to_dict()
document["as_of"] = "2024-03-20"
document["correlations"][0] |= {"value": -0.2, "reason": "assumed, to see what it would say"}
this_year = kj.Study.from_dict(document)

before, after = kj.project(last_year), kj.project(this_year)
for name in TARGETS:
    found = kj.attribution(before, after, name)
    print(f"{name}: {found}\n")
    assert abs(sum(part.points for part in found.parts) - (float(found.after) - float(found.before))) < 1e-12

together = kj.attribution(before, after, all_of=TARGETS)
print(f"两项同时完成：{together.to_text('zh')}")
