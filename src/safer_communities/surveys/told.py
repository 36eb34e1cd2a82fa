"""What a chapter tells of a survey: its shifts with their verdicts, and residents' concerns."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity, quantities
from safer_communities.surveys import shifts


@dataclass(frozen=True)
class Findings:
    """Every comparison in words (see `SurveyData.findings`), and what the chapter tells of them.

    `starred` are the shifts printed without a level, `asked` says when people were asked, `area`
    where.
    """

    table: pd.DataFrame
    starred: pd.DataFrame
    asked: str
    area: str

    @property
    def source(self) -> dict[str, str]:
        """The source and period of all of it."""
        return {"source": "survey", "period": f"{self.asked}, beside the waves named"}

    @property
    def claimed(self) -> pd.DataFrame:
        """The shifts that the strategy calls significant."""
        return self.table[self.table["claimed"]]

    @property
    def sure(self) -> pd.DataFrame:
        """The differences that are significant, claimed or not."""
        return self.table[self.table["verdict"] == shifts.SIGNIFICANT]

    @property
    def overstated(self) -> pd.DataFrame:
        """The claimed shifts that the printed figures do not bear out."""
        return self.claimed[self.claimed["verdict"] != shifts.SIGNIFICANT]

    @property
    def unclaimed_open(self) -> pd.DataFrame:
        """The differences that nobody claims and that are not surely significant."""
        return self.table[~self.table["claimed"] & (self.table["verdict"] != shifts.SIGNIFICANT)]

    def facts(self) -> dict[str, Quantity | str]:
        """How many comparisons there are of each kind, and every shift with its interval and p.

        The text `claims_listed` names the claimed ones by verdict, `surest` those that stand
        whatever is allowed for, `survey_label` the survey that the strategy reports.
        """
        table, claimed = self.table, self.claimed
        about: dict[str, Any] = {**self.source, "area": self.area}
        each = {
            "key": "comparison",
            "label": "{label}",
            **about,
            "period": "{wave_2}, against {wave_1}",
        }
        points = quantities(table, "difference", unit="percentage points", decimals=0, **each)
        without_interval = table.drop(columns=["ci_low", "ci_high"])
        p_values = quantities(without_interval, "p_value", unit="p-value", **each)

        def count(rows: pd.DataFrame, label: str) -> Quantity:
            return Quantity(len(rows), "comparisons", label, **about)

        def of_claimed(verdict: str) -> Quantity:
            label = f"Of these, {verdict} in the printed figures"
            return count(claimed[claimed["verdict"] == verdict], label)

        def those(verdict: str) -> str:
            return "; ".join(claimed.loc[claimed["verdict"] == verdict, "label"]) or "none"

        facts: dict[str, Quantity | str] = {
            "survey_label": table["wave_2"].iloc[0],
            "surest": "; ".join(_surest(table)),
            "claims_listed": "Of those that the strategy calls significant, these are: "
            f"{those(shifts.SIGNIFICANT)}. These cannot be settled: {those(shifts.CANNOT_TELL)}. "
            f"These are not significant: {those(shifts.NOT_SIGNIFICANT)}.",
            "tested": count(table, "Comparisons tested"),
            "claimed": count(claimed, "Called significant by the strategy"),
            "carried": of_claimed(shifts.SIGNIFICANT),
            "not_carried": of_claimed(shifts.NOT_SIGNIFICANT),
            "unsettled": of_claimed(shifts.CANNOT_TELL),
            "stand": count(
                claimed[claimed["stands"]], "Of these, significant whatever is allowed for"
            ),
            "base": Quantity(
                table["base_2"].iloc[0], "people", "Young people interviewed", **about
            ),
        }
        for name, shift in points.items():
            facts |= {name: shift, f"{name}_p": p_values[name]}
        return facts | {
            "sure": count(self.sure, "Comparisons significant in the printed figures"),
            "overstated": count(
                self.overstated, "Called significant, and not surely so in the printed figures"
            ),
            "starred": count(self.starred, "Shifts called significant without a level"),
            "unclaimed_open": count(
                self.unclaimed_open, "Not called significant, and not surely so"
            ),
            "survives": count(
                claimed[claimed["survives_holm"]],
                "Called significant, and so after Holm's correction",
            ),
            "survives_all": count(
                table[table["survives_bh"]],
                "Significant after Benjamini and Hochberg's correction",
            ),
        }


@dataclass(frozen=True)
class Concerns:
    """What residents named as concerns in one wave: `table` as `SurveyData.concerns` makes it."""

    table: pd.DataFrame
    wave: str
    area: str

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "concerns",
            "unit": "%",
            "source": "survey",
            "period": self.wave,
            "in_table": ("label", "percent", "ci_low", "ci_high", "bases"),
            "headings": {"label": "Concern", "percent": "Adults"},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The share that named each, by its question; texts: the wave and how many were asked."""
        shares = quantities(
            self.table,
            "percent",
            key="question",
            label="Adults concerned: {label}",
            unit="%",
            decimals=0,
            period=self.wave,
            source="strategy",
            area=self.area,
        )
        return {"survey_year": self.wave, "asked": self.table["bases"].iloc[0], **shares}


def _surest(table: pd.DataFrame) -> list[str]:
    """The findings that stand whatever is allowed for: "concern about gangs (−17 points)"."""
    stand = table[table["stands"]]
    return [
        f"{wording.in_sentence(label)} ({wording.signed(difference)} points)"
        for label, difference in zip(stand["label"], stand["difference"], strict=True)
    ]
