"""Numbers and directions as readers see them: rounded half up, once, in plain English."""

import math
from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

from safer_communities.statistics.precision import significant

MINUS = "\N{MINUS SIGN}"
# What all boroughs together are called in charts and tables: London's own counts of crime also hold
# offences of no known borough.
BOROUGHS = "32 boroughs"
# What takes more than these is nought to any reader.
MOST_DECIMALS = 6


def round_half_up(value: float, decimals: int = 0) -> Decimal:
    """`value` rounded to `decimals` places, halves away from zero (Python rounds them to even).

    The shortest decimal that stands for its first ten digits is rounded, so 2.675 becomes 2.68 on
    every processor.
    """
    return Decimal(repr(significant(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: float, decimals: int = 0) -> str:
    """For example "27,826", "6.7" or "−1.4", with a true minus sign; zero has no sign."""
    rounded = round_half_up(value, decimals)
    text = f"{abs(rounded):,}"
    return f"{MINUS}{text}" if rounded < 0 else text


def places_shown(value: float, decimals: int) -> int:
    """`decimals`, or as many more as show the first digit of what would else be written as nought.

    A rare crime has 0.005 offences for every 1,000 people: 0.0 would say that there is none. In
    place of one or two decimals there are at least three, so that such numbers compare.
    """
    if not value or round_half_up(value, decimals):
        return decimals
    needed = -math.floor(math.log10(abs(value)))
    return max(3 if decimals else 0, needed) if needed <= MOST_DECIMALS else decimals


def counted(count: int, one: str) -> str:
    """For example "1 offence", "2,098 offences" or "no offences", of what is called `one`."""
    return f"{number(count) if count else 'no'} {one}{'' if count == 1 else 's'}"


def signed(value: float, decimals: int = 0) -> str:
    """For example "+6.7" or "−1.4"; zero has no sign."""
    text = number(value, decimals)
    return f"+{text}" if round_half_up(value, decimals) > 0 else text


def percent(value: float, decimals: int = 1) -> str:
    """For example "6.7%"."""
    return f"{number(value, decimals)}%"


def points(value: float, decimals: int = 0) -> str:
    """For example "4 percentage points"; one point is singular."""
    rounded = abs(round_half_up(value, decimals))
    return f"{number(value, decimals)} percentage {'point' if rounded == 1 else 'points'}"


def ordinal(rank: int) -> str:
    """For example "eighth", "twenty-first" or "121st"."""
    return num2words(int(rank), to="ordinal" if rank < 100 else "ordinal_num")


def cardinal(count: int) -> str:
    """Words up to ten ("eight"), figures above ("11"), as the government's style guide asks."""
    return num2words(int(count)) if 0 <= count <= 10 else number(count)


def how_many(count: int) -> str:
    """ "none" for zero, otherwise as `cardinal`: how many of a whole did something."""
    return cardinal(count) if count else "none"


def how_many_of(count: int, of: int) -> str:
    """ "none of the 12", "seven of the 12" or "all 12": how many of `of` did something."""
    return f"all {cardinal(of)}" if count == of else f"{how_many(count)} of the {cardinal(of)}"


def p_value(value: float) -> str:
    """For example "0.018"; anything smaller than 0.001 is "less than 0.001"."""
    return "less than 0.001" if value < 0.0005 else number(value, 3)


def interval(low: float, high: float, decimals: int = 1, unit: str = "") -> str:
    """For example "4.9% to 8.5%": both ends with the unit, so that no end can be misread."""
    return f"{number(low, decimals)}{unit} to {number(high, decimals)}{unit}"


def direction(change: float, decimals: int = 1) -> int:
    """1, 0 or -1: the sign of the change as it is printed, not of the digits that are cut off."""
    rounded = round_half_up(change, decimals)
    return (rounded > 0) - (rounded < 0)


def verb(change: float, decimals: int = 1) -> str:
    """ "rose", "fell", "did not change" or, of a change that is not printed, "hardly changed"."""
    none = "hardly changed" if significant(change) else "did not change"
    return {1: "rose", -1: "fell", 0: none}[direction(change, decimals)]


def rose_by(change: float, amount: str = "", decimals: int = 1) -> str:
    """ "rose by 6.7%", "fell by 1.4%" or as `verb`.

    `amount` is the text without a sign, here and below: a change in per cent unless given.
    """
    word = verb(change, decimals)
    return f"{word} by {amount or percent(abs(change))}" if direction(change, decimals) else word


def rose_by_number(change: int) -> str:
    """ "rose by 1,300", "fell by 40" or as `verb`, of a change in numbers."""
    return rose_by(change, number(abs(change)), 0)


def rise_of(change: float, amount: str = "", decimals: int = 1) -> str:
    """ "a rise of 6.7%", "a fall of 1.4%", "no change" or "hardly any change"."""
    way = direction(change, decimals)
    if not way:
        return "hardly any change" if significant(change) else "no change"
    return f"a {'rise' if way > 0 else 'fall'} of {amount or percent(abs(change))}"


def higher_by(change: float, amount: str = "", decimals: int = 1) -> str:
    """ "6.7% higher", "1.4% lower", "no different" or "hardly different"."""
    way = direction(change, decimals)
    if not way:
        return f"{'hardly' if significant(change) else 'no'} different"
    return f"{amount or percent(abs(change))} {'higher' if way > 0 else 'lower'}"


def moved_unlike(above: int, below: int, alike: int) -> str:
    """How many counts moved unlike those of the other boroughs, and how many as they did.

    For example "one moved differently from the other boroughs (one above them), and two moved by
    more than usual, in step with them".
    """
    ways = [f"{how_many(n)} {side} them" for n, side in ((above, "above"), (below, "below")) if n]
    told = f"{how_many(above + below)} moved differently from the other boroughs"
    told += f" ({' and '.join(ways)})" if ways else ""
    return f"{told}, and {how_many(alike)} moved by more than usual, in step with them"


def by_chance(expected: float) -> str:
    """How many tests find a change where there is none: "about two" or "fewer than one"."""
    return f"about {cardinal(round(expected))}" if expected >= 1 else "fewer than one"


def rank_from_lowest(rank: int, of: int, ends: tuple[str, str] = ("lowest", "highest")) -> str:
    """For example "eighth lowest" or, from the upper half, "eleventh highest".

    `ends` are the words for the first and the last rank, such as "smallest" and "largest".
    """
    from_top = of + 1 - rank
    place, end = (rank, ends[0]) if rank <= from_top else (from_top, ends[1])
    return end if place == 1 else f"{ordinal(place)} {end}"


def rank_range(
    rank: int, low: int, high: int, of: int, ends: tuple[str, str] = ("lowest", "highest")
) -> str:
    """ "between sixth and ninth lowest" or, where chance leaves one rank, "still the lowest".

    Counted from the same end as the rank itself is; its own first place is the end itself.
    """
    if low == high:
        return f"still the {rank_from_lowest(low, of, ends)}"
    near, far, end = low, high, ends[0]
    if rank > of + 1 - rank:
        near, far, end = of + 1 - high, of + 1 - low, ends[1]
    nearest = f"the {end}" if near == 1 else ordinal(near)
    return f"between {nearest} and {'the ' * (near == 1)}{ordinal(far)} {end}"


def rank_place(
    rank: int, low: int, high: int, of: int, ends: tuple[str, str] = ("lowest", "highest")
) -> str:
    """ "the eighth lowest of the 32", as the end of "its rate was ...".

    A rank that could be anywhere in half of the order says too little to be told: such a rate was
    "too close to others to be placed among the 32".
    """
    if high - low + 1 > of / 2:
        return f"too close to others to be placed among the {of}"
    return f"the {rank_from_lowest(rank, of, ends)} of the {of}"


def listed(words: list[str]) -> str:
    """For example "burglary, robbery and theft"; empty for an empty list."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def named_or_counted(names: list[str], what: str, most: int = 3) -> str:
    """The names as a list, or how many `what` there are ("five kinds of crime") above `most`."""
    return listed(names) if len(names) <= most else f"{cardinal(len(names))} {what}"


def in_sentence(name: str) -> str:
    """`name` as it stands inside a sentence: "Residential burglary" becomes "residential burglary".

    A first word that is an abbreviation ("NFIB fraud") keeps its capitals.
    """
    first, _, _rest = name.partition(" ")
    return name if first.isupper() and len(first) > 1 else f"{name[:1].lower()}{name[1:]}"
