from math import exp, log

import pytest

from kjproj.numerics.roots import rising_root


@pytest.mark.parametrize(
    ("f", "low", "high", "root"),
    [
        (lambda x: x**3 - 2.0, 0.0, 10.0, 2.0 ** (1 / 3)),
        (lambda x: exp(x) - 5.0, -30.0, 4.0, log(5.0)),
        (lambda x: x - 0.25, 0.0, 1.0, 0.25),
        (lambda x: 1e-6 - exp(-40.0 * x), 0.0, 3.0, -log(1e-6) / 40.0),
    ],
)
def test_the_root_of_a_rising_function(f, low, high, root):
    calls = []
    assert rising_root(lambda x: calls.append(x) or f(x), low, high, 1e-11) == pytest.approx(root, abs=1e-9)
    assert len(calls) < 100


def test_without_a_change_of_sign_the_nearer_end_is_returned():
    assert rising_root(lambda x: x + 5.0, 0.0, 1.0, 1e-9) == 0.0
    assert rising_root(lambda x: x - 5.0, 0.0, 1.0, 1e-9) == 1.0
