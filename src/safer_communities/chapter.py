"""What a chapter's notebook works with: its data, its facts, its charts and its tables."""

import json
import string
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import pandas as pd
from IPython.display import display

from safer_communities import charts, facts, wording
from safer_communities.borough_rates import BoroughRates
from safer_communities.charts.chart import Chart
from safer_communities.edition_data import EditionData
from safer_communities.periods import Period
from safer_communities.recorded_crime import LONDON, YearOnYear
from safer_communities.records import CHART_MIME, FACT_MIME, GLUE_PREFIX, TABLE_MIME
from safer_communities.settings import Settings
from safer_communities.tables import Column, Table

if TYPE_CHECKING:
    from safer_communities.monthly_pattern import MonthlyPattern

__all__ = ["Column", "Table", "charts", "open_chapter", "wording"]

IF_PLACED = "With the offences of no known borough shared out like the rest, it would be {}."
OUTLOOK_SHOWN = (
    "The forecast carries the season and the level of past years forward. Over the last four years "
    "its error was {outlook_error} of that of simply taking the same month a year before. Of the "
    "months forecast so, {outlook_coverage_80} came to lie within the 80% interval and "
    "{outlook_coverage_95} within the 95% interval. It knows nothing of new laws, new recording or "
    "new events."
)
OUTLOOK_WITHHELD = (
    "No forecast is shown: over the last four years it would have done no better than simply "
    "taking the same month a year before."
)


def open_chapter(name: str) -> "Chapter":
    """The chapter `name`, for the borough and edition of the environment's settings."""
    return Chapter(name, Settings.from_environment())


