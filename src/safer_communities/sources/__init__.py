"""Publishers' releases in, tidy tables out: one module for each publication."""

from safer_communities.sources.importing import PUBLICATIONS, import_publications

__all__ = ["PUBLICATIONS", "import_publications"]
