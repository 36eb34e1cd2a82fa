"""Publishers' releases in, tidy tables out: one module for each publication."""

from safer_communities.sources.importing import import_publications
from safer_communities.sources.publications import PUBLICATIONS

__all__ = ["PUBLICATIONS", "import_publications"]
