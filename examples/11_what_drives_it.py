"""What drives the chance of a target, which figure would tell most, and which target of the plan binds?"""

import kjproj as kj

TARGET = "rd_spending_2025"
projection = kj.project(kj.datasets.yueyang())

found = kj.tornado(projection, TARGET)
print(f"{TARGET}: {found.value.value:.0%}. What moves it, one assumption changed at a time:")
for swing in found.swings:
    if swing.size >= 0.02:
        print(f"  {swing.low:4.0%} to {swing.high:4.0%}  {swing.words('en')}")

print("\nWhere the spread of its value comes from (alone, together with others)")
for index in kj.indices(projection, TARGET).items:
    if index.total.value >= 0.01:
        print(f"  {index.first.value:4.0%} {index.total.value:4.0%}  {index.words('en')}")

print("\nWhich figure, if it came first, would tell most")
for worth in kj.learning(projection, TARGET).items:
    after = ", ".join(f"{level:.4g} → {chance.value:.0%}" for level, chance in zip(worth.figures, worth.chances, strict=True))
    print(f"  {worth.words('en')}: {100 * worth.moved.value:.0f} points, {worth.resolved.value:.0%} of the uncertainty ({after})")

print()
print(kj.binding(projection))

print()
print(kj.succeeding(projection, TARGET))
