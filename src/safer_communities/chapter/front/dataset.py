"""The downloads of a book as machines that look for data read of them (https://schema.org/Dataset)."""

import json

from IPython.display import HTML

from safer_communities.chapter.book import Book

_LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
# The files of the whole book: name, type, what is in it.
_FILES = (
    ("indicators.csv", "text/csv", "Every figure that a page states"),
    ("indicators.json", "application/json", "Every figure that a page states"),
    ("claims.csv", "text/csv", "Every figure that the strategy printed, with a verdict"),
    (
        "safer_communities.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Every figure and table, and the offences of each month in each borough",
    ),
    ("data/datapackage.yaml", "application/yaml", "What each table of the data holds"),
)


def dataset(book: Book) -> HTML:
    """A block that no browser runs or shows, for the page of downloads.

    Its addresses are relative, as JSON-LD allows: they hold wherever the site stands.
    """
    first = book.crime.monthly().index.min()
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"Crime and safety in {book.borough}, {book.edition.year} edition",
        "description": f"Offences that the police recorded in {book.borough} and the other "
        f"London boroughs up to {book.edition.period.end:%B %Y}: counts, rates and changes with "
        "their ranges, and a check of each figure of the Community Safety Strategy 2022-2027.",
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": book.imprint.publisher.publisher},
        "datePublished": _day(book),
        "temporalCoverage": f"{first:%Y-%m}/{book.edition.period.end:%Y-%m}",
        "spatialCoverage": f"{book.borough}, London",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "description": words,
                "encodingFormat": kind,
                "contentUrl": f"../downloads/{name}",
            }
            for name, kind, words in _FILES
        ],
    }
    known = {name: value for name, value in described.items() if value}
    # Nothing in a script may look like its end.
    text = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    return HTML(f'<script type="application/ld+json">{text}</script>')


def _day(book: Book) -> str:
    """The day of publication as in "2026-11-27"; empty where there is none yet."""
    day = book.imprint.publisher.dates(book.edition.year).published_on
    return day.isoformat() if day else ""
