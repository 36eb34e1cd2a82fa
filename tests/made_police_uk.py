"""Made files of data.police.uk, for tests: their counts are of nothing that happened."""

from io import BytesIO

import pandas as pd

from safer_communities.datasets import load
from safer_communities.sources.police_uk import asb_incidents, burglary_outcomes


def areas(end: str = "2024-01") -> pd.DataFrame:
    """Four small areas in each borough, an incident or more and another crime in each month."""
    rows = [
        [
            f"E01{number:02d}{area:04d}",
            "Name",
            borough,
            category,
            month.year,
            month.month,
            50 + area,
        ]
        for number, borough in enumerate(load.table("boroughs")["borough"])
        for area in range(4)
        for category in ("Anti-social behaviour", "Burglary")
        for month in pd.period_range("2023-10", end, freq="M")
    ]
    return pd.DataFrame(rows, columns=[*asb_incidents.COLUMNS])


def lookup() -> pd.DataFrame:
    """The ward and borough of each."""
    rows = [
        [f"E01{number:02d}{area:04d}", code, f"E05{number:02d}{area // 2:04d}", "0.9", "Ward"]
        for number, code in enumerate(load.table("boroughs")["area_code"])
        for area in range(4)
    ]
    return pd.DataFrame(rows, columns=[*asb_incidents.LOOKED_UP, "WD24NM"])


def old_wards(end: str = "2016-06") -> pd.DataFrame:
    """Seven incidents and seven burglaries in each ward of Barnet and each month."""
    wards = [f"E0500{number:04d}" for number in range(43, 64)]
    rows = [
        [ward, month, category, "7"]
        for ward in wards
        for month in pd.period_range("2016-03", end, freq="M").astype(str)
        for category in ("anti-social-behaviour", "burglary")
    ]
    return pd.DataFrame(rows, columns=asb_incidents.OLD_COLUMNS)


def burglaries(end: str = "2013-05", start: str = "2012-04") -> pd.DataFrame:
    """A hundred burglaries in each borough and month, five with a caution.

    Of each other outcome there is a row of none.
    """
    rows = [
        [borough, f"{month:%Y-%m}", outcome, count]
        for borough in load.table("boroughs")["borough"]
        for month in pd.period_range(start, end, freq="M")
        for outcome, count in (
            ("Investigation complete; no suspect identified", "80"),
            ("Offender given a caution", "5"),
            ("Under investigation", "15"),
        )
    ]
    others = sorted({*burglary_outcomes.OUTCOMES} - {row[2] for row in rows})
    rows += [[rows[0][0], "2012-10", outcome, "0"] for outcome in others]
    return pd.DataFrame(rows, columns=burglary_outcomes.COLUMNS)


def files() -> dict[str, bytes | str]:
    """The files of the releases that the project has, by their paths."""
    content = BytesIO()
    areas("2026-03").to_parquet(content, index=False)
    return {
        "police_uk/police_uk_london_lsoa_month_category.parquet": content.getvalue(),
        "police_uk/extract_police_uk_old_wards.csv": old_wards("2018-06").to_csv(index=False),
        "boundaries/derived_london_lsoa21_ward.csv": lookup().to_csv(index=False),
        "police_uk/extract_police_uk_burglary_by_outcome.csv": burglaries(
            "2025-02", "2012-01"
        ).to_csv(index=False),
    }
