"""The files of the whole book that a reader can take away."""

import pandas as pd

from safer_communities import facts
from safer_communities.chapter import FACT_MIME, GLUE_PREFIX, records_in
from safer_communities.claims import DOWNLOAD_COLUMNS
from safer_communities.tables import csv_text


def indicators_csv(notebooks: list[dict]) -> str:
    """`indicators.csv`: a row for every fact of the executed notebooks, in the order given."""
    rows = [
        fact
        for notebook in notebooks
        for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}")
        for fact in records
    ]
    # Objects, so that counts stay whole numbers beside rates in one column.
    return csv_text(pd.DataFrame(rows, columns=facts.COLUMNS, dtype=object))


def claims_csv(checked: pd.DataFrame) -> str:
    """`claims.csv`: a row for every number that the strategy printed, with its verdict."""
    return csv_text(checked[DOWNLOAD_COLUMNS])
