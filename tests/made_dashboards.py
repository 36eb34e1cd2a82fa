"""Made files of the police's two dashboards, filled from `data/`, for tests to spoil.

They hold a few measures and months of what was published, under the publisher's headings. Each
borough is given one neighbourhood team, or one ward, with all of its counts.
"""

from functools import cache

import pandas as pd

from safer_communities.datasets import load

MONTHS = pd.date_range("2023-01-01", periods=4, freq="MS")
RELEASE = "2023-05"
# As `data/reference/releases.csv` has them.
RELEASE_ROWS = [
    f"{publication},{RELEASE},,2023-01,2023-04,"
    for publication in ("mps_flagged_offences", "mps_women_and_girls")
]
MEASURES = ("Domestic abuse", "Antisemitic hate crime", "Knife injury victims aged 1 to 24")


def files() -> dict[str, bytes]:
    """The content of each file, by its path in a folder of releases."""
    frames = {
        "mps_dashboard/mps_other_crime.parquet": dashboard(),
        "mps_vawg/mps_vawg_offences.parquet": women_and_girls("offences"),
        "mps_vawg/mps_vawg_victims.parquet": women_and_girls("victims"),
    }
    return {path: frame.to_parquet(index=False) for path, frame in frames.items()}


def area_names(publication: str) -> dict[str, str]:
    """The publication's name of each area, by area code."""
    names = load.table("area_names")
    names = names[names["publication"] == publication]
    return dict(zip(names["area_code"], names["published_name"], strict=True))


@cache
def dashboard() -> pd.DataFrame:
    """The dashboard's rows: boroughs first, then their teams. A count of nought has no row."""
    table = load.table("flagged_offences")
    table = table[table["release"] == "2025-08"]
    table = table[table["measure"].isin(MEASURES) & table["month"].isin(MONTHS)]
    known = load.table("flagged_measures").drop_duplicates("measure").set_index("measure")
    parts = []
    for counted, column in (("Offences", "count"), ("Positive Outcomes", "positive_outcomes")):
        rows = table[table[column] > 0]
        name = rows["area_code"].map(area_names("mps_flagged_offences"))
        part = pd.DataFrame(
            {
                "month_year": rows["month"],
                "area_type": "Borough",
                "borough_snt": name,
                "area_name": name,
                "area_code": rows["area_code"].where(rows["area_code"].str.startswith("E")),
                "crime_type": rows["measure"].map(known["published_type"]),
                "crime_subtype": rows["measure"].map(known["published_name"]),
                "measure": counted,
                "financial_year": "fy22-23",
                "fy_fyindex": "22-23_01",
                "count": rows[column].astype("int64"),
                "refresh_date": pd.Timestamp("2023-05-02"),
                "sheet": "MPS_MonthlyCrimeDashboard_Other",
            }
        )
        parts.append(part)
    boroughs = pd.concat(parts, ignore_index=True)
    teams = boroughs.assign(
        area_type="Safer Neighbourhood Teams",
        borough_snt=boroughs["borough_snt"] + " Abbey",
        area_name="Abbey",
        area_code="E05000001",
    )
    return pd.concat([boroughs, teams], ignore_index=True)


@cache
def women_and_girls(kind: str) -> pd.DataFrame:
    """The rows of the file of "offences" or of "victims", one sheet after the other."""
    table = load.table("women_and_girls")
    table = table[table["month"].isin(MONTHS) & (table[kind] > 0)]
    place = {
        "bcu_location": "North West",
        "borough_name": table["area_code"].map(area_names("mps_women_and_girls")),
        "ward_name_clean_2": "Abbey",
    }
    dates = {
        "recorded_date_months": table["month"],
        "date_committed_from_date_months": table["month"],
    }
    sheet = "Offence count location" if kind == "offences" else "Victim count by location"
    places = pd.DataFrame({**place, **dates, "count": table[kind], "sheet": sheet})
    whole = table.groupby("month")[kind].sum()
    others = _kinds(whole) if kind == "offences" else _ages(whole)
    return pd.concat([places, *others], ignore_index=True)


def _kinds(whole: pd.Series) -> list[pd.DataFrame]:
    names = ["Rape", "Other flagged offences outside of VAWG"]
    columns = ["crimsec_group", "crimseccodeexpansion", "crimsec_offences", "vawg_offence"]
    return [
        pd.DataFrame(
            {
                "recorded_date_months": whole.index,
                "date_committed_from_date_months": whole.index,
                "count": whole.to_numpy() // 2 if name == "Rape" else whole - whole // 2,
                "sheet": "Offence count classification",
                **dict.fromkeys(columns, name),
            }
        ).reset_index(drop=True)
        for name in names
    ]


def _ages(whole: pd.Series) -> list[pd.DataFrame]:
    sheets = {
        "Victim count by age group": ("age_group", "Aged 20 to 29 years"),
        "Victim count by ethnic group": ("ethnic_appearance_group_group", "Unknown"),
    }
    return [
        pd.DataFrame(
            {
                "recorded_date_months": whole.index,
                "date_committed_from_date_months": whole.index,
                "count": whole.to_numpy(),
                "sheet": sheet,
                column: value,
            }
        )
        for sheet, (column, value) in sheets.items()
    ]
