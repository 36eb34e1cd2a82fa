"""Every table in `data/`: where it is, what its columns mean, and what must be true of it.

One place for types, units, allowed values, keys and completeness: the import, `load` and the data
package all read it from here. A module holds the tables of one folder.
"""

from safer_communities.datasets.schemas import (
    asb,
    boundaries,
    calibration,
    population,
    recorded_crime,
    reference,
    strategy,
    surveys,
    top_level,
)
from safer_communities.datasets.schemas.indicators import (
    england_and_wales,
    flagged_offences,
    profile,
    public_attitudes,
    youth_justice,
)
from safer_communities.datasets.schemas.table_schema import TableSchema

__all__ = ["TABLES", "TableSchema"]

TABLES: dict[str, TableSchema] = {
    **recorded_crime.TABLES,
    **top_level.TABLES,
    **population.TABLES,
    **asb.TABLES,
    **profile.TABLES,
    **boundaries.TABLES,
    **flagged_offences.TABLES,
    **reference.TABLES,
    **surveys.TABLES,
    **strategy.TABLES,
    **calibration.TABLES,
    **youth_justice.TABLES,
    **public_attitudes.TABLES,
    **england_and_wales.TABLES,
}
