"""The room of numerics: light, and knowing no study."""

import subprocess
import sys


def test_numerics_load_neither_statistics_nor_optimisation():
    code = (
        "import sys, scipy.special\n"
        "before = set(sys.modules)  # what scipy.special brings itself differs between its versions\n"
        "from kjproj.numerics import estimates, lattice, mixtures, nodes, normal, orthants, pareto\n"
        "heavy = ['scipy.stats', 'scipy.optimize', 'scipy.linalg', 'pydantic', 'pandas']\n"
        "print([name for name in heavy if name in set(sys.modules) - before])\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
