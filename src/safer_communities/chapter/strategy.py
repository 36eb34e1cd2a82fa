"""The strategy's printed figures: as they stand, in pairs, and checked."""

from functools import cached_property, partial
from typing import Any, ClassVar

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.editions import (
    counts_by_release,
    headline_revisions,
    with_areas_joined,
)
from safer_communities.analysis.outcomes import PrintedDetections, detection_changes
from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, TOTAL
from safer_communities.chapter.headlines import (
    HeadlineChanges,
    headline_changes,
    headline_claims,
)
from safer_communities.charts.columns import columns_of
from safer_communities.charts.table import Column, Table
from safer_communities.claims import VERDICTS, checked_claims, gather_evidence
from safer_communities.claims.evidence import written
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.datasets.schemas.strategy import FINDINGS
from safer_communities.errors import check_known
from safer_communities.facts.quantity import Quantity, quantities
from safer_communities.facts.wording import number


class Strategy:
    """Every number that the strategy printed, with what the data give and the verdict.

    `book` is the borough and edition of the book that speaks of it.
    """

    # What a reader wants to know first: does the figure hold, and by what?
    VERDICT_GROUPS: ClassVar[dict[str, tuple[str, ...]]] = {
        "by_data": ("reproduced", "within rounding", "within revision"),
        "by_each_other": ("consistent",),
        "amiss": ("inconsistent", "wrong"),
        "open": ("cannot tell", "not checkable"),
    }

    def __init__(self, book: BoroughEdition) -> None:
        self.book = book
        self.edition = book.strategy_edition
        self.area = self.edition.strategy_borough

    @property
    def is_of_this_book(self) -> bool:
        """Whether this book is of the borough and the year that the strategy speaks of."""
        return self.book.borough == self.area and self.book.edition.year == self.edition.year

    def notice(self, subject: str, period: str = "") -> str:
        """What to say where `subject` (such as "survey of young people") is of another book.

        `period` is when the strategy's own one was made, its year unless given. Empty for its own
        borough and year.
        """
        where = f"{self.area}, {period or self.edition.period.label}"
        held = f"This book holds no {subject} for"
        if self.book.borough != self.area:
            return f"{held} {self.book.borough}: the one on this page is from {where}."
        if self.book.edition.year != self.edition.year:
            return f"{held} the {self.book.edition.period.label}: the last one is from {where}."
        return ""

    def survey_notice(self) -> str:
        """What to say where this edition has no survey of its own; else empty.

        Its row of `data/editions.csv` names the waves that it has.
        """
        if self.book.borough == self.area and self.book.edition.survey_waves:
            return ""
        return self.notice("survey of young people", self.book.surveys.fieldwork())

    @cached_property
    def checked(self) -> pd.DataFrame:
        """A row a claim (see `claims.check_claims`), with both numbers also as text to show."""
        return self.checked_of("")

    def checked_of(self, chapter: str) -> pd.DataFrame:
        """The rows of `checked` of one chapter: the other claims, a second's work, are left."""
        checked = checked_claims(chapter)
        return checked.assign(
            published_text=_numbers(checked["published"], checked),
            # One digit more than was printed shows which way the figure was rounded.
            computed_text=_numbers(checked["computed"], checked, digits_more=1),
        )

    def listed(self) -> Table:
        """Every figure, in the strategy's order, each with an address of its own."""
        rows = self.checked.assign(anchor="claim-" + self.checked["id"])
        columns = ["claim", "section", "published_text", "computed_text", "unit", "verdict"]
        shown = columns_of(rows[[*columns, "reason", "counts_as"]])
        return Table("all", rows, shown, anchor="anchor", filters=("Verdict", "Section"))

    def printed(self, claim_id: str, **about: Any) -> Quantity:
        """The number that the strategy printed, signed, by the id of the claim.

        `about` are fields of the quantity that are not to be as in the table of claims. Raises
        ValueError where there is no such claim.
        """
        row = self._claim(claim_id)
        known = {"label": row["claim"], "decimals": int(row["decimals"]), "unit": row["unit"]}
        own = {"period": row["period"], "area": self.area, "source": "strategy"}
        return Quantity(float(row["published"]), **known | own | about)

    def year_of(self, claim_id: str) -> Period:
        """The twelve months that a claim speaks of: of "12 months to March 2018", these."""
        return Period.year_to(self._claim(claim_id)["period"].removeprefix("12 months to "))

    def _claim(self, claim_id: str) -> dict[Any, Any]:
        claims = load.table("claims").set_index("id")
        check_known("claim_id", claim_id, claims.index, listed_in="data/strategy/claims.csv")
        return claims.loc[[claim_id]].to_dict("records")[0]

    def outcomes(self, priority: int) -> pd.DataFrame:
        """The outcomes that a priority promises, and what follows each of them.

        The columns are named as the page heads them.
        """
        table = load.table("outcomes")
        rows = table[table["priority"] == priority]
        verdicts = self.book.progress(priority).table.set_index("indicator")["verdict"]
        followed = [
            "; ".join(f"{name} ({verdicts[name]})" for name in names.split(";") if name)
            for names in rows["indicators"]
        ]
        return pd.DataFrame(
            {
                "Outcome, in our words": rows["summary"],
                "Figures that follow it": [each or "None" for each in followed],
                "What to know": rows["note"],
            }
        )

    def actions(self, part: str) -> Table:
        """The actions that a part of the strategy promises, and what was found of each, and where.

        The last column leads to the page.
        """
        table = load.table("actions")
        rows = table[table["part"] == part]
        rows = rows.assign(where=rows["source"] + ", " + rows["date"])
        return Table(
            "promises",
            rows,
            [
                Column("promise", "Promise, in our words", kind="text", row_header=True),
                Column("finding", "Evidence", kind="text"),
                Column("found", "What was found", kind="text"),
                Column("where", "Where, and when", kind="text", address="address"),
            ],
        )

    def promises(self) -> dict[str, Quantity]:
        """How many actions are promised (`promises`), and of how many each kind of evidence is.

        The kinds are `reported`, `shown` and `nothing`.
        """
        findings = load.table("actions")["finding"]
        about = partial(Quantity, unit="promises", source="strategy", area=self.area)
        kinds = dict(zip(("nothing", "reported", "shown"), FINDINGS, strict=True))
        return {
            "promises": about(len(findings), label="Promises of the strategy"),
            **{
                name: about((findings == kind).sum(), label=f"Evidence: {kind}")
                for name, kind in kinds.items()
            },
        }

    def year_by_release(self) -> pd.DataFrame:
        """Offences recorded in the borough in the strategy's year, as each release gave them.

        The columns are named as the page heads them.
        """
        period = self.edition.period
        releases = load.table("releases")
        names = releases.loc[releases["publication"] == "mps_borough_crime", "release"]
        table = counts_by_release(
            {
                name: with_areas_joined(load.recorded_crime(name), load.table("areas_apart"))
                for name in names
            },
            self.book.area_code,
            period,
        )
        table["release"] = pd.to_datetime(table["release"]).dt.strftime("%B %Y")
        headings = {
            "release": "Release",
            "classification": "Classification",
            "base_count": period.previous().label,
            "count": period.label,
            "change_percent": "Change (%)",
        }
        return table[list(headings)].rename(columns=headings)

    def total(self) -> dict[str, Quantity | str]:
        """Offences of the strategy's year and the year before, by both sets of releases.

        `nearest` and `newest` are those of the year, `_base` the year before, `_change` in %. The
        check goes by the releases nearest to the month `written`, every other page by the newest.
        `caution` says which breaks lie between the two years.
        """
        evidence = gather_evidence()
        own, before = self.edition.period, self.edition.period.previous()
        breaks = Breaks(load.table("series_breaks"), self.edition.classification)
        facts: dict[str, Quantity | str] = {
            "written": f"{written(self.edition):%B %Y}",
            "caution": " ".join(breaks.cautions(TOTAL, before, own)),
        }
        for name, crime in {"nearest": evidence.crime, "newest": evidence.newest_crime}.items():
            year = crime.year_on_year()
            label = f"recorded offences, by the {name} release"
            about = partial(Quantity, source="check", area=self.area)
            for suffix, count, period in (
                ("_base", year.base_count, before),
                ("", year.count, own),
            ):
                facts[name + suffix] = about(
                    count,
                    "offences",
                    f"R{label[1:]}",
                    period=period,
                    releases=crime.releases(period),
                )
            of_both = {*crime.releases(before), *crime.releases(own)}
            facts[f"{name}_change"] = about(
                year.change_percent,
                "%",
                f"Change in {label}",
                period=f"{own.label}, against {before.label}",
                releases=tuple(sorted(of_both, reverse=True)),
            )
        return facts

    def revised_headlines(self) -> Table:
        """The strategy's headline changes, as printed and as the newest release gives them."""
        printed = headline_claims(load.table("claims"))
        own = self.edition
        crime = self.book.crime_of(own, own.borough_crime_releases)
        area = self.book.boroughs.set_index("borough")["area_code"].loc[self.area]
        now = [
            crime.year_on_year(measure, where or area).change_percent
            for measure, where in zip(printed["measure"], printed["area"], strict=True)
        ]
        rows = printed.assign(newest=now)
        return Table(
            "headlines",
            rows.assign(moved=headline_revisions(rows["published"], rows["newest"])),
            [
                Column("claim", "Headline", kind="text", row_header=True),
                Column("published", "Printed (%)"),
                Column("newest", "Newest release (%)"),
                Column("moved", "What moved", kind="text"),
            ],
        )

    def detections(self, claims: dict[str, str], london: dict[str, str]) -> PrintedDetections:
        """Detection rates that the strategy printed for two years, and whether they differ.

        `claims` and `london` give for each measure, of the borough and of London, the id of the
        claim of the later year; that of the year before ends in "_before". The offences are those
        of the newest release for the strategy's years.
        """
        own = self.edition
        crime = self.book.crime_of(own, own.borough_crime_releases)
        area_code = self.book.boroughs.set_index("borough")["area_code"].loc[self.area]
        kinds = [(claims, area_code, self.area, ""), (london, LONDON, LONDON_AREA, ", London")]
        rows = pd.DataFrame(
            {
                "label": f"{measure}{where}",
                "key": claim_id,
                "area": area,
                "before": self.printed(f"{claim_id}_before").value,
                "after": self.printed(claim_id).value,
                "offences_before": crime.count(measure, code, own.period.previous()),
                "offences": crime.count(measure, code, own.period),
            }
            for ids, code, area, where in kinds
            for measure, claim_id in ids.items()
        )
        return PrintedDetections(detection_changes(rows), own.period)

    def headlines(self) -> HeadlineChanges:
        """The year's change in each kind of crime that the strategy's headlines name."""
        printed = headline_claims(load.table("claims"))
        return headline_changes(self.book.crime, printed, with_printed=self.is_of_this_book)

    @property
    def amiss(self) -> pd.DataFrame:
        """The rows of `counted` that the data or the strategy's own figures contradict."""
        return self.counted[self.counted["verdict"].isin(self.VERDICT_GROUPS["amiss"])]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The rows of `checked` that the tally counts: neither repeated nor trivial."""
        return self.checked[self.checked["counts_as"] == "figure"]

    def tally(self) -> dict[str, Quantity]:
        """How many figures are counted (`claims`), and of these how many are in each group.

        `left_out` were printed again or say nothing of the borough.
        """
        about = partial(Quantity, unit="figures", source="check", area=self.area)
        verdicts = self.counted["verdict"]
        groups = {
            name: about(
                verdicts.isin(members).sum(),
                label=f"Verdict: {' or '.join(members)}",
            )
            for name, members in self.VERDICT_GROUPS.items()
        }
        return {
            "claims": about(len(verdicts), label="Figures that the strategy printed"),
            "left_out": about(
                len(self.checked) - len(verdicts), label="Printed again, or not of the borough"
            ),
            **groups,
        }

    def verdicts(self) -> dict[str, Quantity]:
        """How many of the figures that count have each verdict, by its name."""
        about = {"unit": "figures", "source": "check", "area": self.area}
        label = "Verdict: {category}"
        return quantities(self.verdict_counts(), "count", key="key", label=label, **about)

    def verdict_counts(self) -> pd.DataFrame:
        """How many of them have each verdict: columns category, key (for facts), count."""
        counts = self.counted["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
        names = pd.Series(VERDICTS)
        return pd.DataFrame(
            {
                "category": names.str.capitalize(),
                "key": names.str.replace(" ", "_"),
                "count": counts.to_numpy(),
            }
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
