"""Every number that the strategy printed, checked against the data or against its neighbours.

`data/strategy/claims.csv` has a row for each; `check_claims` computes a verdict for each row. No
verdict is typed anywhere. The verdicts and their rules are in `verdicts`.
"""

from safer_communities.claims.evidence import Evidence, gather_evidence
from safer_communities.claims.table import DOWNLOAD_COLUMNS, check_claims
from safer_communities.claims.verdicts import VERDICTS

__all__ = ["DOWNLOAD_COLUMNS", "VERDICTS", "Evidence", "check_claims", "gather_evidence"]
