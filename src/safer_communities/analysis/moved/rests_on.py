"""Changes that rest on one ward or on a few months, found by rule, and what came after."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.analysis.changes.year_on_year import NOT_COMPARABLE, YearOnYear
from safer_communities.analysis.editions import month_release
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.wording import rose_by_number
from safer_communities.statistics.concentration import Concentration, few_months, one_part

# A smaller change makes nobody look for what it rests on.
LEAST_OFFENCES = 30
LEAST_PERCENT = 10


@dataclass(frozen=True)
class RestsOn:
    """A change, and the one ward or the few months that it rests on (None where there are none).

    `in_months` holds positions in the year. `since` has the months after the period that a release
    holds, twelve at most (index), with the columns count and base_count, the same month a year
    before. `since_release` is that release where the change itself is of another, else empty.
    `wards_change` is the change of all wards together, `ward_release` the release that wards are
    of where the change is of another, else empty: then the ward is set beside all wards.
    """

    year: YearOnYear
    ward: str
    in_ward: Concentration | None
    in_months: Concentration | None
    since: pd.DataFrame
    since_release: str = ""
    wards_change: int = 0
    ward_release: str = ""

    def told(self) -> str:
        """What the change rests on, and what the months since show."""
        return " ".join(self.points)

    @property
    def points(self) -> list[str]:
        """The same: the months, the ward and what came since, each with what belongs to it."""
        year, said = self.year, []
        if self.in_months:
            months = year.period.months()[[self.in_months.first, self.in_months.last]]
            inside, same = self.in_months.change, "month" if months[0] == months[1] else "months"
            just_before = year.base_period == year.period.previous()
            before = "a year before" if just_before else f"of the {year.base_period.label}"
            said.append(
                f"{year.measure} {rose_by_number(inside)} in {_run(*months)}, against the same "
                f"{same} {before}. In the other months together there was "
                f"{_rise(year.change - inside)}."
            )
        if self.in_ward:
            ends = " to ".join(map(wording.number, (self.in_ward.before, self.in_ward.after)))
            change = self.wards_change if self.ward_release else year.change
            whole = "rise" if change > 0 else "fall"
            whole += f" of {wording.number(abs(change))} in {wording.in_sentence(year.measure)}"
            whole += " in all wards" if self.ward_release else ""
            made = f"had {wording.number(abs(self.in_ward.change))} of the {whole}"
            if abs(self.in_ward.change) > abs(change):
                made = f"{rose_by_number(self.in_ward.change)}, more than the whole {whole}"
            told = f"One ward, {self.ward}, {made}: it went from {ends}."
            if self.ward_release:
                told += f" That is by the {month_release(self.ward_release)}."
            said.append(told)
        if len(self.since):
            count, before = map(wording.number, self.since[["count", "base_count"]].sum())
            many = len(self.since)
            since = "month" if many == 1 else f"{wording.cardinal(many)} months"
            came = (
                f"In the {since} since, {wording.in_sentence(year.measure)} came to {count}, after "
                f"{before} in the same months a year before."
            )
            if self.since_release:
                came += f" That is by the {month_release(self.since_release)}."
            said.append(came)
        return said


def rests_on(
    crime: RecordedCrime, wards: pd.DataFrame, *, later: Sequence[RecordedCrime], base: Period
) -> tuple[RestsOn, ...]:
    """The changes from `base` to the crime's period that rest on one ward or on a few months.

    Of each group of offences either the group itself or those of its offences, largest first.
    `wards` counts by ward_code, ward_name, month and offence in the borough, of one release;
    `later` are the series that may hold months after the period, preferred first. Changes of fewer
    than 30 offences or 10% are not looked at, nor those across a break. No ward is named for what
    wards do not tell of (see `small_numbers`), or only within something wider.
    """
    found = []
    for group in crime.offences["offence_group"].unique():
        members = [each for each in crime.members[group] if each != group]
        inside = [_looked_at(crime, each, wards, later, base) for each in members]
        told = [each for each in inside if each]
        whole = None if told else _looked_at(crime, group, wards, later, base)
        found += [*told, *([whole] if whole else [])]
    return tuple(sorted(found, key=lambda each: -abs(each.year.change)))


def _looked_at(
    crime: RecordedCrime,
    measure: str,
    wards: pd.DataFrame,
    later: Sequence[RecordedCrime],
    base: Period,
) -> RestsOn | None:
    if not crime.covers(measure, crime.period) or not crime.covers(measure, base):
        return None
    before, after = (crime.count(measure, period=period) for period in (base, crime.period))
    if abs(after - before) < max(LEAST_OFFENCES, LEAST_PERCENT / 100 * before):
        return None
    year = crime.year_on_year(measure, base=base)
    if year.verdict == NOT_COMPARABLE:
        return None
    ward, in_ward, wards_change = _in_one_ward(crime, year, wards)
    in_months = _in_few_months(crime, year)
    if not in_ward and not in_months:
        return None
    since, release = _since(measure, year.period, later)
    own = (*crime.releases(base), *crime.releases(year.period))
    of_wards = str(wards["release"].iloc[0]) if in_ward else ""
    other, of_wards = ("" if each in own else each for each in (release, of_wards))
    return RestsOn(year, ward, in_ward, in_months, since, other, wards_change, of_wards)


def _in_few_months(crime: RecordedCrime, year: YearOnYear) -> Concentration | None:
    """The few months of a change, where months vary as they did before the pandemic."""
    monthly = crime.monthly(year.measure)
    usual = crime.usual_dispersion(year.measure, year.area)
    years = (monthly.loc[p.start : p.end].to_numpy() for p in (year.base_period, year.period))
    return few_months(*years, dispersion=usual or 1.0)


def _in_one_ward(
    crime: RecordedCrime, year: YearOnYear, wards: pd.DataFrame
) -> tuple[str, Concentration | None, int]:
    """The name of the one ward of a change, what it made of it, and the change of all wards.

    None where all wards together, which may be of another release, went the other way.
    """
    inside = crime.offences["offence"].isin(crime.members[year.measure])
    told = crime.offences.loc[inside, "ward_offence"]
    wider = crime.offences["ward_offence"].isin(told) & ~inside
    rows = wards[wards["offence"].isin(told)]
    years = [rows[rows["month"].isin(p.months())] for p in (year.base_period, year.period)]
    if "" in {*told} or wider.any() or any(each["month"].nunique() < 12 for each in years):
        return "", None, 0
    before, after = (each.groupby(["ward_code", "ward_name"])["count"].sum() for each in years)
    before, after = before.align(after, fill_value=0)
    found, whole = one_part(before, after), int(after.sum() - before.sum())
    if not found or whole * year.change < 0:
        return "", None, whole
    return before.index[found.first][1], found, whole


def _since(
    measure: str, period: Period, later: Sequence[RecordedCrime]
) -> tuple[pd.DataFrame, str]:
    """The months since a period, and the newest release that they are of; else none of them."""
    for series in later:
        monthly = series.monthly(measure)
        months = pd.DatetimeIndex(monthly.loc[period.end :].index[1:13])
        year_before = months - pd.DateOffset(years=1)
        if len(months) and year_before.isin(monthly.index).all():
            counts = {"count": monthly[months], "base_count": monthly[year_before].to_numpy()}
            return pd.DataFrame(counts), str(series.counts.release_of_month[months].max())
    return pd.DataFrame({"count": np.array([], int), "base_count": np.array([], int)}), ""


def _rise(change: int) -> str:
    return wording.rise_of(change, wording.number(abs(change)), 0)


def _run(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """ "April 2025", "April and May 2025" or "December 2025 to February 2026"."""
    if first == last:
        return f"{last:%B %Y}"
    to = "and" if first + pd.DateOffset(months=1) == last else "to"
    return f"{first:%B}{'' if first.year == last.year else f' {first:%Y}'} {to} {last:%B %Y}"
