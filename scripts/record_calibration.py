"""Rebuild the record of calibration: docs/calibration.md, its diagram, and src/kjproj/data/calibration.json.

    python scripts/record_calibration.py PANEL_DIRECTORY [--peers PYTHON] [--processes 2]

Every group of eight series or more (forty of each at most) is forecast twice: series in three turns by a class fitted on
the others, and the last five years by a class fitted on the years before. Beside it stand simple rules and the plain
pooled Student-t, on the same cases. PYTHON is an interpreter that has statsforecast, statsmodels and prophet; without
it their columns are taken from the record as it stands.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from fit_classes import CLASSES, read
from record_page import diagram, page

from kjproj.calibration import Backtest, fit_class, read_panel
from kjproj.calibration.backtest import score
from kjproj.calibration.forecasters import SIMPLE, class_forecaster, pooled_student, pooled_student_by_cell
from kjproj.calibration.panel import Panel, cases, folds
from kjproj.calibration.scores import scored
from kjproj.numerics.pooled import Mixture

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "src" / "kjproj" / "data" / "calibration.json"
LENGTHS, HORIZONS = (1, 2, 3, 4, 6), (1, 3, 5)
LOGIT = {"internet_users_pct", "eu_nuts2_broadband"}
LEFT_OUT = {"broadband_per_100", "pwt_avh", "pwt_emp", "cn_city_rd_expenditure", "cn_city_rd_intensity"}
MOST, ORIGINS, PEER_CASES = 40, 6, 4
OURS, PLAIN, BY_CELL = "kjproj", "pooled Student-t", "pooled Student-t, each n and h"


def panel_of(series: dict[str, dict[int, float]], group: str) -> Panel:
    """Return a group as a panel, forty series of it at most."""
    names = sorted(series)
    chosen = np.random.default_rng(0).permutation(len(names))[:MOST]
    rows = [(names[i], y, v) for i in chosen for y, v in series[names[i]].items()]
    columns = dict(zip(("series", "year", "value"), map(list, zip(*rows, strict=True)), strict=True))
    return read_panel(columns, "logit" if group in LOGIT else "log")


def of_group(task: tuple[str, dict[str, dict[int, float]]]) -> tuple[str, dict[str, dict[str, Backtest]], list[Any]]:
    """Return the scores of one group by split and forecaster, and cases for the peers with our law of them."""
    group, series = task
    panel = panel_of(series, group)
    found: dict[str, dict[str, Backtest]] = {"series": {}, "years": {}}
    peers: list[Any] = []
    first = panel.years[1] - 5
    turns = [("years", panel.until(first), panel, first)]
    for left_out in folds(len(panel.names), 3, 0):
        kept = np.setdiff1d(np.arange(len(panel.names)), left_out)
        turns.append(("series", panel.pick(kept), panel.pick(left_out), None))
    for split, train, test, after in turns:
        try:
            ours = class_forecaster(fit_class(train))
        except Exception as error:  # a group too short for the split is named, not hidden
            print(group, split, error, flush=True)
            continue
        rules = {OURS: ours, PLAIN: pooled_student(train), BY_CELL: pooled_student_by_cell(train), **SIMPLE}
        for name, rule in rules.items():
            one = score(rule, train, test, LENGTHS, HORIZONS, last=ORIGINS, after=after, group=group)
            found[split][name] = found[split][name].joined(one) if name in found[split] else one
        if split == "series" and not peers:
            peers += peer_cases(group, ours, train, test)
    return group, found, peers


def peer_cases(group: str, ours: Any, train: Panel, test: Panel) -> list[Any]:
    """Return a few cases of each length in the first turn, the horizons together, with targets, base rates and our law."""
    rows = []
    growth = np.concatenate(list(train.growths().values()))
    middle = float(np.median(growth))
    usual = 1.4826 * float(np.median(np.abs(growth - middle)))
    for n in LENGTHS:
        whole = cases(test, n, max(HORIZONS))
        if not len(whole):
            continue
        whole = whole.pick(np.random.default_rng([n, len(whole)]).permutation(len(whole))[:PEER_CASES])
        for x, origin, i in zip(whole.x, whole.origin, whole.series, strict=True):
            places = test.places[i][origin - test.first_years[i] :]
            for h in HORIZONS:
                if not np.isfinite(places[h]):
                    continue
                law = ours(x[None], h)
                aims = h * middle + h**0.5 * usual * np.array((-0.5, 0.0, 0.5))
                base = (cases(train, 1, h).y[:, None] >= aims).mean(axis=0)
                rows.append({"group": group, "x": x.tolist(), "h": h, "y": float(places[h] - places[0]), "aims": aims.tolist(), "base": base.tolist(),
                             "ours": [law.weights[0].tolist(), law.mean[0].tolist(), law.sd[0].tolist()], "year": int(origin + h)})  # fmt: skip
    return rows


def run_peers(python: str, rows: list[Any]) -> list[dict[str, Any]]:
    """Return by peer and length what its forecasts scored, ours on the same cases, and how often it failed."""
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "cases.json", Path(folder) / "answers.json"
        given.write_text(json.dumps([{"x": r["x"], "h": r["h"]} for r in rows]), encoding="utf-8")
        subprocess.run([python, str(Path(__file__).with_name("peers.py")), str(given), str(answer)], check=True)
        answers = json.loads(answer.read_text(encoding="utf-8"))
    found = []
    for name, forecasts in answers.items():
        for n in LENGTHS:
            for h in HORIZONS:
                own = [(r, f) for r, f in zip(rows, forecasts, strict=True) if len(r["x"]) == n and r["h"] == h]
                found.append({"peer": name, "n": n, "h": h, **_against(own)})
    return found


def _against(own: list[tuple[Any, Any]]) -> dict[str, Any]:
    good = [(r, f) for r, f in own if f is not None and np.isfinite(f).all() and f[1] > 1e-9]
    failed = sum(f is None or not np.isfinite(f).all() for _, f in own)
    found: dict[str, Any] = {"cases": len(own), "failed": failed, "zero_width": len(own) - failed - len(good)}
    if not good:
        return found
    y, aims = np.array([r["y"] for r, _ in good]), np.array([r["aims"] for r, _ in good])
    peer = Mixture(np.ones((len(y), 1)), np.array([[f[0]] for _, f in good]), np.array([[f[1]] for _, f in good]))
    law = Mixture(*(np.array([r["ours"][k] for r, _ in good]) for k in range(3)))
    reached = y[:, None] >= aims
    base = np.array([r["base"] for r, _ in good])
    for name, one in (("peer", peer), ("ours", law)):
        marks = scored(one, y, aims)
        found |= {f"{name}_crps": _short(marks["crps"].mean()), f"{name}_covered_80": _short(marks["covered_80"].mean()),
                  f"{name}_brier": _short(((marks["chance"] - reached) ** 2).mean())}  # fmt: skip
    return {**found, "base_brier": _short(((base - reached) ** 2).mean())}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


KEPT = ("cases", "covered_50", "covered_80", "covered_80_se", "covered_95", "covered_95_se", "beyond_99", "crps", "crps_se",
        "log_score", "interval_score_80", "brier", "brier_base", "brier_skill", "brier_skill_se")  # fmt: skip


def rows_of(found: Backtest, by: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return a table with the scores that the record keeps, in four digits."""
    rows = found.table(by)
    return [{k: (_short(v) if isinstance(v, float) else v) for k, v in row.items() if k in (*by, *KEPT)} for row in rows]


