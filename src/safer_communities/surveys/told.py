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
    def published_bases(self) -> list[str]:
        """The surveys whose number of people asked is published."""
        named = pd.concat(
            [
                self.table[[f"wave_{side}", f"base_{side}_status"]].set_axis(
                    ["wave", "status"], axis=1
                )
                for side in (1, 2)
            ]
        )
        return list(named.loc[named["status"] != shifts.ASSUMED, "wave"].drop_duplicates())

    @property
    def source(self) -> dict[str, str]:
        """The source and period of all of it."""
        return {"source": "survey", "period": f"{self.asked}, beside the waves named"}

    def of(self, kind: str) -> pd.DataFrame:
        """The rows that are `sure`: significant, claimed by the strategy or not; `overstated`:

        claimed, and contradicted by the printed figures; `claimed_open`: claimed, and left open by
        them; or `unclaimed`: neither claimed nor sure.
        """
        claimed, verdict = self.table["claimed"], self.table["verdict"]
        kinds = {
            "sure": verdict == shifts.SIGNIFICANT,
            "overstated": claimed & (verdict == shifts.NOT_SIGNIFICANT),
            "claimed_open": claimed & (verdict == shifts.CANNOT_TELL),
            "unclaimed": ~claimed & (verdict != shifts.SIGNIFICANT),
        }
        return self.table[kinds[kind]]

    def facts(self) -> dict[str, Quantity | str]:
        """How many comparisons there are of each kind, and every shift with its interval and p.

        The text `claims_listed` names the claimed ones by verdict, `surest` those that stand
        whatever is allowed for, `survey_label` the survey that the strategy reports.
        """
        table = self.table
        about: dict[str, Any] = {**self.source, "area": self.area}
        claimed = table[table["claimed"]]
        label, period = "{label}", "{wave_2}, against {wave_1}"
        each: dict[str, Any] = about | {"key": "comparison", "label": label, "period": period}
        points = quantities(table, "difference", unit="percentage points", decimals=0, **each)
        alone = table.drop(columns=["ci_low", "ci_high"])
        p_values = quantities(alone, "p_value", unit="p-value", **each)
        verdicts = {
            "carried": shifts.SIGNIFICANT,
            "not_carried": shifts.NOT_SIGNIFICANT,
            "unsettled": shifts.CANNOT_TELL,
        }
        listed = {
            name: "; ".join(claimed.loc[claimed["verdict"] == verdict, "label"]) or "none"
            for name, verdict in verdicts.items()
        }

        def counted(kinds: dict[str, tuple[pd.DataFrame, str]]) -> dict[str, Quantity]:
            return {
                name: Quantity(len(rows), "comparisons", label, **about)
                for name, (rows, label) in kinds.items()
            }

        called, both = "Called significant", "Benjamini and Hochberg's"
        in_print = "in the printed figures"
        of_claimed = {
            name: (claimed[claimed["verdict"] == verdict], f"Of these, {verdict} {in_print}")
            for name, verdict in verdicts.items()
        }
        stand = claimed[claimed["stands"]]
        facts: dict[str, Quantity | str] = {
            "survey_label": table["wave_2"].iloc[0],
            "surest": "; ".join(_surest(stand)),
            "published_bases": wording.listed(self.published_bases),
            "claims_listed": "Of those that the strategy calls significant, these are: "
            "{carried}. These cannot be settled: {unsettled}. "
            "These are not significant: {not_carried}.".format_map(listed),
        }
        facts |= counted(
            {
                "tested": (table, "Comparisons tested"),
                "claimed": (claimed, f"{called} by the strategy"),
                **of_claimed,
                "stand": (stand, "Of these, significant whatever is allowed for"),
            }
        )
        base = int(table["base_2"].iloc[0])
        facts["base"] = Quantity(base, "people", "Young people interviewed", **about)
        for name, shift in points.items():
            facts |= {name: shift, f"{name}_p": p_values[name]}
        after_holm, after_bh = claimed[claimed["survives_holm"]], table[table["survives_bh"]]
        neither = self.of("unclaimed")
        at_face_value = neither[neither["p_value"] <= shifts.ALPHA]
        return facts | counted(
            {
                "sure": (self.of("sure"), f"Comparisons significant {in_print}"),
                "starred": (self.starred, "Shifts called significant without a level"),
                "unclaimed": (neither, "Not called significant, and not surely so"),
                "unclaimed_face_value": (at_face_value, "Of these, significant at face value"),
                "survives": (after_holm, f"{called}, and so after Holm's correction"),
                "survives_all": (after_bh, f"Significant after {both} correction"),
            }
        )


@dataclass(frozen=True)
class Concerns:
    """What residents named as concerns in one wave: `table` as `SurveyData.concerns` makes it."""

    table: pd.DataFrame
    wave: str
    label: str
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
            period=self.label,
            source="strategy",
            area=self.area,
        )
        return {"survey_year": self.wave, "asked": self.table["bases"].iloc[0], **shares}


def _surest(stand: pd.DataFrame) -> list[str]:
    """Those of the findings that stand in words: "concern about gangs (−17 points)"."""
    return [
        f"{wording.in_sentence(label)} ({wording.signed(difference)} points)"
        for label, difference in zip(stand["label"], stand["difference"], strict=True)
    ]
