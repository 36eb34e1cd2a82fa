"""What a notebook imports: `open_chapter`, the charts, the words and the tables."""

from safer_communities import charts
from safer_communities.chapter.chapter import Chapter, open_chapter
from safer_communities.charts.table import Column, Table
from safer_communities.datasets.load import table, tables
from safer_communities.facts import wording

__all__ = ["Chapter", "Column", "Table", "charts", "open_chapter", "table", "tables", "wording"]
