"""What do four yearly figures alone say about a target, and is the number right?

With flat beliefs about drift and volatility the answer has a closed form, Student's t. It stands beside what
kjproj computes, and beside what one gets by taking the estimated drift and volatility for the truth.
"""

import math

from scipy.special import ndtr, stdtr

import kjproj as kj

LEVELS = {2018: "80", 2019: "90", 2020: "97", 2021: "110"}
YEAR = 2023

growths = [math.log(float(LEVELS[y]) / float(LEVELS[y - 1])) for y in (2019, 2020, 2021)]
k, h = len(growths), YEAR - 2021
g = sum(growths) / k
s = math.sqrt(sum((x - g) ** 2 for x in growths) / (k - 1))

exact = kj.project(kj.Study.from_levels({"rd": LEVELS}, unit="亿元", error="0"))
rounded = kj.project(kj.Study.from_levels({"rd": LEVELS}, unit="亿元"))  # "80" may be 79.5 to 80.5

print(f"Mean growth {g:.4f} a year, standard deviation {s:.4f}, from {k} growths; {h} years ahead.\n")
print("target   plug-in   Student's t   kjproj, figures exact   kjproj, figures rounded")
for goal in ("130", "150"):
    distance = math.log(float(goal) / 110) - h * g
    plug_in = ndtr(-distance / (s * math.sqrt(h)))
    student = stdtr(k - 1, -distance / (s * math.sqrt(h * (1 + h / k))))
    target = kj.Target(name="goal", indicator="rd", year=YEAR, at_least=goal)
    computed = float(kj.probability(exact, target))
    blurred = float(kj.probability(rounded, target))
    print(f"{goal:>6}{plug_in:10.4f}{student:14.6f}{computed:24.6f}{blurred:26.4f}")
    if abs(computed - student) > 1e-6:
        raise SystemExit(f"{computed} is not {student}")

print("\nHow often an 80 % interval three years ahead is right, when its own model is true:")
for points in (3, 4, 6):
    n = points - 1
    shrunk = 1.2815515655446004 / math.sqrt(1 + 3 / n)  # the plug-in band leaves the drift's own error out
    covered = 2 * stdtr(n - 1, shrunk) - 1
    print(f"  {points} figures, estimates taken for the truth: {covered:.0%}; Student's t: 80%")
