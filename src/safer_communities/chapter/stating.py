"""The facts of each kind of result: of a change, of rates and ranks, of a forecast."""

from collections.abc import Mapping
from functools import partial, singledispatch
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from safer_communities.analysis.crime import BoroughRates
from safer_communities.analysis.monthly_pattern import MonthlyPattern
from safer_communities.analysis.recorded_crime import LONDON, YearOnYear
from safer_communities.charts.table import Column, Table
from safer_communities.facts import wording

if TYPE_CHECKING:
    from safer_communities.chapter.chapter import Chapter

LONDON_AREA = "London (32 boroughs)"
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


@runtime_checkable
class HasFacts(Protocol):
    """A result that knows what is stated of it."""

    def facts(self, **options: Any) -> Mapping[str, object]:
        """A `Quantity` or a text for each part, by the name of the part."""


@singledispatch
def state(result: object, chapter: "Chapter", name: str) -> None:
    """State the facts of `result` in `chapter` under `name`.

    Raises TypeError for a kind of result that has none.
    """
    known = ", ".join(sorted(kind.__name__ for kind in state.registry if kind is not object))
    raise TypeError(
        f"result: {type(result).__name__} {name!r} is none of {known}; state a number alone with "
        "chapter.fact, a phrase with chapter.words"
    )


@state.register(YearOnYear)
def _(
    result: YearOnYear,
    chapter: "Chapter",
    name: str,
    *,
    source: str = "crime",
    if_all_placed: float | None = None,
) -> None:
    """A change between two twelve months: per cent, both counts, difference, p-value.

    The facts are `name` (with its 95% interval), `name_count`, `name_base`, `name_difference` and
    `name_p`; the text `name_chance` says whether chance could explain the change, and the chapter's
    caution gains what to say of the breaks between the two years.

    With `if_all_placed`, the change in per cent had all offences been placed in a borough, the fact
    `name_placed` gives it, and the text `name_if_placed` is a sentence of it, or empty where it
    reads like the change as counted.
    """
    measure = wording.in_sentence(result.measure)
    area = LONDON_AREA if result.area == LONDON else chapter.borough
    both = f"{result.period.label}, against {result.base_period.label}"
    fact = partial(chapter.fact, area=area, source=source)
    fact(
        name,
        result.change_percent,
        unit="%",
        label=f"Change in {measure}",
        low=result.ci_low,
        high=result.ci_high,
        period=both,
    )
    fact(f"{name}_p", result.p_value, unit="p-value", label=f"Change in {measure}", period=both)
    fact(
        f"{name}_difference",
        result.change,
        unit="offences",
        label=f"Change in the number of offences: {measure}",
        period=both,
    )
    count = partial(fact, unit="offences", label=result.measure)
    count(f"{name}_count", result.count, period=result.period)
    count(f"{name}_base", result.base_count, period=result.base_period)
    chapter.words(f"{name}_chance", wording.in_chance(result.verdict))
    chapter.caution_about(
        chapter.breaks.cautions(result.measure, result.base_period, result.period)
    )
    if if_all_placed is None:
        return
    chapter.fact(
        f"{name}_placed",
        if_all_placed,
        unit="%",
        label=f"Change in {measure}, had all offences been placed",
        period=both,
        source=source,
    )
    counted, placed = chapter.texts[f"{name}_noun"], chapter.texts[f"{name}_placed_noun"]
    chapter.words(f"{name}_if_placed", "" if counted == placed else IF_PLACED.format(placed))


@state.register(BoroughRates)
def _(result: BoroughRates, chapter: "Chapter", name: str, *, decimals: int = 1) -> None:
    """The borough's rate and rank, London's rate, and the lowest and highest borough.

    The facts are `name` (with its 95% interval), `name_rank` (with its rank interval, offences
    taken as independent), `name_rank_months` (with the wider one that allows for months that vary
    more), `name_london`, `name_lowest` and `name_highest`, whose boroughs are named by
    `name_lowest_area` and `name_highest_area`. The text `name_course` tells all of it, for a text
    alternative.
    """
    denominator = result.denominator
    measure = wording.in_sentence(result.measure)
    about = partial(
        chapter.fact,
        decimals=decimals,
        period=result.period,
        denominator=denominator.label,
        source=result.source,
    )
    rate = partial(about, unit=denominator.rate_unit, label=f"Rate of {measure}")
    own = result.own
    rate(name, own["rate"], low=own["ci_low"], high=own["ci_high"])
    rate(f"{name}_london", result.london.rate, area=LONDON_AREA)
    for end, row in (("lowest", result.table.iloc[0]), ("highest", result.table.iloc[-1])):
        rate(f"{name}_{end}", row["rate"], area=row["area"])
        chapter.words(f"{name}_{end}_area", row["area"])
    label = f"Rank of the rate of {measure} (1 = lowest)"
    for key, what, low, high in (
        (f"{name}_rank", label, "rank_low", "rank_high"),
        (
            f"{name}_rank_months",
            f"{label}, ups and downs of the months allowed for",
            "rank_low_months",
            "rank_high_months",
        ),
    ):
        about(
            key,
            own["rank"],
            of=result.boroughs,
            low=own[low],
            high=own[high],
            unit="rank",
            label=what,
        )
    chapter.words(
        f"{name}_course",
        chapter.sentence(
            f"{{borough}} is the {{{name}_rank_words}} at {{{name}}} {denominator.rate_unit}; "
            f"London as a whole stands at {{{name}_london}}. The lowest is {{{name}_lowest_area}} "
            f"at {{{name}_lowest}} and the highest {{{name}_highest_area}} at {{{name}_highest}}"
        ),
    )


def state_outlook(chapter: "Chapter", pattern: MonthlyPattern) -> Table | None:
    """The table of the forecast, its facts stated; None where it is not good enough to be shown.

    The text `outlook` says which. The fact `outlook_error` is its error in per cent of that of
    taking the same month a year before, `outlook_coverage_80` and `outlook_coverage_95` are the
    shares of past months within its intervals.
    """
    outlook = pattern.outlook
    for key, share, label in (
        (
            "error",
            outlook.relative_error,
            "Error of past forecasts, in per cent of that of last year's months",
        ),
        ("coverage_80", outlook.coverage_80, "Past months within the 80% interval"),
        ("coverage_95", outlook.coverage_95, "Past months within the 95% interval"),
    ):
        chapter.fact(
            f"outlook_{key}",
            100 * share,
            unit="%",
            decimals=0,
            label=label,
            period="Forecasts of the last four years",
        )
    if not outlook.beats_naive:
        chapter.words("outlook", OUTLOOK_WITHHELD)
        return None
    chapter.words("outlook", chapter.sentence(OUTLOOK_SHOWN))
    table = pattern.outlook_table()
    chapter.words("outlook_first", table["label"].iloc[0])
    chapter.words("outlook_last", table["label"].iloc[-1])
    columns = [
        Column("label", "Month", kind="text", row_header=True),
        Column("forecast", "Forecast", decimals=0),
        Column("low_80", "Lower end, 80% interval", decimals=0),
        Column("high_80", "Upper end, 80% interval", decimals=0),
        Column("low_95", "Lower end, 95% interval", decimals=0),
        Column("high_95", "Upper end, 95% interval", decimals=0),
    ]
    return Table("outlook", table, columns)
