"""What the columns of the book's frames are called in a table, and how any frame becomes one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from safer_communities.charts.table import FEW, PAGE, SHORTHAND, Column, Kind, is_number

# Whole numbers in this range that name the rows are years, which are written without a comma.
YEARS = (1900, 2100)
INTERVAL_ENDS = (
    *("ci_low", "ci_high", "against_others_low", "against_others_high"),
    *("against_london_low", "against_london_high", "change_low", "change_high"),
    *("against_low", "against_high"),
)


@dataclass(frozen=True)
class Known:
    """A column's heading; unit, decimals and kind where what it holds does not tell."""

    heading: str
    unit: str = ""
    decimals: int | None = None
    kind: Kind | None = None
    # Of numbers below one, readers need a second decimal, and a third where all are below a tenth.
    finer_below_one: bool = False
    never_nought: bool = False


# By the column's name, wherever it stands. Other names are written with spaces and a capital.
KNOWN = {
    "measure": Known("Offence"),
    "panel": Known("Offence"),
    "count": Known("Number", decimals=0),
    "base_count": Known("Number before", decimals=0),
    "rate": Known("Rate per 1,000", finer_below_one=True, never_nought=True),
    "median_rate": Known("Median of all partnerships", finer_below_one=True, never_nought=True),
    "london_rate": Known(
        "32 boroughs: rate per 1,000 residents", finer_below_one=True, never_nought=True
    ),
    "whole": Known("Rate of the whole", finer_below_one=True, never_nought=True),
    "percent": Known("Share", "%", never_nought=True),
    "value": Known("Value", never_nought=True),
    "london_percent": Known("London", "%"),
    "london_points": Known("Change in London", "points", 0),
    "change_percent": Known("Change", "%", 1),
    "change_points": Known("Change", "points", 1),
    "placed_change_percent": Known(
        "Change if those without a borough were spread like the others", "%", 1
    ),
    "others_percent": Known("Change in the other boroughs", "%", 1),
    "others_change": Known("Change in the other boroughs", "%", 1),
    "against_others_percent": Known("Difference from them", "%", 1),
    "against": Known("Difference from them", "%", 1),
    "against_low": Known("Difference: lower end"),
    "against_high": Known("Difference: upper end"),
    "against_london_percent": Known("Rate above or below that of the 32 boroughs", "%", 1),
    "against_london_low": Known("Against the 32 boroughs: lower end"),
    "against_london_high": Known("Against the 32 boroughs: upper end"),
    "change_low": Known("Change: lower end"),
    "change_high": Known("Change: upper end"),
    "against_others_low": Known("Difference: lower end"),
    "against_others_high": Known("Difference: upper end"),
    "own_past": Known("Against its own past"),
    "beside_others": Known("Beside the other boroughs"),
    "published": Known("Strategy printed", "%", 1),
    "before": Known("Before", "%", 1),
    "after": Known("After", "%", 1),
    "ci_low": Known("Lower end of 95% interval"),
    "ci_high": Known("Upper end of 95% interval"),
    "low_80": Known("Lower end, 80% interval", decimals=0),
    "high_80": Known("Upper end, 80% interval", decimals=0),
    "low_95": Known("Lower end, 95% interval", decimals=0),
    "high_95": Known("Upper end, 95% interval", decimals=0),
    "forecast": Known("Forecast", decimals=0),
    "rank": Known("Rank (1 = lowest)"),
    "rank_low": Known("Lowest rank it could be"),
    "rank_high": Known("Highest rank it could be"),
    "denominator": Known("Counted against"),
    "low_percent": Known("Least of any borough", "%", 1),
    "high_percent": Known("Most of any borough", "%", 1),
    # what editions said
    "then_release": Known("First release"),
    "then_count": Known("Offences, first release"),
    "then_change_percent": Known("Change, first release", "%", 1),
    "now_release": Known("Newest release of both years"),
    "now_count": Known("Offences, that release"),
    "now_change_percent": Known("Change, that release", "%", 1),
    "newest_release": Known("Newest release of the later year"),
    "newest_count": Known("Offences, newest release"),
    "date": Known("Corrected on"),
    "was_said": Known("It said"),
    "is_said": Known("It says"),
    # how often tests are right
    "years_apart": Known("Years apart"),
    "areas_percent": Known("A borough against the others", "%", 1),
    "common_percent": Known("All boroughs together", "%", 1),
    "events": Known("Found if offences were independent", "%", 1),
    "own": Known("Found against the own past", "%", 1),
    "london": Known("Found beside the other boroughs", "%", 1),
    "either": Known("Found by either", "%", 1),
    "low_95_percent": Known("Low end, 95% interval", "%", 1),
    "low_80_percent": Known("Low end, 80% interval", "%", 1),
    "high_80_percent": Known("High end, 80% interval", "%", 1),
    "high_95_percent": Known("High end, 95% interval", "%", 1),
    "held": Known("Where it lay"),
    "came_percent": Known("Came above the forecast by", "%", 1),
    "coverage_80": Known("Held by the 80% range (%)"),
    "coverage_95": Known("Held by the 95% range (%)"),
    "reach_80": Known("80% range, up to (%) above"),
    "reach_95": Known("95% range, up to (%) above"),
    # what the strategy printed
    "claim": Known("The strategy says"),
    "published_text": Known("Printed", kind="written number"),
    "computed_text": Known("Found", kind="written number"),
    "reason": Known("Why"),
    "counts_as": Known("Counted as"),
    # surveys
    "levels": Known("First → second"),
    "shift": Known("Difference in points (95% interval)"),
    "p": Known("p at face value"),
    "p_and_range": Known("p (over all roundings and bases)"),
    "p_range": Known("p over all roundings and bases"),
    "p_after_holm": Known("p after Holm (headlined only)"),
    "p_after_bh": Known("p after Benjamini-Hochberg (all)"),
    "survives_all": Known("Survives"),
    "claimed_text": Known("The strategy says so"),
    "detectable": Known("Smallest shift likely to be found", "points", 1),
    "points": Known("Shift", "points", 0),
    "bases": Known("People asked"),
    "face_value": Known("Significant at face value if the later level is"),
    "surely": Known("Over all roundings and bases, if it is"),
    "never": Known("Never significant if it is"),
    "tried": Known("Bases tried"),
    "flip": Known("Answer changes at a base of"),
    "level": Known("First level", "%", 0),
    "base": Known("Base used"),
    "base_status": Known("Base is"),
    "base_low": Known("Smallest base tried"),
    "base_high": Known("Largest base tried"),
    **{
        f"{word.lower()}_{effect:.1f}".replace(".", ""): Known(f"{word}, design effect {effect:g}")
        for effect in (1, 1.5, 2)
        for word in ("p", "Rise", "Fall", "Verdict")
    },
}
# Not shown where the frame names the same in words, in the second column.
_SAID_IN_WORDS = {"area_code": "area", "ward_code": "area", "period_end": "label", "month": "label"}
# They say where in a document or list a row stands; the next column names it.
_GROUPS = ("section", "priority")


