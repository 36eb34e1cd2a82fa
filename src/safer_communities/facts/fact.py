"""The named numbers of a chapter: computed once, worded once, used everywhere."""

import math
import re
from dataclasses import asdict, dataclass, fields

from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics.precision import significant

# How many decimals each unit is printed with unless a fact says otherwise.
DECIMALS = {
    "%": 1,
    "percentage points": 1,
    "per 1,000 residents": 1,
    "per 1,000 households": 1,
    "per 100 offences": 1,
    "p-value": 3,
    "ratio": 2,
    "years": 1,
}
# Units of which a value may be a change, so that "rose by 6.7%" makes sense.
ORDINAL_UNIT = "rank"


@dataclass(frozen=True)
class Fact:
    """One number as the book shows it; `id` is `chapter.name`.

    `value` is cut to ten significant digits, otherwise not rounded.
    """

    id: str
    chapter: str
    label: str
    value: float
    unit: str
    period: str
    area: str
    denominator: str
    source: str
    release: str
    note: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"value: fact {self.id} is {self.value!r}, not a finite number")
        object.__setattr__(self, "value", significant(self.value))
        for field in ("label", "unit", "period", "area", "source"):
            if not getattr(self, field):
                raise ValueError(f"{field}: fact {self.id} does not say its {field}")


COLUMNS = [field.name for field in fields(Fact)]


def as_row(fact: Fact) -> dict:
    """The row of `indicators.csv`: the fields of the fact by name; whole numbers stay whole."""
    row = asdict(fact)
    if float(fact.value).is_integer():
        row["value"] = int(fact.value)
    return row


def fact_name(text: str) -> str:
    """A label as the name of a fact: "Theft from the person" becomes "theft_from_the_person"."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def amount(value: float, unit: str, decimals: int | None = None) -> str:
    """The number as printed: "6.7%", "4 percentage points", "69.7", "£575", "less than 0.001".

    A share that would be printed as zero and is not is "less than 0.1%"; a rate has as many
    decimals as it takes.
    """
    decimals = DECIMALS.get(unit, 0) if decimals is None else decimals
    if unit == "%" and value > 0 and not wording.direction(value, decimals):
        return f"less than {wording.percent(10**-decimals, decimals)}"
    if unit.startswith("per "):
        return wording.number(value, wording.places_shown(value, decimals))
    if unit == "%":
        return wording.percent(value, decimals)
    if unit == "percentage points":
        return wording.points(value, decimals)
    if unit == "p-value":
        return wording.p_value(value)
    if unit == "£":
        return f"£{wording.number(value, decimals)}"
    return wording.number(value, decimals)


def texts(name: str, quantity: Quantity) -> dict[str, str]:
    """Every wording of a fact by the key that prose and charts use for it.

    `name` is the plain number. `name_words` reads "rose by 6.7%" (for a rank that is sure, "eighth
    lowest"; for one with a range, `name_place` "the eighth lowest of the 32"), `name_noun` "a rise
    of 6.7%", `name_compared` "6.7% higher", `name_verb` "rose" and `name_amount` the number without
    its sign. With an interval, `name_interval` reads "4.9% to 8.5%"; of a count, `name_many` reads
    "none", "one" or "11".
    """
    value, unit, of, ends = quantity.value, quantity.unit, quantity.of, quantity.ends
    interval, decimals = quantity.interval, quantity.decimals
    places = DECIMALS.get(unit, 0) if decimals is None else decimals
    if unit.startswith("per "):
        places = wording.places_shown(value, places)
    if unit == ORDINAL_UNIT:
        result = {name: wording.number(value)}
        if of is not None:
            if interval:
                low, high = map(int, interval)
                result[f"{name}_place"] = wording.rank_place(int(value), low, high, of, ends)
                result[f"{name}_interval"] = wording.rank_range(int(value), low, high, of, ends)
            else:
                result[f"{name}_words"] = wording.rank_from_lowest(int(value), of, ends)
        return result
    size = amount(abs(value), unit, places)
    result = {
        name: amount(value, unit, places),
        f"{name}_amount": size,
        f"{name}_words": wording.rose_by(value, size, places),
        f"{name}_noun": wording.rise_of(value, size, places),
        f"{name}_compared": wording.higher_by(value, size, places),
        f"{name}_verb": wording.verb(value, places),
    }
    if unit not in DECIMALS and significant(value).is_integer() and value >= 0:
        result[f"{name}_many"] = wording.how_many(int(value))
    if interval:
        suffix = "%" if unit == "%" else ""
        result[f"{name}_interval"] = wording.interval(*interval, places, suffix)
    return result
