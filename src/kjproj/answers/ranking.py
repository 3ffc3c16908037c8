"""What a place among peers looks like: chances by place, the likeliest and the median one, and against each peer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import KjprojError
from ..estimate import Estimate
from ..numbers import about_per_cent
from ..tables import FrameLibrary, frame_of, table
from ..text import Language, Text

Best = Literal["highest", "lowest"]


@dataclass(frozen=True, eq=False)
class Rank:
    """The place of an indicator among its peers in a year; place 1 is the best.

    Attributes:
        indicator, year: what is ranked, and when.
        best: whether the highest level stands first, or the lowest.
        name, place: what is ranked in words, and the place that it is about.
        peers: the peers as they were named, each with the place that it is about.
        chances: the probability of each place from 1 to the number of regions; they add up to 1.
        within: the probability of each place or a better one.
        ahead: by peer, the probability of standing no worse than it.
        stated: what reports say of its place, in words.
        notes: what is assumed about the peers.
        level: the peers whose published figure is the same.
    """

    indicator: str
    year: int
    best: Best
    name: Text
    place: Text
    peers: Mapping[str, Text]
    chances: tuple[Estimate, ...]
    within: tuple[Estimate, ...]
    ahead: Mapping[str, Estimate]
    stated: tuple[Text, ...]
    notes: tuple[Text, ...]
    level: tuple[str, ...] = ()

    @property
    def regions(self) -> int:
        """How many regions are ranked, this one included."""
        return len(self.chances)

    @property
    def likeliest(self) -> int:
        """The place with the greatest probability; the better one of two."""
        return max(range(self.regions), key=lambda k: (self.chances[k].value, -k)) + 1

    @property
    def median(self) -> int:
        """The first place that is reached, or a better one, with probability one half."""
        return next(k for k, chance in enumerate(self.within, 1) if chance.value >= 0.5 or k == self.regions)

    @property
    def observed(self) -> bool:
        """Whether published figures say the place."""
        return self.chances[0].method == "observed"

    def top(self, k: int) -> Estimate:
        """Return the probability of one of the first k places."""
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= self.regions:
            raise KjprojError(f"top {k!r} of {self.regions} regions; expected a whole number from 1 to {self.regions}")
        return self.within[k - 1]

    def to_text(self, lang: Language = "zh") -> str:
        """Return a sentence, the chances by place and against each peer, and what is assumed."""
        if self.observed:
            return "\n".join([self._title(lang), self._published(lang), *self._reported(lang)]) + "\n"
        head = ("位次", "概率", "该位及以前") if lang == "zh" else ("place", "chance", "or better")
        rows = [
            [f"第{k}位" if lang == "zh" else str(k), *(about_per_cent(e.value, lang) for e in pair)]
            for k, pair in enumerate(zip(self.chances, self.within, strict=True), 1)
        ]
        rows[-1][-1] = "—"
        lines = [self._title(lang), self._sentence(lang), "", *table(head, rows), "", self._against(lang)]
        return "\n".join([*lines, *self._reported(lang), *self._assumed(lang)]) + "\n"

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data."""
        return {
            "indicator": self.indicator,
            "year": self.year,
            "best": self.best,
            "regions": self.regions,
            "places": [
                {"place": k, "probability": chance.value, "stderr": chance.stderr, "method": chance.method, "or_better": within.value}
                for k, (chance, within) in enumerate(zip(self.chances, self.within, strict=True), 1)
            ],
            "likeliest": self.likeliest,
            "median": self.median,
            "ahead": {name: chance.value for name, chance in self.ahead.items()},
            "assumed": [note("en") for note in self.notes],
        }

    def to_frame(self, backend: FrameLibrary = "pandas") -> Any:
        """Return one row a place as a pandas or polars frame."""
        return frame_of(self.to_dict()["places"], backend)

    def _title(self, lang: Language) -> str:
        places = [self.place(lang), *(name(lang) for name in self.peers.values())]
        if lang == "zh":
            order = "（数值低者居前）" if self.best == "lowest" else "（数值高者居前）"
            return f"{self.year}年{self.name('zh')}：在{'、'.join(places)}等{self.regions}地中的位次{order}"
        order = f" (the {self.best} first)"
        return f"{self.name('en')} in {self.year}: place among {', '.join(places)}{order}"

    def _sentence(self, lang: Language) -> str:
        first = about_per_cent(self.chances[self.likeliest - 1].value, lang)
        top = min(3, self.regions - 1)
        among = about_per_cent(self.top(top).value, lang)
        if lang == "zh":
            few = {1: "居首位", 2: "进入前两位", 3: "进入前三"}[top]
            return f"{self.place('zh')}居第{self.likeliest}位的可能性最大（{first}），{few}的可能性{among}，位次的中位数为第{self.median}位。"
        few = {1: "the first place", 2: "one of the first two places", 3: "one of the first three places"}[top]
        return f"{self.place('en')} is likeliest at place {self.likeliest} ({first}); {few}: {among}; the median place is {self.median}."

    def _published(self, lang: Language) -> str:
        better, worse = (
            [self.peers[name](lang) for name, chance in self.ahead.items() if chance.value == value and name not in self.level]
            for value in (0.0, 1.0)
        )
        place, level = self.likeliest, [self.peers[name](lang) for name in self.level]
        if lang == "zh":
            parts = [f"居{'、'.join(better)}之后" if better else "", f"与{'、'.join(level)}并列" if level else ""]
            parts.append(f"领先于{'、'.join(worse)}" if worse else "")
            return f"按已公布数据，{self.place('zh')}居第{place}位：{'，'.join(filter(None, parts))}。"
        parts = [f"after {', '.join(better)}" if better else "", f"level with {', '.join(level)}" if level else ""]
        parts.append(f"ahead of {', '.join(worse)}" if worse else "")
        return f"By published figures {self.place('en')} stands at place {place}: {', '.join(filter(None, parts))}."

    def _against(self, lang: Language) -> str:
        gap = "" if lang == "zh" else " "
        said = [f"{self.peers[name](lang)}{gap}{about_per_cent(chance.value, lang)}" for name, chance in self.ahead.items()]
        return f"领先于各地的概率：{'，'.join(said)}。" if lang == "zh" else f"Ahead of each of them: {', '.join(said)}."

    def _reported(self, lang: Language) -> list[str]:
        if not self.stated:
            return []
        said = ("；" if lang == "zh" else "; ").join(text(lang) for text in self.stated)
        return [f"报告所列位次：{said}，比较范围可能不同。" if lang == "zh" else f"Places that are reported, perhaps among others: {said}."]

    def _assumed(self, lang: Language) -> list[str]:
        said = ("；" if lang == "zh" else "; ").join(note(lang) for note in self.notes)
        assumed = [f"假设：{said}。" if lang == "zh" else f"Assumed: {said}."] if said else []
        zh = "以上概率是依据现有数据和所列假设作出的判断，不是考核结果。"
        en = "The chances are judgements from the data at hand and the stated assumptions, not an assessment result."
        return [*assumed, zh if lang == "zh" else en]
