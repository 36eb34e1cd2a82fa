"""The rows that monthly counts can be made from, for tests that change some of them."""

import pandas as pd

from safer_communities.analysis.recorded_crime import RecordedCrime


def rows_of(crime: RecordedCrime) -> pd.DataFrame:
    """Every count of recorded crime. Columns: month, area_code, count, offence, release."""
    tables = [
        crime.counts.sums((offence,))
        .melt(ignore_index=False, value_name="count")
        .reset_index()
        .assign(offence=offence)
        for offence in crime.offences["offence"].unique()
    ]
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(release=rows["month"].map(crime.counts.release_of_month))
