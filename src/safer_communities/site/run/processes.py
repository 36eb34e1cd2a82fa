"""The processes that notebooks run in: forked from one that has imported the libraries."""

import multiprocessing
from multiprocessing.forkserver import ensure_running

# Imported before the first fork, so that the cost of importing is paid once: what runs the cells,
# what every chapter imports, and what both load only when they first use it.
PRELOADED = [
    "safer_communities.site.run.cells",
    "safer_communities.chapter",
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.magics",
    "matplotlib.backends.backend_svg",
    "pandas.io.formats.string",
    # What pandera would load at its first check: half of the time that a chapter took to begin.
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.container",
    "statsmodels.stats.multitest",
    "statsmodels.tsa.exponential_smoothing.ets",
    "statsmodels.tsa.seasonal",
]

FORKED = multiprocessing.get_context("forkserver")


def start_importing(*more: str) -> None:
    """Starts the process that the others are forked from, and does not wait for its imports.

    It imports what chapters use, and `more` modules; once it runs, nothing is added.
    """
    FORKED.set_forkserver_preload([*PRELOADED, *more])
    ensure_running()
