"""The claims table, checked: one verdict and one reason for every row."""

from collections.abc import Mapping
from inspect import getmembers, isfunction

import pandas as pd

from safer_communities.claims import arithmetic, crime, people_and_place, profile, survey_claims
from safer_communities.claims.context import Check, Context
from safer_communities.claims.evidence import Evidence
from safer_communities.claims.verdicts import Claim, Finding
from safer_communities.errors import did_you_mean

DOWNLOAD_COLUMNS = ["id", "chapter", "claim", "published", "unit", "computed", "verdict", "reason"]
BESIDE = ["section", "period", "decimals", "approximate", "note", "counts_as"]
COLUMNS = [*DOWNLOAD_COLUMNS, *BESIDE]

# Every public function of these modules is a check, by the name that the table calls it.
CHECKS: Mapping[str, Check] = {
    name: check
    for module in (arithmetic, crime, people_and_place, profile, survey_claims)
    for name, check in getmembers(module, isfunction)
    if check.__module__ == module.__name__ and not name.startswith("_")
}


def check_claims(table: pd.DataFrame, evidence: Evidence, *, chapter: str = "") -> pd.DataFrame:
    """Every claim, or every claim of one chapter, with its verdict, in the strategy's order.

    Columns: those of the download (`DOWNLOAD_COLUMNS`), then those of `BESIDE`. `computed` is not
    rounded; it and `published` are empty for a statement without a number.
    Raises ValueError where a row names a check or a claim that there is not, and where no row is
    of the chapter.
    """
    claims = {claim.id: claim for claim in read_claims(table)}
    findings: dict[str, Finding] = {}

    def find(claim_id: str) -> Finding:
        if claim_id not in findings:
            claim = claims[claim_id]
            findings[claim_id] = CHECKS[claim.check](claim, context)
        return findings[claim_id]

    context = Context(evidence, claims, find)
    wanted = [claim for claim in claims.values() if chapter in ("", claim.chapter)]
    if not wanted:
        raise ValueError(f"chapter: no claim belongs to {chapter!r}")
    rows = [vars(claim) | vars(find(claim.id)) for claim in wanted]
    return pd.DataFrame(rows)[COLUMNS].astype({"published": "float64", "computed": "float64"})


def read_claims(table: pd.DataFrame) -> list[Claim]:
    """The rows of the claims table as claims; raises ValueError for a check that there is not."""
    return [_claim(row) for row in table.to_dict("records")]


def _claim(row: dict) -> Claim:
    if row["check"] not in CHECKS:
        remedy = did_you_mean(row["check"], CHECKS)
        raise ValueError(f"check: claim {row['id']!r} has no check {row['check']!r}; {remedy}")
    blank = pd.isna(row["published"])
    read = {
        "published": None if blank else float(row["published"]),
        "decimals": 0 if blank else int(row["decimals"]),
        "arguments": read_arguments(row["arguments"]),
    }
    return Claim(**row | read)


def read_arguments(text: str) -> dict[str, str]:
    """ "key=value; key=value" as a dictionary; raises ValueError for a part that is no pair."""
    arguments = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, value = part.partition("=")
        if not equals or not value.strip():
            raise ValueError(f"arguments: {part!r} is not of the form key=value")
        arguments[key.strip()] = value.strip()
    return arguments
