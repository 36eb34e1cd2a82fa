"""What offences are counted against: residents, households and hectares of each area."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.recorded_crime import LONDON


@dataclass(frozen=True)
class Denominator:
    """The size of each borough and of London (the 32 boroughs), indexed by area code.

    `unit` names what is counted ("residents"), `label` says which count it is, for a footnote.
    """

    size: pd.Series
    unit: str
    label: str
    release: str

    @property
    def rate_unit(self) -> str:
        """For example "per 1,000 residents"."""
        return f"per 1,000 {self.unit}"

    def boroughs(self) -> pd.Series:
        """The sizes of the 32 boroughs."""
        return self.size.drop(LONDON)


def _with_london(size: pd.Series, borough_codes: list[str]) -> pd.Series:
    missing = sorted(set(borough_codes) - set(size.index))
    if missing:
        raise ValueError(f"size: no denominator for {', '.join(missing)}")
    boroughs = size.loc[borough_codes].astype(int)
    return pd.concat([boroughs, pd.Series({LONDON: int(boroughs.sum())})])


def residents(
    population: pd.DataFrame, boroughs: pd.DataFrame, *, release: str, year: int
) -> Denominator:
    """Residents in the middle of `year`, as the population release `release` gives them.

    Raises ValueError where the release lacks the year or a borough.
    """
    rows = population[(population["release"] == release) & (population["mid_year"] == year)]
    size = rows.set_index("area_code")["population"]
    return Denominator(
        size=_with_london(size, list(boroughs["area_code"])),
        unit="residents",
        label=f"ONS mid-{year} population estimate, {release} release",
        release=release,
    )


def households(table: pd.DataFrame, boroughs: pd.DataFrame, *, release: str) -> Denominator:
    """Households on Census day. Raises ValueError where a borough is missing."""
    rows = table[table["release"] == release]
    return Denominator(
        size=_with_london(rows.set_index("area_code")["households"], list(boroughs["area_code"])),
        unit="households",
        label="Census 2021 households",
        release=release,
    )
