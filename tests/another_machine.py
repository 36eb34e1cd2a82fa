"""Another machine to build on: the plainest processor, another day, another place."""

import os
import platform
from pathlib import Path

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

ANOTHER_DAY = Path(__file__).parent / "another_day"


def environment(*paths: Path) -> dict[str, str]:
    """The environment of a Python program that runs there, with `paths` to import from."""
    return {
        **without_vector_units(),
        "PYTHONPATH": os.pathsep.join(map(str, [ANOTHER_DAY, *paths])),
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
    }


def without_vector_units() -> dict[str, str]:
    """The environment in which the libraries compute as they do on the plainest processor.

    numpy leaves out every set of instructions that it would choose on this machine, OpenBLAS takes
    the code of its oldest processor, the C library its functions without fused multiplication, and
    all work in one thread.
    """
    chosen = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    oldest = "ARMV8" if platform.machine() in {"aarch64", "arm64"} else "Prescott"
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(chosen),
        "OPENBLAS_CORETYPE": oldest,
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
