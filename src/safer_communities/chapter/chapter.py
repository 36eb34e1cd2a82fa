"""What a chapter's notebook works with: its data, its facts, its charts and its tables."""

import json
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.priorities.progress import Progress
from safer_communities.analysis.recorded_crime import TOTAL
from safer_communities.chapter import lab
from safer_communities.chapter.book import Book
from safer_communities.chapter.outputs import (
    chart_output,
    exhibit_of,
    table_below,
    table_caption,
    table_output,
)
from safer_communities.chapter.stating import facts_of
from safer_communities.chapter.templates import PAGES, page_asked_for, remembered
from safer_communities.charts.chart import Chart, Result
from safer_communities.datasets.periods import Period
from safer_communities.errors import did_you_mean
from safer_communities.facts import fact, wording
from safer_communities.facts.output_types import CHART_MIME, FACT_MIME, GLUE_PREFIX
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.quoted import is_lab, keys_quoted_in, prose_of
from safer_communities.settings import Page, Settings


def open_chapter(name: str) -> "Chapter":
    """The chapter `name`, for the borough and edition of the environment's settings.

    Of a template it is the page that PAGE names in the environment, the first unless it does.
    """
    page = page_asked_for(name) if name in PAGES else None
    return Chapter(name, Settings.from_environment(), page=page)


