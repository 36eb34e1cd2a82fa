"""The facts of each kind of result: of a change, of rates and ranks."""

from collections.abc import Mapping
from functools import partial, singledispatch

from safer_communities.analysis.changes.year_on_year import LondonChange, YearOnYear
from safer_communities.analysis.over_time.revisions import Growth
from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.recorded_crime import AREA_NAMES, LONDON_AREA, OTHERS_AREA
from safer_communities.facts import wording
from safer_communities.facts.fact import texts
from safer_communities.facts.quantity import Quantity

Facts = Mapping[str, Quantity | str]

IF_PLACED = (
    "Which borough some offences belong to is not known: there is {} if none of them belong "
    "here, and {} if they were spread like the others."
)
IF_GROWN = "If the count of this year moves in the same way, there will be {}."


@singledispatch
def facts_of(result: object, **options: object) -> Facts:
    """What is stated of `result`, by the name of the part: "" is the result itself.

    Most results know it themselves, as `facts`. Raises TypeError for a kind that has none.
    """
    if hasattr(result, "facts"):
        return result.facts(**options)
    raise TypeError(
        f"result: {type(result).__name__} is no result that has facts; state a number alone with "
        "chapter.fact, a phrase with chapter.words"
    )


@facts_of.register
def _(
    result: YearOnYear,
    *,
    source: str = "crime",
    if_placed: bool = False,
    growth: Growth | None = None,
) -> dict[str, Quantity | str]:
    """A change between two twelve months: in per cent with its 95% interval, and p-value.

    Then the difference, both counts, and, of a borough, the change in the `others` and `against`
    them, with its interval. Texts: `chance`, whether it is within the usual ups and downs;
    `beside`, sentences that set it beside the others; `verdict`, both in one phrase; and
    `headline`, what a heading may say. Of so few that a share says little there is no number in
    per cent.
    With `if_placed`, `placed` is the change in per cent had the offences of no known borough been
    spread like the others, and the text `if_placed` a sentence of the range, or empty where both
    ends read the same.
    With the `growth` that is usual after a year is first counted, `grown` is the change with it,
    and the text `if_grown` says so, or is empty where both read the same.
    """
    measure = wording.in_sentence(result.measure)
    change, number = f"Change in {measure}", f"Change in the number of offences: {measure}"
    both = f"{result.period.label}, against {result.base_period.label}"
    area = AREA_NAMES.get(result.area)
    about = partial(Quantity, source=source, area=area)
    own = about(result.change_percent, "%", change, result.ci_low, result.ci_high, both)
    count = partial(about, unit="offences", label=result.measure)
    beside = partial(about, unit="%", period=both)
    in_percent = {} if result.is_few else {"": own}
    facts: dict[str, Quantity | str] = {
        **in_percent,
        "p": about(result.p_value, "p-value", change, period=both),
        "difference": about(result.change, "offences", number, period=both),
        "count": count(result.count, period=result.period),
        "base": count(result.base_count, period=result.base_period),
        "chance": result.own_past_in_words,
        "beside": result.in_words,
        "verdict": result.verdict,
        "headline": result.headline,
    }
    if result.in_words:
        facts["others"] = beside(result.others_percent, label=change, area=OTHERS_AREA)
        facts["against"] = beside(
            result.against_others_percent,
            label=f"{change}, divided by that in the other boroughs",
            low=result.against_others_low,
            high=result.against_others_high,
        )
    if if_placed:
        label = f"{change}, if offences of no known borough were spread like the others"
        placed = Quantity(result.placed_percent, "%", label, period=both, source=source)
        counted, told = (texts("it", each)["it_noun"] for each in (own, placed))
        facts["placed"] = placed
        facts["if_placed"] = "" if counted == told else IF_PLACED.format(counted, told)
    if growth:
        label = f"{change}, if the newest year's count grows as such counts usually do"
        grown = Quantity(result.grown_percent, "%", label, period=both, source=source)
        counted, told = (texts("it", each)["it_noun"] for each in (own, grown))
        facts["grown"] = grown
        facts["if_grown"] = "" if counted == told else f"{growth.told} {IF_GROWN.format(told)}"
    return facts


@facts_of.register
def _(result: LondonChange) -> dict[str, Quantity | str]:
    """London's own change, as of any change; `boroughs` is that of the 32 boroughs together.

    The text `apart` says so where the two differ, and why; else it is empty.
    """
    boroughs = facts_of(result.boroughs)[""]
    assert isinstance(boroughs, Quantity)
    before, after = (wording.number(count) for count in result.unknown)
    told = texts("it", boroughs)["it_words"]
    apart = f"Counted in the 32 boroughs alone it {told}: {before} offences of the first year, and "
    apart += f"{after} of the second, have no known borough."
    return {
        **facts_of(result.own),
        "boroughs": boroughs,
        "apart": apart if result.is_apart else "",
    }


@facts_of.register
def _(result: BoroughRates, *, decimals: int = 1) -> dict[str, Quantity | str]:
    """The borough's rate with its interval, London's, and the `lowest` and `highest` borough's.

    Then the rank with its rank interval. Texts: `lowest_area`, `highest_area`, and
    `course`, which tells all of it as a text alternative may.
    """
    measure = wording.in_sentence(result.measure)
    own, lowest, highest = result.own, result.table.iloc[0], result.table.iloc[-1]
    per = result.denominator
    about = partial(
        Quantity,
        decimals=decimals,
        period=result.period,
        denominator=per.label,
        source=result.source,
    )
    rate = partial(about, unit=per.rate_unit, label=f"Rate of {measure}")
    rank = partial(about, own["rank"], "rank", of=result.boroughs)
    label = f"Rank of the rate of {measure} (1 = lowest)"
    facts: dict[str, Quantity | str] = {
        "": rate(own["rate"], low=own["ci_low"], high=own["ci_high"]),
        "london": rate(result.london.rate, area=LONDON_AREA),
        "lowest": rate(lowest["rate"], area=lowest["area"]),
        "lowest_area": lowest["area"],
        "highest": rate(highest["rate"], area=highest["area"]),
        "highest_area": highest["area"],
        "rank": rank(label, own["rank_low"], own["rank_high"]),
    }
    said = {
        name: texts("it", each)["it"] for name, each in facts.items() if isinstance(each, Quantity)
    }
    facts["course"] = (
        f"{own['area']} is {result.place}, at {said['']} {per.rate_unit}; the 32 boroughs "
        f"together stand at {said['london']}. The lowest is {lowest['area']} at {said['lowest']} "
        f"and the highest {highest['area']} at {said['highest']}"
    )
    return facts
