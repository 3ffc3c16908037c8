"""What do I hand round at the meeting: one page to read and print, and its numbers as a spreadsheet?

Run it with a folder to keep the files; without one they are made, looked at and thrown away.
"""

import sys
import tempfile
from pathlib import Path

import kjproj as kj

study = kj.datasets.yueyang()
last_time = kj.project(study)

# since then a figure came in
news = {"kind": "level", "indicator": "rd_spending", "year": 2022, "value": "112.3", "source": "report"}
report = kj.report(kj.project(study.with_evidence(news)), before=last_time)

with tempfile.TemporaryDirectory() as thrown_away:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else thrown_away)
    for name in ("targets.html", "targets.md", "targets.xlsx"):
        report.write(folder / name, lang="zh")
        print(f"{name}: {(folder / name).stat().st_size / 1000:.0f} kB")

print("\nThe page has, in this order:")
for section in report.content("en"):
    if section.title:
        print(f"  {section.title}")

print("\nWhat moved since last time:")
moved = next(section for section in report.content("en") if section.name == "moved")
if moved.table:
    for target, before, now, change in moved.table.rows:
        print(f"  {target}: {before} → {now} ({change})")
for line in moved.prose:
    print(f"  {line}")
