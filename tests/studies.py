"""Studies that several tests share."""

from __future__ import annotations

from typing import Any

import kjproj as kj


def normal(mean: float, sd: float) -> dict[str, Any]:
    return {"kind": "normal", "mean": mean, "sd": sd}


def inv_chi2(df: float, scale: float, **more: float) -> dict[str, Any]:
    return {"kind": "scaled_inv_chi2", "df": df, "scale": scale, **more}


def walk(drift: Any, volatility: Any) -> dict[str, Any]:
    return {"kind": "brownian", "drift": drift, "volatility": volatility}


def rd_block(*, correlation: float = 0.0, change: bool = True, leap: float | None = None, scale: float = 0.06) -> kj.Study:
    """The R&D block: GDP and intensity move, spending is their product; three figures of 2021 and 2020."""
    evidence: list[dict[str, Any]] = [
        {"kind": "level", "indicator": "rd_spending", "year": 2021, "value": "98.06"},
        {"kind": "level", "indicator": "rd_intensity", "year": 2021, "value": "2.23"},
    ]
    if change:
        evidence.append({"kind": "change", "indicator": "rd_intensity", "year": 2021, "value": "0.66", "unit": "百分点"})
    if leap is not None:
        evidence.append(
            {"kind": "break", "indicator": "rd_intensity", "year": 2021, "probability": leap, "reason": "reporting"}
        )
    return kj.Study.from_dict(
        {
            "as_of": "2022-12-31",
            "indicators": [
                {"name": "gdp", "unit": "亿元", "motion": walk(normal(0.065, 0.02), inv_chi2(6, 0.045))},
                {"name": "rd_intensity", "unit": "%", "motion": walk(normal(0.035, 0.02), inv_chi2(4, scale))},
                {"name": "rd_spending", "unit": "亿元"},
            ],
            "identities": [{"kind": "product", "result": "rd_spending", "factors": ["gdp", "rd_intensity"]}],
            "correlations": [{"between": ["gdp", "rd_intensity"], "value": correlation, "reason": "assumed"}],
            "evidence": evidence,
            "targets": [
                {"name": "spending", "indicator": "rd_spending", "year": 2025, "at_least": "150"},
                {"name": "intensity", "indicator": "rd_intensity", "year": 2025, "at_least": "2.6"},
            ],
        }
    )


def one_walk(drift: Any, volatility: Any, levels: dict[int, str], *, error: str | None = "0", unit: str = "亿元") -> kj.Study:
    """One indicator on the log scale with exact levels unless `error` says otherwise."""
    stated = {} if error is None else {"error": error}
    return kj.Study.from_dict(
        {
            "as_of": f"{max(levels)}-12-31",
            "indicators": [{"name": "x", "unit": unit, "motion": walk(drift, volatility)}],
            "evidence": [{"kind": "level", "indicator": "x", "year": y, "value": v, **stated} for y, v in levels.items()],
        }
    )


def reach(level: str, year: int, indicator: str = "x", name: str = "t") -> kj.Target:
    return kj.Target(name=name, indicator=indicator, year=year, at_least=level)


def document(**parts: Any) -> dict[str, Any]:
    """A document as of the end of 2022 with the parts that are given."""
    return {"as_of": "2022-12-31", **parts}


def level(indicator: str, year: int, value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "level", "indicator": indicator, "year": year, "value": value, **more}


def target(name: str, indicator: str, year: int, **bound: Any) -> dict[str, Any]:
    return {"name": name, "indicator": indicator, "year": year, **bound}


def four_scales() -> kj.Study:
    """An amount on log, an index on linear, a share on logit, a count on log; each in a block of its own."""
    walks = {"amount": ("亿元", "log"), "index": ("index", "linear"), "share": ("%", "logit"), "firms": ("家", "log")}
    scales = {"log": {"kind": "log"}, "linear": {"kind": "linear"}, "logit": {"kind": "logit", "low": 0, "high": 100}}
    motion = walk(normal(0.06, 0.03), inv_chi2(5, 0.06))
    levels = {"amount": "98.06", "index": "1.52", "share": "61.2", "firms": "767"}
    return kj.Study.from_dict(
        document(
            indicators=[{"name": n, "unit": u, "scale": scales[s], "motion": motion} for n, (u, s) in walks.items()],
            evidence=[level(name, 2022, value) for name, value in levels.items()],
        )
    )
