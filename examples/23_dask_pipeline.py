"""How do I answer the studies of many places in a pipeline?

Texts go in and texts come out, so any pipeline will do: here a dask bag, in two processes of this machine (extra `dask`);
on a cluster the same lines run on its workers. A study that is refused is a line of the table, not the end of the run.
"""

from __future__ import annotations

import json

import dask.bag

import kjproj as kj

PLACES = {
    "平江": {2020: "8.1", 2021: "9.0", 2022: "10.2"},
    "湘阴": {2020: "7.7", 2021: "8.5", 2022: "8.9"},
    "华容": {2020: "5.2", 2021: "5.9", 2022: "6.6"},
    "临湘": {2020: "6.9", 2021: "oops", 2022: "8.3"},
}


def request(place: str) -> str:
    """Return one place's question as JSON text."""
    figures = [{"kind": "level", "indicator": "rd", "year": year, "value": value} for year, value in PLACES[place].items()]
    indicator = {"name": "rd", "unit": "亿元", "reference_class": "rd_spending"}
    study = {"place": place, "as_of": "2022-12-31", "indicators": [indicator], "evidence": figures}
    grown = {"kind": "growth", "name": "grown", "indicator": "rd", "year": 2025, "since": 2022, "at_least": "10"}
    return json.dumps({"study": study, "questions": [{"kind": "probability", "target": grown}]})


def line(result: str) -> str:
    """Return a line of the table: the chance, or what is wrong and where."""
    found = json.loads(result)
    if "error" in found:
        return f"{found['error']['where']}: {found['error']['problems'][0]['message']}"
    (answer,) = found["answers"]
    return f"{answer['value']:.0%}"


def main() -> None:
    texts = dask.bag.from_sequence([request(place) for place in PLACES], npartitions=2)
    said = texts.map(kj.answer_json).map(line).compute(scheduler="processes", num_workers=2)
    for place, words in zip(PLACES, said, strict=True):
        print(place, words, sep="\t")


if __name__ == "__main__":
    main()
