"""How likely are Yueyang's research targets for 2025, why, and what does the answer hang on?

Run it with `zh` or `en` for one language, without an argument for both.
"""

import sys

import kjproj as kj

study = kj.datasets.yueyang()  # the figures and targets of a real report, each with its section
projection = kj.project(study)
summary = kj.summary(projection)

for lang in sys.argv[1:] or ["zh", "en"]:
    print(summary.to_text(lang, columns=110))
    print("=" * 110 + "\n")
