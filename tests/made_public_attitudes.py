"""A made release of the Public Attitude Survey's table, filled from `data/`, for tests."""

import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.codes import LONDON
from safer_communities.sources.mopac.public_attitude_survey import MEASURES, NAME, SURVEY


def survey_table() -> pd.DataFrame:
    """The publisher's table as text: a row for each quarter, borough and measure."""
    rows = load.table("public_attitudes")
    areas = load.table("area_names").query("publication == @NAME", local_dict={"NAME": NAME})
    names = dict(zip(areas["area_code"], areas["published_name"], strict=True))
    published = {own: name for name, own in MEASURES.items()}
    london = rows[rows["area_code"] == LONDON].set_index(["measure", "month"])["percent"]
    own = rows[rows["area_code"] != LONDON]
    days = own["month"] + pd.offsets.MonthEnd(0)
    key = pd.MultiIndex.from_frame(own[["measure", "month"]])
    table = {
        "Date": days.dt.strftime("%m/%d/%Y"),
        "Survey": SURVEY,
        "Borough": own["area_code"].map(names),
        "Measure": own["measure"].map(published),
        "Proportion": own["percent"].map("{:.0f}e-2".format).astype(float).map("{:g}".format),
        "MPS": (london.reindex(key) / 100).map("{:g}".format).to_numpy(),
    }
    return pd.DataFrame(table).reset_index(drop=True)


def survey_text() -> str:
    """The file, with the columns without a heading and the note that stand beside the table."""
    lines = survey_table().to_csv(index=False, lineterminator="\n").splitlines()
    beside = [",,,,", *([",,,,"] * (len(lines) - 2)), ",,,Trust,0.71"]
    return "".join(f"{line}{more}\n" for line, more in zip(lines, beside, strict=True))
