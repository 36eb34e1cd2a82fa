"""The strategy's printed figures: as they stand, in pairs, and checked."""

from functools import cached_property
from typing import ClassVar

import pandas as pd

from safer_communities import load
from safer_communities.claims import VERDICTS, check_claims, gather_evidence
from safer_communities.claims.table import read_arguments
from safer_communities.wording import number

HEADLINES = "borough_headlines"


def headline_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """The year's changes that the strategy's headlines print: columns measure and published (%).

    `claims` is the table of claims; changes of other areas than the borough are left out.
    """
    rows = claims[(claims["chapter"] == HEADLINES) & (claims["check"] == "change_percent")]
    arguments = rows["arguments"].map(read_arguments)
    own = arguments.map(lambda pairs: "area" not in pairs)
    return pd.DataFrame(
        {
            "measure": arguments[own].map(lambda pairs: pairs["measure"]),
            "published": rows.loc[own, "published"],
        }
    ).reset_index(drop=True)


class StrategyData:
    """Every number that the strategy printed, with what the data give and the verdict."""

    # What a reader wants to know first: does the figure hold?
    VERDICT_GROUPS: ClassVar[dict[str, tuple[str, ...]]] = {
        "upheld": ("reproduced", "within rounding", "within revision", "consistent"),
        "amiss": ("inconsistent", "wrong"),
        "open": ("cannot tell", "not checkable"),
    }

    def __init__(self, area: str) -> None:
        self.area = area

    @cached_property
    def checked(self) -> pd.DataFrame:
        """A row a claim (see `claims.check_claims`), with both numbers also as text to show."""
        return self.checked_of("")

    def checked_of(self, chapter: str) -> pd.DataFrame:
        """The rows of `checked` of one chapter: the other claims, a second's work, are left."""
        checked = check_claims(load.table("claims"), gather_evidence(), chapter=chapter)
        return checked.assign(
            published_text=_numbers(checked["published"], checked),
            # One digit more than was printed shows which way the figure was rounded.
            computed_text=_numbers(checked["computed"], checked, digits_more=1),
        )

    def printed(self, claim_id: str) -> float:
        """The number that the strategy printed, signed, by the id of the claim."""
        return float(load.table("claims").set_index("id").loc[claim_id, "published"])

    def pairs(self, claims: dict[str, tuple[str, str]]) -> pd.DataFrame:
        """Two printed figures a label: columns label, key (the later claim), before, after."""
        return pd.DataFrame(
            [
                {
                    "label": label,
                    "key": after,
                    "before": self.printed(before),
                    "after": self.printed(after),
                }
                for label, (before, after) in claims.items()
            ]
        )

    def verdict_parts(self) -> pd.DataFrame:
        """How many figures hold, do not, and cannot be settled: columns label, value."""
        counts = self.checked["verdict"].value_counts()
        labels = {"upheld": "hold", "amiss": "do not", "open": "cannot be settled"}
        return pd.DataFrame(
            [
                {
                    "label": label,
                    "value": int(sum(counts.get(v, 0) for v in self.VERDICT_GROUPS[group])),
                }
                for group, label in labels.items()
            ]
        )

    def verdict_counts(self) -> pd.DataFrame:
        """How many figures have each verdict: columns category, key (for facts), count."""
        counts = self.checked["verdict"].value_counts()
        return pd.DataFrame(
            [
                {
                    "category": verdict.capitalize(),
                    "key": verdict.replace(" ", "_"),
                    "count": int(counts.get(verdict, 0)),
                }
                for verdict in VERDICTS
            ]
        )


def _numbers(values: pd.Series, claims: pd.DataFrame, digits_more: int = 0) -> list[str]:
    """Each value with the decimals of its claim, whole numbers and years without any.

    Empty where there is no number.
    """
    texts = []
    for value, decimals, unit in zip(values, claims["decimals"], claims["unit"], strict=True):
        if pd.isna(value):
            texts.append("")
        elif unit == "year":
            texts.append(str(int(value)))
        else:
            whole = value == int(value)
            texts.append(number(value, 0 if whole else max(int(decimals) + digits_more, 0)))
    return texts
