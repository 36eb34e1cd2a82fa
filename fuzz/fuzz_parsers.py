"""Coverage-guided fuzzing of the parsers of publishers' files: `make fuzz` runs it for a while.

    python fuzz/fuzz_parsers.py PARSER [options of libFuzzer, say -max_total_time=60]

Every parser gives a table or raises InputError (or a group of them). Anything else is a finding:
atheris prints the traceback and keeps the input in the working folder.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["safer_communities.sources", "shapefile", "csv"]):
    from safer_communities.errors import ErrorCollector, InputError
    from safer_communities.project import DATA
    from safer_communities.sources.crosswalks import Crosswalks
    from safer_communities.sources.gla import asb_calls, borough_areas
    from safer_communities.sources.mps import borough_crime, ward_crime
    from safer_communities.sources.mps.layout import read_monthly
    from safer_communities.sources.ons import census_households, census_ward_population
    from safer_communities.sources.reading import read_csv, read_sheet

CROSSWALKS = Crosswalks.of(DATA)
HECTARES = CROSSWALKS.published_areas("borough_areas")
CRIME = b"Group,SubGroup,BOCU,202605,202606\nTHEFT,SHOPLIFTING,Barnet,1,2\n"
WARD = b"Group,SubGroup,WardName,WardCode,BOCU,202605\nTHEFT,SHOPLIFTING,Abbey,E05014053,Barnet,1\n"

# Each parser with the end of its file's name and an input to begin with.
PARSERS: dict[str, tuple[Callable[[Path], object], str, bytes]] = {
    "csv": (lambda path: read_csv(path, ErrorCollector(path.name)), ".csv", CRIME),
    "monthly": (lambda path: read_monthly(path, borough_crime.KEYS), ".csv", CRIME),
    "borough": (lambda path: borough_crime.tidy([path], CROSSWALKS), ".csv", CRIME),
    "ward": (lambda path: ward_crime.tidy([path], CROSSWALKS), ".csv", WARD),
    "calls": (
        asb_calls.parse,
        ".csv",
        b"dataset,month,value,series\nsol_asb,2019-01-01,5,ASB Calls\n",
    ),
    "households": (
        lambda path: census_households.parse(path, list(HECTARES)),
        ".csv",
        b"area_code,households\nE09000001,4914\n",
    ),
    "wards": (census_ward_population.parse, ".csv", b"Observation\n1\n"),
    "sheet": (lambda path: read_sheet(path, "MYE4", "Code"), ".xlsx", b"PK\x03\x04"),
    "old_sheet": (lambda path: read_sheet(path, "MYE4", "Code"), ".xls", b"\xd0\xcf\x11\xe0"),
    "boundaries": (lambda path: borough_areas.parse(path, HECTARES), ".dbf", bytes(64)),
}


def main(name: str, options: list[str]) -> None:
    """Runs one parser on inputs until the time or the runs in the options are over."""
    parser, ending, seed = PARSERS[name]
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "seed").write_bytes(seed)
    path = folder / f"input{ending}"

    def one_input(content: bytes) -> None:
        path.write_bytes(content)
        try:
            parser(path)
        except* InputError:
            pass

    atheris.Setup([sys.argv[0], *options, "-verbosity=0", str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in PARSERS:
        sys.exit(f"usage: fuzz_parsers.py {'|'.join(PARSERS)} [libFuzzer options]")
    main(sys.argv[1], sys.argv[2:])
