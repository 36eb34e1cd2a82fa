"""How the tests run on mutants: the same made examples each time, and quickly."""

import gc

from hypothesis import Phase, settings

# A failing example is not made smaller: that it fails is all that is asked here.
settings.register_profile(
    "mutants", database=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("mutants")


def pytest_collection_finish() -> None:
    """Spares each mutant's run the search for garbage among all that was imported before it."""
    gc.freeze()