class Chapter(Book):
    """One chapter: the data of its edition, and what it states and shows of them.

    `texts` holds every wording of its facts by key, the same for prose (`{glue:text}`), chart
    headlines and text alternatives. Of a template it is one `page`, named after both.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        emit: Callable[..., object] = display,
        *,
        page: Page | None = None,
    ) -> None:
        super().__init__(settings)
        if page:
            # What one page has read, the others need not read again.
            remembered(self)
        self.page = page
        self.name = f"{name}_{page.key}" if page else name
        self._notebook = Path(f"{name}.ipynb")
        self.texts: dict[str, str] = {}
        self._cautions: dict[str, None] = {}
        # The years of each measure, for what is said of offences listed apart.
        self._apart: dict[str, dict[Period, None]] = {}
        self._emit = emit
        self._quoted = None if is_lab() else keys_quoted_in(self._notebook)
        base = self.edition.period.previous()
        self.words("borough", self.borough)
        self.words("period", self.edition.period.label)
        self.words("base_period", base.label)
        self.words("edition", str(self.edition.year))
        self.words("month", f"{self.edition.period.end:%B}")
        self.words("boroughs", str(len(self.boroughs)))
        own = self.strategy_edition
        self.words("strategy_area", own.strategy_borough)
        self.words("strategy_period", own.period.label)
        self.words("strategy_base_period", own.period.previous().label)

    def fact(self, name: str, value: float, **about: Any) -> None:
        """State a number: worded for prose and charts under `name`, and kept for the download.

        `about` are the fields of a `Quantity`: unit and label, and any of decimals, low and high
        (the 95% interval), period, area, source (a key of `citations`) and so on. Raises ValueError
        where the name is taken or the value is not finite.
        """
        self.state(name, Quantity(value, **about))

    def state(self, name: str, result: object, **options: object) -> None:
        """State the facts of a result under `name`, and those of its parts under `name_part`.

        A result is a `Quantity`, a text or a list of texts, a mapping of results by name, or what
        `analysis` and `surveys` make: a change, rates with ranks, a series, wards and so on, of
        each of which `facts` or `stating` says what is stated. Raises TypeError for anything else.
        """
        if isinstance(result, Quantity):
            self._state_quantity(name, result)
        elif isinstance(result, str | list):
            self.words(name, result)
        elif isinstance(result, Mapping):
            for part, each in result.items():
                self.state("_".join(filter(None, (name, part))), each)
        else:
            if isinstance(result, YearOnYear):
                self._caution([result.measure], result.base_period, result.period)
            elif isinstance(result, BoroughRates) and result.measure in self.crime.members:
                self._caution([], result.period, of=result.measure)
            elif isinstance(result, Progress):
                self._cautions |= dict.fromkeys(result.cautions)
            self.state(name, facts_of(result, **options))

    def state_all(self, results: object) -> None:
        """State the facts of a result or of a mapping, each under its own name."""
        self.state("", results)

    @property
    def caution(self) -> str:
        """The cautions as one text; or empty."""
        return " ".join(self.cautions)

    @property
    def cautions(self) -> list[str]:
        """What to say of the breaks between the years compared so far, each once."""
        # All offences of an area apart say more than those of one kind.
        apart = {TOTAL: self._apart[TOTAL]} if TOTAL in self._apart else self._apart
        notes = [self.apart_note(measure, *years) for measure, years in apart.items()]
        return list(filter(None, dict.fromkeys([*self._cautions, *notes])))

    def caution_about_year(self, measures: Iterable[str]) -> None:
        """Remember what to say of the breaks between the year and the one before in a table.

        Of offences listed apart it is said once, of all of them.
        """
        self._caution(measures, self.crime.period.previous(), self.crime.period, of=TOTAL)

    def caution_about_chart(self, measure: str = TOTAL, *, newest: bool = False) -> None:
        """Remember what to say of offences listed apart in any year that a chart shows.

        The chart ends with the edition's year, or with the `newest` one.
        """
        if newest:
            self._cautions[Book(self.newest.settings).apart_told(measure)] = None
        else:
            ends = self.crime.annual(measure)["period_end"]
            self._caution([], *map(Period.year_to, ends), of=measure)

    def _caution(self, measures: Iterable[str], *years: Period, of: str = "") -> None:
        measures = list(measures)
        for measure in measures:
            self._cautions |= dict.fromkeys(self.breaks.cautions(measure, *years))
        for measure in [of] if of else measures:
            self._apart.setdefault(measure, {}).update(dict.fromkeys(years))

    def words(self, name: str, text: str | list[str]) -> None:
        """State a word, a phrase or a list that the data decide, for prose and charts."""
        text = text if isinstance(text, str) else wording.listed(text)
        self._glue(name, text, [], quoted=self._is_quoted(name))

    def sentence(self, template: str) -> str:
        """`template` with every {name} replaced by the text of that fact.

        Raises ValueError where the chapter has no such fact.
        """
        wanted = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        unknown = [
            f"{{{key}}} ({did_you_mean(key, self.texts)})"
            for key in sorted(wanted - self.texts.keys())
        ]
        if unknown:
            raise ValueError(f"template: no fact of {self.name} is called {', '.join(unknown)}")
        return template.format_map(self.texts)

    def show(
        self,
        exhibit: object,
        *,
        data: pd.DataFrame | pd.Series | None = None,
        headline: str = "",
        subtitle: str = "",
        alt: str = "",
        description: str = "",
        table: bool | Sequence[str] = False,
        headings: Mapping[str, str] | None = None,
        name: str | None = None,
        height: float | None = None,
        phone_height: float | None = None,
        source: str | None = None,
        period: str | None = None,
    ) -> None:
        """Show a chart or a table, with its words filled in from the facts.

        `exhibit` is a chart of the book, which needs a headline, a subtitle and an `alt` that says
        what it shows. Or it is any figure of your own: a function that draws on axes, or a finished
        figure. That needs the `data` that it shows, headline and alt; `name`, `height` and
        `phone_height` are as in `charts.own.figures`. Or it is a DataFrame, a result of `analysis`
        or a `Table`, shown as a table with the headline as its caption.

        With `table` the figures of a chart stand below it: all of its columns, or those named.
        Columns have the headings, units and decimals of `charts.columns`; `headings` gives others
        by the column's name, and may hold facts. Source and period are those of the result that is
        shown, or that the chart was made of, unless given. A table of a page's own words has
        `source=""`: no line of its source, no download. Raises ValueError where something of this
        is missing.
        """
        given = {"headline": headline, "subtitle": subtitle, "alt": alt, "description": description}
        words = {key: self.sentence(text) for key, text in given.items()}
        words["headline"] = words["headline"][:1].upper() + words["headline"][1:]
        headings = headings or {}
        shown, needed = exhibit_of(
            exhibit,
            data=data,
            name=name,
            height=height,
            phone_height=phone_height,
            headings=headings,
        )
        said = exhibit.shown if isinstance(exhibit, Result) else vars(shown)
        line = ""
        if source != "" or isinstance(shown, Chart):
            source = source or said.get("source") or "crime"
            line = self._source_line(source, period or said.get("period"))
        as_table = partial(table_output, chapter=self.name, source=line, own=self.borough)
        if isinstance(shown, Chart):
            output = chart_output(
                shown,
                words,
                chapter=self.name,
                source=line,
                needed=needed,
                with_table=not table,
                own=self.borough,
            )
            self._emit(output, raw=True)
            if table:
                chosen = None if isinstance(table, bool) else table
                filled = {key: self.sentence(text) for key, text in headings.items()}
                below = table_below(shown, chosen, filled)
                self._emit(as_table(below, table_caption(words)), raw=True)
        else:
            columns = [replace(c, heading=self.sentence(c.heading)) for c in shown.columns]
            self._emit(as_table(replace(shown, columns=columns), words["headline"]), raw=True)

    def keep_small(
        self,
        chart: Chart,
        *,
        headline: str,
        subtitle: str,
        alt: str,
        source: str = "crime",
        period: str | None = None,
    ) -> None:
        """Keep a small chart for the prose, which pastes it by its name (`{glue:}`).

        The prose has its headline too; here it is for those who cite the chart.
        """
        record = {
            "name": f"{self.name}_{chart.name}",
            "source": self._source_line(source, period),
            "csv": chart.to_csv(),
            "headline": self.sentence(headline),
            "subtitle": self.sentence(subtitle),
            "alt": self.sentence(alt),
            "marks": dict(chart.marks),
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

    def show_points(self, points: Iterable[str]) -> None:
        """Show sentences as a list; empty ones are left out, and one alone is a paragraph."""
        if said := [point for point in points if point]:
            html = "".join(f"<li>{escape(point)}</li>" for point in said)
            html = f"<ul>{html}</ul>" if len(said) > 1 else f"<p>{escape(said[0])}</p>"
            self._emit({"text/html": html, "text/plain": " ".join(said)}, raw=True)

    def show_check(self) -> None:
        """Say how many figures the strategy printed on the subject, and show those that disagree.

        In a book of another borough or year, link to that check. Raises ValueError where the
        strategy printed nothing on the subject.
        """
        if not self.strategy.is_of_this_book:
            own = self.strategy_edition
            text = (
                f"{own.strategy_borough}'s strategy printed figures for the {own.period.label}, "
                "which this edition does not repeat."
            )
            link = '<a href="checking_the_strategy.html">Each of them, and what the data show</a>'
            self._emit({"text/html": f"<p>{escape(text)} {link}</p>", "text/plain": text}, raw=True)
            return
        checked = self.strategy.checked_of(self.name)
        amiss = checked[checked["verdict"].isin(self.strategy.VERDICT_GROUPS["amiss"])]
        many = len(checked)
        text = (
            f"The strategy printed {wording.cardinal(many)} {'figure' if many == 1 else 'figures'} "
            f"on this subject, and {wording.how_many(len(amiss))} "
            f"{'disagree' if len(amiss) > 1 else 'disagrees'} with the data or with its other "
            "figures."
        )
        link = '<a href="checking_the_strategy.html">Each one, and why</a>'
        self._emit({"text/html": f"<p>{text} {link}</p>", "text/plain": text}, raw=True)
        if amiss.empty:
            return
        self.show(
            amiss[["claim", "published_text", "computed_text", "unit", "verdict", "reason"]],
            name="check",
            headline="Printed figures that do not agree",
            source="check",
        )

    def preview(self) -> None:
        """Show the prose of the saved notebook with its numbers, which JupyterLab leaves out.

        Raises ValueError in a build, whose pages have them.
        """
        if not is_lab():
            raise ValueError("preview: it is for JupyterLab alone; take it out of the notebook")
        prose = "\n\n".join(prose_of(self._notebook))
        self._emit({"text/markdown": lab.filled(prose, self.texts)}, raw=True)

    def _state_quantity(self, name: str, quantity: Quantity) -> None:
        period = quantity.period or self._period_of(quantity.source)
        months = period if isinstance(period, Period) else None
        citation = self.citation(quantity.source, months, quantity.releases)
        common = {
            "chapter": self.name,
            "unit": quantity.unit,
            "period": period.label if isinstance(period, Period) else period,
            "area": quantity.area or self.borough,
            "denominator": quantity.denominator,
            "source": citation.source,
            "release": citation.release,
            "note": quantity.note,
        }
        label = quantity.label
        stated = {name: (label, quantity.value)}
        if quantity.interval:
            low, high = quantity.interval
            stated[f"{name}_ci_low"] = (f"{label}, lower end of 95% interval", low)
            stated[f"{name}_ci_high"] = (f"{label}, upper end of 95% interval", high)
        records = [
            fact.as_row(
                fact.Fact(id=f"{self.name}.{key}", label=text, value=float(number), **common)
            )
            for key, (text, number) in stated.items()
        ]
        # The plain number goes with each of its wordings, which are checked against it.
        wordings = fact.texts(name, quantity)
        for key, text in wordings.items():
            own = key == name
            quoted = self._is_quoted(*wordings) if own else self._is_quoted(key)
            self._glue(key, text, records if own else [], quoted=quoted)

    def _source_line(self, source: str, period: str | None) -> str:
        known = period or self._period_of(source)
        if isinstance(known, Period):
            return f"{self.citation(source, known).line} Period: {known.label}."
        return f"{self.citation(source).line} Period: {self.sentence(known)}."

    def _period_of(self, source: str) -> Period | str:
        """The period of a source's figures where a fact or an exhibit names none."""
        if source == "survey":
            return self.surveys.fieldwork()
        of_the_strategy = source in ("strategy", "check")
        return (self.strategy_edition if of_the_strategy else self.edition).period

    def _is_quoted(self, *keys: str) -> bool:
        """Whether prose quotes one of the keys; in Lab, where prose is still written, all count."""
        return self._quoted is None or not self._quoted.isdisjoint(keys)

    def _glue(self, key: str, text: str, records: list[dict], *, quoted: bool) -> None:
        if key in self.texts and not is_lab():
            raise ValueError(f"name: chapter {self.name} already has a fact called {key!r}")
        self.texts[key] = text
        data = {f"{GLUE_PREFIX}text/plain": repr(text)} if quoted else {}
        if records:
            data[f"{GLUE_PREFIX}{FACT_MIME}"] = json.dumps(records, ensure_ascii=False)
        if data:
            self._emit(
                data,
                raw=True,
                metadata={"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}},
            )
