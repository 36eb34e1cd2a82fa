"""What the outputs of a notebook carry for the site, and how the site finds it again."""

import json

# MyST-NB takes outputs that carry this prefix and a name as glue: read by prose, never shown.
GLUE_PREFIX = "application/papermill.record/"
FACT_MIME = "text/json"
CHART_MIME = "application/vnd.safer-communities.chart+json"
TABLE_MIME = "application/vnd.safer-communities.table+json"


def records_in(notebook: dict, mime: str) -> list[dict]:
    """The records of `mime` among the outputs of an executed notebook, in order."""
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if mime in data:
                record = data[mime]
                found.append(json.loads(record) if isinstance(record, str) else record)
    return found
