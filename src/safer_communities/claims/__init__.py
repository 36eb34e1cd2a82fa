"""Every number that the strategy printed, checked against the data or against its neighbours.

`data/strategy/claims.csv` has a row for each; `check_claims` computes a verdict for each row. No
verdict is typed anywhere. The verdicts and their rules are in `verdicts`.
"""

import pandas as pd

from safer_communities.claims.evidence import Evidence, gather_evidence
from safer_communities.claims.table import DOWNLOAD_COLUMNS, check_claims
from safer_communities.claims.verdicts import VERDICTS
from safer_communities.datasets import load
from safer_communities.datasets.kept import shared

__all__ = [
    "DOWNLOAD_COLUMNS",
    "VERDICTS",
    "Evidence",
    "check_claims",
    "checked_claims",
    "gather_evidence",
]


@shared
def checked_claims(chapter: str = "") -> pd.DataFrame:
    """The strategy's claims, or those of one chapter, checked (see `check_claims`)."""
    return check_claims(load.table("claims"), gather_evidence(), chapter=chapter)
