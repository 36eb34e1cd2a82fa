"""Figures of the borough's people, work, homes, health and schools, with London's beside them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.codes import ENGLAND, LONDON
from safer_communities.datasets.kept import shared
from safer_communities.datasets.schemas import TABLES
from safer_communities.datasets.schemas.indicators.profile import INDICATORS
from safer_communities.errors import check_known
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries

# A school year's results are out by the end of it.
SCHOOL_YEAR_ENDS = 8
# The tables that hold each kind of figure, the one to prefer first.
HELD_IN = {
    "business_counts": ("enterprises", "enterprises_0_4", "local_units", "local_units_0_4"),
    "employment_survey": ("employment_rate",),
    "local_statistics": ("employment_rate", "claimants", "weekly_pay"),
    "subnational_indicators": ("schools_good", "employment_rate"),
    "earnings": ("mean_pay", "median_pay"),
    "prices_and_pay": ("median_house_price", "full_time_pay"),
    "house_price_index": ("average_house_price",),
    "prices_paid": ("mean_house_price", "median_house_price"),
    "life_expectancy_london": ("life_female", "life_male"),
    "life_expectancy": ("life_female", "life_male"),
    "ethnic_groups": (
        *("ethnic_asian", "ethnic_black", "ethnic_mixed", "ethnic_other", "ethnic_white"),
        "ethnic_minority",
    ),
    "borough_profiles": ("ethnic_minority", "life_female", "life_male", "green_space"),
    "libraries": ("libraries",),
    "fly_tipping_actions": ("penalty_notices", "fly_tipping_notices"),
    "projected_residents": ("residents_projected", "aged_85_projected"),
}
ETHNIC_GROUPS = HELD_IN["ethnic_groups"][:-1]
# What the page shows at a glance, in its order.
AT_A_GLANCE = (
    *("ethnic_minority", "employment_rate", "claimants", "weekly_pay", "average_house_price"),
    *("life_female", "life_male", "schools_good", "enterprises", "libraries", "green_space"),
)


@shared
def held(indicator: str) -> pd.DataFrame:
    """Every figure of an indicator, of every area, period and release, oldest period first.

    Columns: those of the tables of `data/profile/`, and `source`, the citation's key. Of one
    period the figure to prefer comes last. Raises ValueError where there is no such indicator.
    """
    check_known("indicator", indicator, INDICATORS)
    tables = []
    for name in reversed([name for name, held_there in HELD_IN.items() if indicator in held_there]):
        table = load.table(name)
        rows = table[table["indicator"] == indicator].sort_values("release", kind="stable")
        tables.append(rows.assign(source=citation_key(TABLES[name].source, rows["release"])))
    return pd.concat(tables).sort_values("period_end", kind="stable", ignore_index=True)


def citation_key(publication: str, release: Any) -> Any:
    """The key of the citation of a release: "ons_earnings 2021"."""
    return f"{publication} " + release


@dataclass(frozen=True)
class AreaFigure:
    """The borough's figure of one period, and London's and England's of the same source.

    `own`, `london` and `england` are rows of `held`; the last two are None where not published.
    """

    indicator: str
    own: pd.Series
    london: pd.Series | None
    england: pd.Series | None

    def facts(self) -> dict[str, Quantity | str]:
        """The figure with its interval, `london` and `england`; the text `period` is when."""
        facts: dict[str, Quantity | str] = {"period": self.own["period"]}
        parts = {"": (self.own, None), "london": (self.london, "London")}
        for name, (row, area) in (parts | {"england": (self.england, "England")}).items():
            if row is not None:
                facts[name] = _quantity(self.indicator, row, area)
        return facts


def _quantity(indicator: str, row: pd.Series, area: str | None) -> Quantity:
    known = pd.notna(row["ci_low"])
    return Quantity(
        row["value"],
        row["unit"],
        INDICATORS[indicator].label,
        low=row["ci_low"] if known else None,
        high=row["ci_high"] if known else None,
        period=row["period"],
        area=area,
        source=row["source"],
    )


@dataclass(frozen=True)
class AreaProfile:
    """The borough `area_code`, called `borough`, as known at the end of an edition's period."""

    area_code: str
    borough: str
    until: pd.Timestamp

    def figure(self, indicator: str) -> AreaFigure | None:
        """The newest figure of an indicator; None where none is of so early a period.

        London's is of the same release and period. Raises ValueError for an unknown indicator.
        """
        rows = self._known(indicator)
        own = rows[rows["area_code"] == self.area_code]
        if own.empty:
            return None
        newest = own.iloc[-1]
        beside = rows[
            (rows["period_end"] == newest["period_end"]) & (rows["source"] == newest["source"])
        ].set_index("area_code")
        london, england = (
            beside.loc[area] if area in beside.index else None for area in (LONDON, ENGLAND)
        )
        return AreaFigure(indicator, newest, london, england)

    def facts(self) -> dict[str, Quantity | str]:
        """The newest figure of each indicator that there is one of, by the indicator's name.

        `absent` is a sentence of what is published for later years alone, or empty.
        """
        facts: dict[str, Quantity | str] = {}
        later = []
        for indicator in (*AT_A_GLANCE, *ETHNIC_GROUPS):
            figure = self.figure(indicator)
            if figure is None:
                first = held(indicator)["period"].iloc[0]
                later.append(f"{wording.in_sentence(INDICATORS[indicator].label)} ({first})")
                continue
            for part, fact in figure.facts().items():
                facts["_".join(filter(None, (indicator, part)))] = fact
        facts["absent"] = f"Known for later years only: {wording.listed(later)}." if later else ""
        return facts

    def at_a_glance(self) -> pd.DataFrame:
        """The newest figures as text, a row each; the columns are named as the page heads them."""
        titles = load.table("sources").set_index("source")["title"]
        rows = []
        for indicator in AT_A_GLANCE:
            figure = self.figure(indicator)
            if figure is None:
                continue
            areas = (figure.own, figure.london, figure.england)
            rows.append(
                [
                    INDICATORS[indicator].label,
                    *(text_of(indicator, row) if row is not None else "–" for row in areas),
                    figure.own["period"],
                    titles[figure.own["source"].split()[0]],
                ]
            )
        columns = ["Figure", self.borough, "London", "England", "Of", "Source"]
        return pd.DataFrame(rows, columns=columns)

    def over_time(self, indicator: str, source: str = "") -> TimeSeries:
        """An indicator year by year in the borough and in London, by the figures to prefer.

        `source` is the publication to take them from, where several give it. Of a monthly figure
        those of the month of the newest one are taken, a year apart.
        """
        rows = self._known(indicator)
        if source:
            rows = rows[rows["source"].str.startswith(f"{source} ")]
        rows = rows.drop_duplicates(["area_code", "period_end"], keep="last")
        month = self.until.month if rows["period_end"].dt.month.nunique() > 1 else None
        names = {self.area_code: self.borough, LONDON: "London"}
        rows = rows[rows["area_code"].isin(names)]
        if month:
            rows = rows[rows["period_end"].dt.month == month]
        table = rows.assign(series=rows["area_code"].map(names), label=rows["period"])
        columns = ["series", "period_end", "label", "value", "ci_low", "ci_high"]
        intervals = table["ci_low"].notna().any()
        return TimeSeries(
            table[columns if intervals else columns[:4]].reset_index(drop=True),
            INDICATORS[indicator].unit,
            INDICATORS[indicator].label,
            own=self.borough,
            source=str(rows["source"].iloc[-1]),
        )

    def ethnic_groups(self) -> pd.DataFrame:
        """Residents by ethnic group on Census day: group, area (the borough, London), percent."""
        rows = []
        for indicator in ETHNIC_GROUPS:
            figure = self.figure(indicator)
            if figure is not None and figure.london is not None:
                label = INDICATORS[indicator].label
                rows.append((label, self.borough, figure.own["value"]))
                rows.append((label, "London", figure.london["value"]))
        return pd.DataFrame(rows, columns=["group", "area", "percent"])

    def attainment(self) -> dict[str, Quantity | str]:
        """Attainment 8 of pupils at 16 in the newest school year: `score`, `england`, `rank`.

        The text `year` is when the school year ended. The rank is among the local authorities of
        England, the lowest score first.
        """
        table = load.table("attainment_8")
        last = self.until.year - (self.until.month < SCHOOL_YEAR_ENDS)
        table = table[table["year"] == min(last, table["year"].max())]
        year, release = str(table["year"].iloc[0]), table["release"].iloc[0]
        about: dict[str, Any] = {
            "period": f"school year to summer {year}",
            "source": citation_key("dfe_local_authority_tool", release),
        }
        authorities = table[table["kind"] == "authority"].set_index("area_code")["score"]
        england = table.loc[table["kind"] == "country", "score"].iloc[0]
        rank = int(authorities.rank(method="min")[self.area_code])
        label, score = "Attainment 8", "points a pupil"
        return {
            "year": year,
            "score": Quantity(authorities[self.area_code], score, label, decimals=1, **about),
            "england": Quantity(england, score, label, decimals=1, area="England", **about),
            "rank": Quantity(
                rank, "rank", f"Rank by {label} (1 = lowest)", of=len(authorities), **about
            ),
        }

    def _known(self, indicator: str) -> pd.DataFrame:
        rows = held(indicator)
        return rows[rows["period_end"] <= self.until]


def text_of(indicator: str, row: pd.Series) -> str:
    """A figure with its unit and interval: "76.7% (72.3 to 81.1)", "£576,886", "14"."""
    unit = INDICATORS[indicator].unit
    decimals = 1 if unit in ("%", "years") else 0
    text = wording.number(row["value"], decimals)
    text = f"£{text}" if unit == "£" else f"{text}%" if unit == "%" else text
    if pd.isna(row["ci_low"]):
        return text
    low, high = (wording.number(row[end], decimals) for end in ("ci_low", "ci_high"))
    return f"{text} ({low} to {high})"