def columns_of(frame: pd.DataFrame, headings: Mapping[str, str] | None = None) -> list[Column]:
    """How a table shows each column of `frame`, by its name (see `KNOWN`) and by what it holds.

    The first names the rows. Texts stand left and numbers right. The ends of an interval are in
    the unit of the number before them. `headings` are other headings by the column's name.
    """
    headings = headings or {}
    written = [name for name in frame.columns if name not in (PAGE, FEW)]
    shown = [name for name in written if not _is_said_in_words(name, frame)]
    names_rows = next((name for name in shown if name not in _GROUPS), None)
    columns: list[Column] = []
    estimate = Known("")
    for name in shown:
        known = KNOWN.get(name) or _guessed(name, frame)
        if name in INTERVAL_ENDS:
            known = replace(
                known,
                unit=estimate.unit,
                decimals=estimate.decimals,
                never_nought=estimate.never_nought,
            )
        elif known.finer_below_one and (frame[name].dropna() < 1).any():
            known = replace(known, decimals=3 if frame[name].max() < 0.1 else 2)
        kind = known.kind or _kind(frame[name], first=name == shown[0])
        if kind == "number":
            estimate = known
        heading = headings.get(name, known.heading)
        columns.append(
            Column(
                name,
                heading,
                known.unit,
                known.decimals,
                kind,
                row_header=name == names_rows,
                never_nought=known.never_nought,
            )
        )
    return columns


def _is_said_in_words(name: str, frame: pd.DataFrame) -> bool:
    if _SAID_IN_WORDS.get(name) not in frame.columns:
        return False
    return name.endswith("_code") or pd.api.types.is_datetime64_any_dtype(frame[name])


def _guessed(name: str, frame: pd.DataFrame) -> Known:
    if name == "label" and "period_end" in frame:
        return Known("Twelve months")
    if name == "label" and "month" in frame:
        return Known("Month")
    words = name.removesuffix("_percent").replace("_", " ").strip()
    heading = words[:1].upper() + words[1:]
    return Known(heading, "%", 1) if name.endswith("_percent") else Known(heading)


def _kind(column: pd.Series, *, first: bool) -> Kind:
    values = column.dropna()
    if pd.api.types.is_datetime64_any_dtype(column):
        months = (values.dt.day == 1) & (values == values.dt.normalize())
        return "month" if months.all() else "date"
    if not all(is_number(value) or value in SHORTHAND for value in values):
        return "text"
    numbers = [value for value in values if is_number(value)]
    if not numbers:
        return "number" if pd.api.types.is_numeric_dtype(column) else "text"
    names_rows = first or str(column.name).casefold().endswith("year")
    whole = pd.api.types.is_integer_dtype(column)
    if names_rows and whole and YEARS[0] <= min(numbers) <= max(numbers) <= YEARS[1]:
        return "written number"
    return "number"
