"""Which offences made a change between two years, and who brings them to light."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.analysis.changes.year_on_year import (
    ABOVE,
    ALPHA,
    BELOW,
    CLEAR,
    NOT_COMPARABLE,
    YearOnYear,
)
from safer_communities.analysis.moved.rests_on import RestsOn
from safer_communities.analysis.moved.split import LEAST_NET, Split, split
from safer_communities.analysis.recorded_crime import TOTAL, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.wording import rose_by_number
from safer_communities.statistics.rates import compare_counts

MOST_TOLD = 3
_MEASURED = ("base_count", "count", "change", "change_percent", "others_percent", "verdict")
# After the name of a group in which the two years do not compare.
_UNLIKE = " (not counted alike in the two years)"
VICTIM, SOCIETY = "victim-based", "against society"


@dataclass(frozen=True)
class Contribution:
    """The change in all recorded offences (`total`) as the sum of its parts.

    `groups` has a row for each group of offences, largest rise first: measure, kind (the Home
    Office's "victim-based", "against society" or "fraud"), base_count, count, change,
    change_percent, others_percent (that of the other boroughs together), share_percent (of the net
    change; missing where rises and falls nearly cancel out) and verdict. `offences` has the same
    for each single offence, with its group. Rows of either table add up to the total: never add one
    to the other. `moves_with` says by measure what a count also depends
    on, `cautions` what a break between the years makes one say of an offence and not of its group;
    `resting` are the changes that rest on one ward or on a few months; `source` is the key of the
    citation.
    """

    total: YearOnYear
    groups: pd.DataFrame
    offences: pd.DataFrame
    moves_with: dict[str, str]
    cautions: dict[str, str]
    resting: Sequence[RestsOn] = ()
    source: str = "crime"

    @property
    def table(self) -> pd.DataFrame:
        """The groups, for a chart."""
        return self.groups

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "contribution",
            "unit": "offences",
            "source": self.source,
            "period": f"{self.total.period.label}, against {self.total.base_period.label}",
            "in_table": ("measure", "kind", *_MEASURED[:-1], "share_percent"),
            "headings": {
                "measure": "Group of offences",
                "kind": "Home Office kind",
                "base_count": self.total.base_period.label,
                "count": self.total.period.label,
                "share_percent": "Share of the net change",
            },
        }

    @property
    def by_offence(self) -> pd.DataFrame:
        """Each offence that was counted in either year, by its group, for a table."""
        counted = self.offences[self.offences[["base_count", "count"]].sum(axis=1) > 0]
        return counted.sort_values("group", kind="stable").drop(columns="kind")

    @property
    def changes(self) -> pd.Series:
        """The change of each group in offences, by its name."""
        return self.groups.set_index("measure")["change"]

    def parts_apart(self) -> pd.DataFrame:
        """The offences that moved clearly inside a group that did not, or against it.

        Clearly is what the verdict on the change says; against it, where one rose and the other
        fell by more than separate events may. Of a handful a year none is named. Columns of
        `offences`, and group_percent: the group's change. Largest change first.
        """
        own = self.groups.set_index("measure")
        # Offences of a group may have changed places where one of them cannot be compared.
        broken = self.offences.loc[self.offences["verdict"] == NOT_COMPARABLE, "group"]
        parts = self.offences[~self.offences["group"].isin(broken)]
        group = own.loc[parts["group"]].set_index(parts.index)
        against = (group["change"] * parts["change"] < 0) & _moved_at_all(parts)
        against &= _moved_at_all(group)
        alone = parts["verdict"].isin(CLEAR) & ~group["verdict"].isin(CLEAR)
        apart = parts.assign(group_percent=group["change_percent"], against=against)
        apart = apart[(against | alone) & np.isfinite(apart["change_percent"])]
        return apart.sort_values("change", key=abs, ascending=False, ignore_index=True)

    def facts(self) -> dict[str, Quantity | str]:
        """The changes of the leading group, of the others, and by the Home Office's kind.

        The texts say what made the change (`told`; `headline` in short, `course` group by group),
        what made that of the leading group (`lead_told`), who found it (`kinds_told`) and what
        the counts told of also depend on (`depends_told`).
        """
        own = split(self.changes)
        kinds = self.groups.groupby("kind")["change"].sum()
        about = partial(Quantity, unit="offences", period=self.shown["period"], source=self.source)
        facts: dict[str, Quantity | str] = {
            "victims": about(int(kinds.get(VICTIM, 0)), label="Change in victim-based crime"),
            "society": about(
                int(kinds.get(SOCIETY, 0)), label="Change in other crimes against society"
            ),
            "rest": about(own.rest, label="Change in all but the leading groups of offences"),
            "headline": f"{_headline(own, self._broken)}; recorded crime {self.total.headline}",
            "course": _each_moved(self.changes, self._broken),
            "told": _told(own, self._broken),
            "lead_told": " ".join(map(self.part_told, own.leads.index[:1])),
            "kinds_told": self._kinds_told(kinds),
            "depends_told": " ".join(self._depends(own)),
        }
        for number, (measure, change) in enumerate(own.leads.items(), 1):
            facts[f"lead_{number}"] = about(int(change), label=f"Change in {_name(measure)}")
        return facts

    @property
    def points(self) -> list[str]:
        """What is told apart from the whole: a point for each, empty where there is nothing.

        Which offences moved apart from their group, which cannot be compared, the cautions of
        single offences, and which changes rest on one ward or a few months.
        """
        return [
            *map(_part_told, self._parts()),
            self._broken_told(),
            *self.cautions_of(self.by_offence["measure"]),
            *(each.told() for each in self.resting[:MOST_TOLD]),
        ]

    def parts_of(self, groups: Sequence[str]) -> str:
        """Sentences on the offences that moved apart from one of these groups, and their cautions.

        Largest first.
        """
        apart = self.parts_apart()
        told = apart[apart["group"].isin(groups)].head(MOST_TOLD)
        said = map(_part_told, told.to_dict("records"))
        return " ".join([*said, *self.cautions_of(told["measure"])])

    def cautions_of(self, offences: Iterable[str]) -> list[str]:
        """The cautions of these offences, each once."""
        found = [self.cautions.get(offence, "") for offence in offences]
        return [*filter(None, dict.fromkeys(found))]

    def _parts(self) -> list[dict]:
        return self.parts_apart().head(MOST_TOLD).to_dict("records")

    def _kinds_told(self, kinds: pd.Series) -> str:
        victims, society = (int(kinds.get(kind, 0)) for kind in (VICTIM, SOCIETY))
        return (
            "Offences against a victim, most of which somebody reports, "
            f"{rose_by_number(victims)}. Other crimes against society, many of which the police "
            f"find, {rose_by_number(society)}."
        )

    @property
    def _broken(self) -> set[str]:
        """The groups that hold an offence which the two years do not count alike."""
        return set(self._unlike["group"])

    @property
    def _unlike(self) -> pd.DataFrame:
        """The offences that were counted, and not alike, in the two years."""
        counted = self.offences[["base_count", "count"]].sum(axis="columns") > 0
        return self.offences[(self.offences["verdict"] == NOT_COMPARABLE) & counted]

    def _broken_told(self) -> str:
        """Which groups hold offences that are counted differently in the two years; or empty."""
        broken = self._unlike
        if broken.empty:
            return ""
        names, groups = ([*dict.fromkeys(map(_name, broken[c]))] for c in ("measure", "group"))
        groups = [group for group in groups if group not in names]
        told = (
            f"The police counted {wording.listed(names)} in another way in the later year than in "
            f"the earlier one. So nothing can be said of the change in {_it(names)}"
        )
        return f"{told}{f', nor of that in {wording.listed(groups)}' if groups else ''}."

    def part_told(self, group: str) -> str:
        """Which offence made half of the change of a group or more; or nothing."""
        inside = self.lead_part(group)
        if not len(inside):
            return ""
        part, change, net = str(inside.index[0]), int(inside.iloc[0]), int(self.changes[group])
        whole = f"{'rise' if net > 0 else 'fall'} of {wording.number(abs(net))} in {_name(group)}"
        if abs(change) > abs(net):
            return f"{part} {rose_by_number(change)}, more than the whole {whole}."
        return f"Of the {whole}, {_name(part)} accounted for {wording.number(abs(change))}."

    def lead_part(self, group: str) -> pd.Series:
        """The offence that made half of the change of a group or more, if it has several."""
        parts = self.offences[self.offences["group"] == group]
        if len(parts) < 2 or (parts["verdict"] == NOT_COMPARABLE).any():
            return pd.Series(dtype=int)
        inside = split(parts.set_index("measure")["change"])
        return inside.leads[2 * inside.leads.abs() >= abs(inside.net)].iloc[:1]

    def _depends(self, own: Split) -> list[str]:
        """A sentence for each thing that counts of the offences told of depend on too."""
        named = [*own.leads.index, *own.rise.index, *own.fall.index]
        for group in own.leads.index[:1]:
            named += [*self.lead_part(group).index]
        named += [part["measure"] for part in self._parts()]
        causes: dict[str, dict[str, None]] = {}
        for measure in named:
            causes.setdefault(self.moves_with.get(measure, ""), {})[_name(measure)] = None
        return [
            f"The number counted as {wording.listed([*measures])} also depends on {cause}."
            for cause, measures in causes.items()
            if cause
        ]


def contribution(
    crime: RecordedCrime, base: Period | None = None, resting: Sequence[RestsOn] = ()
) -> Contribution:
    """What each group and each offence made of the change from `base` (the year before).

    `resting` is what `rests_on` gives for the same change.
    """
    counted = crime.offences[crime.offences["counted_in_total"]]
    offences = counted.drop_duplicates(["offence", "offence_group"])
    groups = offences.drop_duplicates("offence_group")
    total = crime.year_on_year(TOTAL, base=base)
    years = total.base_period, total.period
    by_group = _changes(crime, groups.assign(measure=groups["offence_group"]), total)
    by_offence = _changes(crime, offences.assign(measure=offences["offence"]), total)
    if abs(total.change) >= max(LEAST_NET * by_group["change"].abs().sum(), 1):
        for table in (by_group, by_offence):
            table["share_percent"] = 100 * table["change"] / total.change
    cautions = {
        part: " ".join(each for each in crime.breaks.cautions(part, *years) if each not in of_group)
        for part, group in zip(by_offence["measure"], by_offence["group"], strict=True)
        for of_group in [crime.breaks.cautions(group, *years)]
    }
    for part in by_offence.loc[by_offence["verdict"] == NOT_COMPARABLE, "measure"]:
        cautions[part] = ""
    moves = pd.concat([groups.assign(offence=groups["offence_group"]), offences])
    return Contribution(
        total,
        by_group.drop(columns="group"),
        by_offence,
        dict(zip(moves["offence"], moves["moves_with"], strict=True)),
        cautions,
        resting,
    )


def _changes(crime: RecordedCrime, listed: pd.DataFrame, total: YearOnYear) -> pd.DataFrame:
    """The change of each measure `listed`, largest rise first; one not listed all along is 0."""
    years, rows = (total.base_period, total.period), []
    for row in listed.to_dict("records"):
        measure = row["measure"]
        own = {"group": row["offence_group"], "measure": measure, "kind": row["kind"]}
        if all(crime.covers(measure, year) for year in years):
            year = crime.year_on_year(measure, base=total.base_period)
            known = {name: year.row[name] for name in _MEASURED}
        else:
            monthly = crime.monthly(measure)
            before, after = (int(monthly[monthly.index.isin(y.months())].sum()) for y in years)
            known = {"base_count": before, "count": after, "change": after - before}
            known |= {"change_percent": np.nan, "verdict": NOT_COMPARABLE}
        rows.append(own | known | {"share_percent": np.nan})
    # No percentage leads from a year without offences.
    table = pd.DataFrame(rows).replace(np.inf, np.nan)
    return table.sort_values(["change", "measure"], ascending=[False, True], ignore_index=True)


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _moved_at_all(changes: pd.DataFrame) -> pd.Series:
    """Whether each count changed by more than that of separate events may."""
    return compare_counts(changes["base_count"], changes["count"]).p_value <= ALPHA


def _name(measure: object) -> str:
    return wording.in_sentence(str(measure))


def _headline(own: Split, broken: set[str]) -> str:
    """What made the change, without a full stop: for a rise, a fall and neither.

    Of a group that is `broken` it says that it is not counted alike.
    """
    amount = wording.number(abs(own.net))
    if not len(own.leads):
        return "Rises and falls nearly cancelled each other out"
    first, change = str(own.leads.index[0]), int(own.leads.iloc[0])
    if abs(change) > abs(own.net):
        whole = "rise" if own.net > 0 else "fall"
        told = f"{first}{_unlike(first, broken)} {rose_by_number(change)}"
        return f"{told}, more than the whole {whole} of {amount}"
    made = [
        f"{wording.number(abs(c))} were {_name(each)}{_unlike(each, broken)}"
        for each, c in own.leads.items()
    ]
    return f"Of the {amount} {'more' if own.net > 0 else 'fewer'} offences, {wording.listed(made)}"


def _told(own: Split, broken: set[str]) -> str:
    """The headline, what all others made together, and the largest changes among them."""
    beside = _each_moved(pd.concat([own.rise, own.fall]), broken)
    headline = _headline(own, broken)
    if not len(own.leads):
        return f"{headline}{f': {beside}' if beside else ''}."
    rest = f"{headline}; all others together {rose_by_number(own.rest)}."
    return f"{rest} Among these, {beside}." if beside else rest


def _unlike(group: object, broken: set[str]) -> str:
    return _UNLIKE if group in broken else ""


def _each_moved(changes: pd.Series, broken: set[str]) -> str:
    return wording.listed(
        [
            f"{_name(each)}{_unlike(each, broken)} {rose_by_number(change)}"
            for each, change in changes.items()
        ]
    )


def _part_told(part: dict) -> str:
    """That one offence moved clearly inside a group that did not, or against it."""
    inside = f"{_name(part['group'])} as a whole"
    own, whole, elsewhere = (
        wording.rose_by(part[name])
        for name in ("change_percent", "group_percent", "others_percent")
    )
    if part["against"]:
        return f"{part['measure']} {own}, although {inside} {whole}."
    still = "did not clearly change."
    if part["verdict"] in (ABOVE, BELOW):
        # Its own change may lie within the usual ups and downs.
        told = f"{part['measure']} {own}, clearly {part['verdict']}, where it {elsewhere}."
        return f"{told} {part['group']} as a whole {still}"
    return f"{part['measure']} clearly {own}; {inside} {still}"
