"""How far importance weights can be trusted."""

import numpy as np

from .arrays import FloatArray


def effective_share(log_weights: FloatArray) -> float:
    """Effective share of weighted nodes: (Σ w)² / (K Σ w²), 1 when all K weights are equal.

    log_weights (K,), −inf allowed. Source: Kong (1992), University of Chicago technical report 348.
    """
    w = np.exp(log_weights - log_weights.max())
    return float(w.sum() ** 2 / (w.size * (w @ w)))


def khat(log_weights: FloatArray) -> float:
    """Shape of the Pareto tail of importance weights: below .5 the error is normal, above .7 do not trust.

    log_weights (S,), −inf allowed. The tail is the M = ⌈min(S/5, 3√S)⌉ greatest weights over the next
    one; its shape is shrunk towards ½ as by ten observations. Equal weights give 0; fewer than 25
    weights show nothing and give inf.

    Source: Vehtari, Simpson, Gelman, Yao and Gabry (2024), arXiv 1507.02646, section 2 and appendix C.
    """
    size = log_weights.size
    m = int(np.ceil(min(size / 5.0, 3.0 * np.sqrt(size))))
    if m < 5:
        return float("inf")
    top = np.partition(log_weights, size - m - 1)[size - m - 1 :]
    top = np.sort(np.exp(top - top.max()))
    excess = top[1:] - top[0]
    if excess[-1] < 1e-12:
        return 0.0
    shape = _generalised_pareto_shape(np.maximum(excess, 1e-300))
    return (shape * m + 5.0) / (m + 10.0)


def _generalised_pareto_shape(x: FloatArray) -> float:
    """Shape k of a generalised Pareto law from its sorted excesses x (M,), k > 0 for a heavy tail.

    Posterior mean of b = −k/scale on a grid of likelihoods, then k = mean log(1 − b x).

    Source: Zhang and Stephens (2009), doi 10.1198/tech.2009.08017.
    """
    n = x.size
    points = 30 + int(np.sqrt(n))
    quartile = max(x[int(n / 4 + 0.5) - 1], 1e-300)
    b = 1.0 / x[-1] + (1.0 - np.sqrt(points / (np.arange(1, points + 1) - 0.5))) / (3.0 * quartile)
    k = np.log1p(-b[:, None] * x).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = n * (np.log(-b / k) - k - 1.0)
    likelihood = np.where(np.isfinite(likelihood), likelihood, -np.inf)
    weights = np.exp(likelihood - likelihood.max())
    b_mean = float(weights @ b / weights.sum())
    return float(np.log1p(-b_mean * x).mean())
