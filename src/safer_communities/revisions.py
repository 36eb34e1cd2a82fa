"""The same twelve months as each release of the police figures gave them."""

import pandas as pd

from safer_communities.periods import Period

SAME_SIZE_POINTS = 1.0


def counts_by_release(
    releases: dict[str, pd.DataFrame], area_code: str, period: Period
) -> pd.DataFrame:
    """All recorded offences of one area in `period` and in the year before, release by release.

    `releases` maps a release to its table (month, area_code, count, classification). Columns:
    classification, release, base_count, count, change_percent; a count that the release does not
    hold in full is missing. Releases that hold neither year are left out.
    """
    rows = []
    for release, table in sorted(releases.items()):
        monthly = table[table["area_code"] == area_code].groupby("month")["count"].sum()
        count = _in_full(monthly, period)
        base = _in_full(monthly, period.previous())
        if count is None and base is None:
            continue
        both = count is not None and base is not None
        rows.append(
            {
                "classification": table["classification"].iloc[0],
                "release": release,
                "base_count": base,
                "count": count,
                "change_percent": 100 * (count - base) / base if both else None,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["classification", "release"], ignore_index=True)


def headline_revisions(published: pd.Series, newest: pd.Series) -> list[str]:
    """What a headline change did between print and the newest release, in words.

    Both are in per cent. A change counts as the same size within one percentage point.
    """
    words = []
    for before, after in zip(published, newest, strict=True):
        if before * after < 0:
            words.append("direction")
        elif abs(after - before) > SAME_SIZE_POINTS:
            words.append("size")
        else:
            words.append("nothing")
    return words


def _in_full(monthly: pd.Series, period: Period) -> int | None:
    months = monthly[monthly.index.isin(period.months())]
    return int(months.sum()) if len(months) == 12 else None
