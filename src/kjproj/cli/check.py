"""`kjproj check STUDY`: is it sound, and what does not fit together?"""

from __future__ import annotations

import argparse

from .common import language, language_argument, study_argument, study_of

HELP = "say whether a study is sound, and what does not fit together"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser, optional=False)
    language_argument(parser)


def answer(options: argparse.Namespace) -> str:
    """Return how much a sound study holds, and its findings."""
    from ..answers.coherence import coherence

    study, lang = study_of(options.study), language(options.lang)
    counts = len(study.indicators), len(study.evidence), len(study.targets)
    if lang == "zh":
        head = f"研究有效：{counts[0]}个指标，{counts[1]}条依据，{counts[2]}项目标。"
    else:
        head = f"The study is sound. Indicators: {counts[0]}; evidence: {counts[1]}; targets: {counts[2]}."
    return f"{head}\n{coherence(study).to_text(lang)}\n"