def summarise(results: list[Any]) -> dict[str, Any]:
    """Return the record of all groups."""
    record: dict[str, Any] = {"made": date.today().isoformat(), "groups": len(results), "forecasters": {}, "classes": {}}
    for split in ("series", "years"):
        names = results[0][1]["series"]
        joined = {}
        for name in names:
            parts = [found[split][name] for _, found, _ in results if name in found[split]]
            joined[name] = parts[0].joined(*parts[1:])
        record["forecasters"][split] = {
            name: {"cells": rows_of(b, ("n", "h")), "lengths": rows_of(b, ("n",)), "horizons": rows_of(b, ("h",)), "all": rows_of(b, ())[0], "missing": b.missing}
            for name, b in joined.items()
        }  # fmt: skip
        record[f"reliability_{split}"] = [{k: _short(v) for k, v in row.items()} for row in joined[OURS].reliability()]
        record[f"reliability_beside_{split}"] = {
            name: [{k: _short(v) for k, v in row.items()} for row in joined[name].reliability()] for name in (PLAIN, *SIMPLE)
        }
        record[f"pit_{split}"] = [_short(v) for v in joined[OURS].pit_histogram()]
        record[f"groups_{split}"] = rows_of(joined[OURS], ("group",))
        record[f"plain_groups_{split}"] = [{k: r[k] for k in ("group", "crps")} for r in rows_of(joined[PLAIN], ("group",))]
    of_class = {name: spec["groups"][0] for name, spec in CLASSES.items() if spec["groups"] and len(spec["groups"]) == 1}
    for name, group in of_class.items():
        own = {s: r for s in ("series", "years") for r in record[f"groups_{s}"] if r["group"] == group}
        if "series" in own:
            record["classes"][name] = own
    return record


def main() -> None:
    """Score, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--peers", help="a Python that has statsforecast, statsmodels and prophet")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--groups", nargs="*", help="only these groups")
    given = parser.parse_args()
    groups = {g: s for g, s in read(given.panel).items() if len(s) >= 8 and g not in LEFT_OUT and (not given.groups or g in given.groups)}
    with ProcessPoolExecutor(given.processes) as pool:
        results = []
        for result in pool.map(of_group, sorted(groups.items())):
            results.append(result)
            print(result[0], {k: len(v.get(OURS, ())) for k, v in result[1].items()}, flush=True)
    results = [r for r in results if r[1]["series"]]
    record = summarise(results)
    before = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    every = [row for _, _, rows in results for row in rows]
    record["peers"] = run_peers(given.peers, every) if given.peers else before.get("peers", [])
    RECORD.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    (ROOT / "docs" / "calibration.md").write_text(page(record), encoding="utf-8")
    (ROOT / "docs" / "calibration.svg").write_text(diagram(record), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