class Chapter(EditionData):
    """One chapter: the data of its edition, and what it states and shows of them.

    `texts` holds every wording of its facts by key, the same for prose (`{glue:text}`), chart
    headlines and text alternatives.
    """

    def __init__(
        self, name: str, settings: Settings, emit: Callable[..., object] = display
    ) -> None:
        super().__init__(settings)
        self.name = name
        self.texts: dict[str, str] = {}
        self._cautions: dict[str, None] = {}
        self._intervals: dict[str, dict] = {}
        self._emit = emit
        base = self.edition.period.previous()
        self.words("borough", self.borough)
        self.words("period", self.edition.period.label)
        self.words("base_period", base.label)
        self.words("edition", str(self.edition.year))
        self.words("month", f"{self.edition.period.end:%B}")
        self.words("boroughs", str(len(self.boroughs)))

    def fact(
        self,
        name: str,
        value: float,
        *,
        unit: str,
        label: str,
        decimals: int | None = None,
        of: int | None = None,
        ends: tuple[str, str] = ("lowest", "highest"),
        low: float | None = None,
        high: float | None = None,
        period: str | Period | None = None,
        area: str | None = None,
        denominator: str = "",
        source: str = "crime",
        note: str = "",
    ) -> None:
        """State a number: worded for prose and charts under `name`, and kept for the download.

        `low` and `high` are the 95% interval (for a rank, the rank interval); `of` is how many
        areas a rank is among, and `ends` what the first and the last of them are called. `source`
        is a key of `citations`. Raises ValueError where the name is taken or the value is not
        finite.
        """
        citation = self.sources[source]
        if isinstance(period, Period):
            period = period.label
        common = {
            "chapter": self.name,
            "unit": unit,
            "period": period or self._period_of(source),
            "area": area or self.borough,
            "denominator": denominator,
            "source": citation.source,
            "release": citation.release,
            "note": note,
        }
        stated = {name: (label, value)}
        if low is not None and high is not None:
            self._intervals[name] = {"value": value, "ci_low": low, "ci_high": high, "unit": unit}
            stated[f"{name}_ci_low"] = (f"{label}, lower end of 95% interval", low)
            stated[f"{name}_ci_high"] = (f"{label}, upper end of 95% interval", high)
        new = [
            facts.Fact(id=f"{self.name}.{key}", label=text, value=float(number), **common)
            for key, (text, number) in stated.items()
        ]
        wordings = facts.texts(
            name, value, unit, decimals=decimals, of=of, ends=ends, low=low, high=high
        )
        records = [facts.as_row(fact) for fact in new]
        for key, text in wordings.items():
            self._glue(key, text, records if key == name else [])

    def change(self, name: str, year: YearOnYear, *, source: str = "crime") -> None:
        """State a change between two twelve months: per cent, both counts, difference, p-value.

        The facts are `name` (with its 95% interval), `name_count`, `name_base`, `name_difference`
        and `name_p`; the text `name_chance` says whether chance could explain the change,
        and `caution` gains what to say of the breaks between the two years.
        """
        measure = wording.in_sentence(year.measure)
        area = "London (32 boroughs)" if year.area == LONDON else self.borough
        where = {"area": area, "source": source}
        both = {"period": f"{year.period.label}, against {year.base_period.label}", **where}
        self.fact(
            name,
            year.change_percent,
            unit="%",
            label=f"Change in {measure}",
            low=year.ci_low,
            high=year.ci_high,
            **both,
        )
        self.fact(f"{name}_p", year.p_value, unit="p-value", label=f"Change in {measure}", **both)
        self.fact(
            f"{name}_difference",
            year.change,
            unit="offences",
            label=f"Change in the number of offences: {measure}",
            **both,
        )
        self.fact(
            f"{name}_count",
            year.count,
            unit="offences",
            label=year.measure,
            period=year.period,
            **where,
        )
        self.fact(
            f"{name}_base",
            year.base_count,
            unit="offences",
            label=year.measure,
            period=year.base_period,
            **where,
        )
        self.words(f"{name}_chance", wording.in_chance(year.verdict))
        cautions = self.cautions(year.measure, year.base_period, year.period)
        self._cautions |= dict.fromkeys(cautions)

    def placed(self, name: str, year: YearOnYear, percent: float, *, source: str = "crime") -> None:
        """State what the change `name` would be had all offences been placed in a borough.

        `percent` is that change. The fact is `name_placed`; the text `name_if_placed` is a sentence
        that gives it, or empty where it reads like the change as counted.
        """
        self.fact(
            f"{name}_placed",
            percent,
            unit="%",
            label=f"Change in {wording.in_sentence(year.measure)}, had all offences been placed",
            period=f"{year.period.label}, against {year.base_period.label}",
            source=source,
        )
        counted, placed = self.texts[f"{name}_noun"], self.texts[f"{name}_placed_noun"]
        self.words(f"{name}_if_placed", "" if counted == placed else IF_PLACED.format(placed))

    @property
    def caution(self) -> str:
        """What to say of the breaks between the years compared so far, each once; or empty."""
        return " ".join(self._cautions)

    def rate(self, name: str, rates: BoroughRates, *, decimals: int = 1) -> None:
        """State the borough's rate and rank, London's rate, and the lowest and highest borough.

        The facts are `name` (with its 95% interval), `name_rank` (with its rank interval, offences
        taken as independent), `name_rank_months` (with the wider one that allows for months that
        vary more), `name_london`, `name_lowest` and `name_highest`, whose boroughs are named by
        `name_lowest_area` and `name_highest_area`.
        """
        denominator = rates.denominator
        measure = wording.in_sentence(rates.measure)
        common = {
            "unit": denominator.rate_unit,
            "label": f"Rate of {measure}",
            "decimals": decimals,
            "period": rates.period,
            "denominator": denominator.label,
            "source": f"crime_per_{denominator.unit.removesuffix('s')}",
        }
        own, london = rates.own, rates.london
        self.fact(name, own["rate"], low=own["ci_low"], high=own["ci_high"], **common)
        self.fact(f"{name}_london", london.rate, area="London (32 boroughs)", **common)
        for end, row in (("lowest", rates.table.iloc[0]), ("highest", rates.table.iloc[-1])):
            self.fact(f"{name}_{end}", row["rate"], **common | {"area": row["area"]})
            self.words(f"{name}_{end}_area", row["area"])
        label = f"Rank of the rate of {measure} (1 = lowest)"
        for key, what, ends in (
            (f"{name}_rank", label, ("rank_low", "rank_high")),
            (
                f"{name}_rank_months",
                f"{label}, ups and downs of the months allowed for",
                ("rank_low_months", "rank_high_months"),
            ),
        ):
            self.fact(
                key,
                own["rank"],
                of=rates.boroughs,
                low=own[ends[0]],
                high=own[ends[1]],
                **common | {"unit": "rank", "label": what},
            )

    def intervals(self, names: list[str]) -> pd.DataFrame:
        """The rows of `charts.small_intervals` for facts with an interval: "x_chart" for fact x.

        Raises KeyError where a name is no such fact.
        """
        rows = []
        for name in names:
            row = self._intervals[name]
            words = facts.mark_texts(row["value"], row["ci_low"], row["ci_high"], row["unit"])
            if row["unit"] == facts.ORDINAL_UNIT:
                words["text"] = self.texts[f"{name}_words"]
            rows.append({"name": f"{name}_chart", **row, **words})
        return pd.DataFrame(rows)

    def extremes(self, name: str, series: pd.DataFrame, *, unit: str, label: str, **where) -> None:
        """State the first, last, lowest and highest of a series (columns label and count).

        The facts are `name_first`, `name_last`, `name_low` and `name_high`; each one's label is
        the text `name_first_label` and so on.
        """
        count = series["count"]
        for end, at in {
            "first": count.index[0],
            "last": count.index[-1],
            "low": count.idxmin(),
            "high": count.idxmax(),
        }.items():
            when = str(series.loc[at, "label"])
            self.fact(f"{name}_{end}", count.loc[at], unit=unit, label=label, period=when, **where)
            self.words(f"{name}_{end}_label", when)

    def named_series(
        self, tables: dict[str, pd.DataFrame], *, value: str = "count"
    ) -> pd.DataFrame:
        """Several tables of years one below the other, for a chart: columns series and value."""
        return pd.concat(
            [table.assign(series=name, value=table[value]) for name, table in tables.items()],
            ignore_index=True,
        )

    def words(self, name: str, text: str | list[str]) -> None:
        """State a word, a phrase or a list that the data decide, for prose and charts."""
        self._glue(name, text if isinstance(text, str) else wording.listed(text), [])

    def sentence(self, template: str) -> str:
        """`template` with every {name} replaced by the text of that fact.

        Raises ValueError where the chapter has no such fact.
        """
        wanted = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        unknown = sorted(wanted - self.texts.keys())
        if unknown:
            raise ValueError(f"template: no fact of {self.name} is called {', '.join(unknown)}")
        return template.format_map(self.texts)

    def show(
        self,
        exhibit: Chart | Table,
        *,
        headline: str = "",
        subtitle: str = "",
        alt: str = "",
        description: str = "",
        source: str = "crime",
        period: str | None = None,
    ) -> None:
        """Show a chart or a table, with its words filled in from the facts.

        A chart needs a headline, a subtitle and an `alt` that says what it shows; a table needs
        the headline, which becomes its caption. Headings of columns may hold {names} too.
        """
        words = {
            key: self.sentence(text)
            for key, text in {
                "headline": headline,
                "subtitle": subtitle,
                "alt": alt,
                "description": description,
            }.items()
        }
        words["headline"] = words["headline"][:1].upper() + words["headline"][1:]
        line = self._source_line(source, period)
        if isinstance(exhibit, Chart):
            self._show_chart(exhibit, words, line)
        else:
            self._show_table(exhibit, words["headline"], line)

    def keep_small(
        self,
        chart: Chart,
        *,
        subtitle: str,
        alt: str,
        source: str = "crime",
        period: str | None = None,
    ) -> None:
        """Keep a small chart for the prose, which pastes it by its name (`{glue:}`)."""
        record = {
            "name": f"{self.name}_{chart.name}",
            "source": self._source_line(source, period),
            "csv": chart.to_csv(),
            "subtitle": self.sentence(subtitle),
            "alt": self.sentence(alt),
        }
        self._emit(
            {
                f"{GLUE_PREFIX}image/svg+xml": chart.svg,
                f"{GLUE_PREFIX}text/plain": record["alt"],
                f"{GLUE_PREFIX}{CHART_MIME}": record,
            },
            raw=True,
            metadata={"scrapbook": {"name": chart.name, "mime_prefix": GLUE_PREFIX}},
        )

    def show_check(self) -> None:
        """Show what the strategy printed on this chapter's subject beside what the data give.

        In a book of another borough or year, say where that check is. Raises ValueError where the
        strategy printed nothing on the subject.
        """
        if not self.is_of_the_strategy:
            own = self.strategy_edition
            text = (
                f"The strategy is of {own.strategy_borough}, {own.period.label}: its figures are "
                f"checked in the {own.year} edition of that borough's book."
            )
            self._emit({"text/html": f"<p>{escape(text)}</p>", "text/plain": text}, raw=True)
            return
        table = Table(
            "check",
            self.strategy.checked_of(self.name),
            [
                Column("claim", "The strategy says", kind="text", row_header=True),
                Column("published_text", "Printed", kind="written number"),
                Column("computed_text", "Found", kind="written number"),
                Column("unit", "Unit", kind="text"),
                Column("verdict", "Verdict", kind="text"),
                Column("reason", "Why", kind="text"),
            ],
        )
        self.show(
            table,
            headline="The strategy's printed figures beside what the data give",
            source="check",
        )

    def show_outlook(self, pattern: "MonthlyPattern") -> None:
        """Show the forecast of the next twelve months, if it has beaten the simplest one so far.

        The text `outlook` says so; the fact `outlook_error` is its error in per cent of that of
        taking the same month a year before, `outlook_coverage_80` and `outlook_coverage_95` are the
        shares of past months within its intervals.
        """
        outlook = pattern.outlook
        shares = {
            "error": (
                outlook.relative_error,
                "Error of past forecasts, in per cent of that of last year's months",
            ),
            "coverage_80": (outlook.coverage_80, "Past months within the 80% interval"),
            "coverage_95": (outlook.coverage_95, "Past months within the 95% interval"),
        }
        for key, (share, label) in shares.items():
            self.fact(
                f"outlook_{key}",
                100 * share,
                unit="%",
                decimals=0,
                label=label,
                period="Forecasts of the last four years",
            )
        if not outlook.beats_naive:
            self.words("outlook", OUTLOOK_WITHHELD)
            return
        self.words("outlook", self.sentence(OUTLOOK_SHOWN))
        table = pattern.outlook_table()
        self.words("outlook_first", table["label"].iloc[0])
        self.words("outlook_last", table["label"].iloc[-1])
        columns = [
            Column("label", "Month", kind="text", row_header=True),
            Column("forecast", "Forecast", decimals=0),
            Column("low_80", "Lower end, 80% interval", decimals=0),
            Column("high_80", "Upper end, 80% interval", decimals=0),
            Column("low_95", "Lower end, 95% interval", decimals=0),
            Column("high_95", "Upper end, 95% interval", decimals=0),
        ]
        self.show(
            Table("outlook", table, columns),
            headline="Recorded offences expected in {borough} in the next twelve months",
            period="{outlook_first} to {outlook_last}",
        )

    def _source_line(self, source: str, period: str | None) -> str:
        when = self.sentence(period or self._period_of(source))
        return f"{self.sources[source].line} Period: {when}."

    def _period_of(self, source: str) -> str:
        """The period of a source's figures where a fact or an exhibit names none."""
        if source == "survey":
            return self.surveys.fieldwork()
        of_the_strategy = source in ("strategy", "check")
        return (self.strategy_edition if of_the_strategy else self.edition).period.label

    def _show_chart(self, chart: Chart, words: dict[str, str], source_line: str) -> None:
        for key in ("headline", "subtitle", "alt"):
            if not words[key]:
                raise ValueError(f"{key}: chart {chart.name} of {self.name} needs one")
        record = {
            "name": f"{self.name}_{chart.name}",
            "source": source_line,
            "csv": chart.to_csv(),
            "svg_narrow": chart.svg_narrow,
            "table": chart.to_table(f"What the chart shows: {words['subtitle']}").to_html(),
            **words,
        }
        self._emit(
            {
                "image/svg+xml": chart.svg,
                "text/plain": f"{words['headline']} {words['alt']}",
                CHART_MIME: record,
            },
            raw=True,
        )

    def _show_table(self, table: Table, caption: str, source_line: str) -> None:
        columns = [replace(c, heading=self.sentence(c.heading)) for c in table.columns]
        table = replace(table, caption=caption, columns=columns)
        record = {
            "name": f"{self.name}_{table.name}",
            "source": source_line,
            "csv": table.to_csv(),
            "caption": caption,
        }
        self._emit(
            {
                "text/html": table.to_html(),
                "text/plain": caption,
                TABLE_MIME: record,
            },
            raw=True,
        )

    def _glue(self, key: str, text: str, records: list[dict]) -> None:
        if key in self.texts:
            raise ValueError(f"name: chapter {self.name} already has a fact called {key!r}")
        self.texts[key] = text
        data = {f"{GLUE_PREFIX}text/plain": repr(text)}
        if records:
            data[f"{GLUE_PREFIX}{FACT_MIME}"] = json.dumps(records, ensure_ascii=False)
        self._emit(
            data,
            raw=True,
            metadata={"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}},
        )
