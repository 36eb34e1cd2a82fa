"""Who publishes the site, where and when: `publisher.yml`, read and checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from safer_communities.errors import ErrorCollector, InputError, did_you_mean, shown
from safer_communities.project import ROOT

PUBLISHER = ROOT / "publisher.yml"
# What a council has to say before its site is more than a draft, as readers are told of it.
NEEDED_OF_A_COUNCIL = {
    "address": "the address of the site",
    "email": "an email address",
    "telephone": "a telephone number",
    "feedback": "where to report a fault",
    "reply_days": "the days within which it answers",
    "statement_prepared": "when the accessibility statement was written",
    "statement_reviewed": "when the accessibility statement was last read again",
}


@dataclass(frozen=True)
class Dates:
    """When an edition was `published` and when the `next` is planned, in words; or empty."""

    published: str = ""
    next: str = ""
    published_on: date | None = None


@dataclass(frozen=True)
class Publisher:
    """What `publisher.yml` says of the publisher of one borough's book; "" where it says nothing.

    `editions` has the dates of each edition by its year.
    """

    publisher: str
    council: bool = False
    address: str = ""
    email: str = ""
    telephone: str = ""
    feedback: str = ""
    reply_days: str = ""
    statement_prepared: str = ""
    statement_reviewed: str = ""
    editions: Mapping[int, Dates] | None = None

    def dates(self, year: int) -> Dates:
        """The dates of the edition of `year`."""
        return (self.editions or {}).get(year, Dates())

    def lacking(self, year: int) -> list[str]:
        """What a council still has to fill in for the edition of `year`, in words."""
        if not self.council:
            return []
        lacking = [words for name, words in NEEDED_OF_A_COUNCIL.items() if not getattr(self, name)]
        return lacking + ["the date of publication"] * (not self.dates(year).published)

    @property
    def report_to(self) -> str:
        """Where a fault is reported, as an address; empty where there is none."""
        place = self.feedback or self.email
        return f"mailto:{place}" if "@" in place and ":" not in place else place


def publisher_of(borough: str, path: Path = PUBLISHER) -> Publisher:
    """The publisher of the book of `borough`, by the file at `path`.

    Raises InputError, or an ExceptionGroup of them, for everything in it that is wrong.
    """
    errors = ErrorCollector(path.name)
    try:
        # Every value as it was typed: YAML would make a number of a telephone, and a date of a day.
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except FileNotFoundError as error:
        remedy = "fetch it again, or write one: docs/hosting.md says what is in it"
        raise InputError(path.name, "it is not there", remedy) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise InputError(path.name, problem, "correct the line that it names") from error
    whole = _mapping(errors, "the file", read)
    own = {name: _mapping(errors, name, whole.pop(name, "")) for name in ("boroughs", "editions")}
    editions = _editions(errors, own["editions"])
    known = {"": _values(errors, "", whole)}
    for name, value in own["boroughs"].items():
        known[name.casefold()] = _values(errors, name, _mapping(errors, name, value))
    errors.raise_any()
    return Publisher(**known.get(borough.casefold(), known[""]), editions=editions)


def _mapping(errors: ErrorCollector, place: str, value: Any) -> dict[str, Any]:
    if value in ("", None):
        return {}
    if isinstance(value, dict):
        return dict(value)
    errors.add(f"{place} is {shown(str(value))}", "write lines such as `name: value` below it")
    return {}


def _values(errors: ErrorCollector, borough: str, lines: dict[str, Any]) -> dict[str, Any]:
    """The values of a publisher's lines by name, each as its rule has it; the faults noted."""
    within = f", {borough}" if borough else ""
    names = [field.name for field in fields(Publisher) if field.name != "editions"]
    found: dict[str, Any] = {}
    for name, value in lines.items():
        text = value.strip() if isinstance(value, str) else value
        if name not in names:
            errors.add(f"there is no line {shown(name)}{within}", did_you_mean(name, names))
            continue
        rule, wanted = _RULES.get(name, (_line, "one line of text"))
        made = rule(text) if isinstance(text, str) and text else text or ""
        if made is None or not isinstance(text, str):
            remedy = f"write {wanted}, or nothing after the colon"
            errors.add(f"{name}{within} is {shown(str(text))}", remedy)
            continue
        found[name] = made
    if not lines.get("publisher"):
        errors.add(f"it names no publisher{within}", "add the line `publisher:` with a name")
    return {name: value for name, value in found.items() if value != ""}


def _editions(errors: ErrorCollector, lines: dict[str, Any]) -> dict[int, Dates]:
    found: dict[int, Dates] = {}
    for year, value in lines.items():
        place = f"edition {year}"
        dates = _mapping(errors, place, value)
        if not re.fullmatch(r"20\d\d", year):
            errors.add(f"{shown(year)} is no edition", "write a year such as 2026")
        for name, text in dates.items():
            if name not in ("published", "next"):
                remedy = did_you_mean(name, ("published", "next"))
                errors.add(f"{place}: there is no {shown(name)}", remedy)
            elif text and _in_words(str(text)) is None:
                remedy = "write a day such as 2026-11-27 or a month such as 2027-09"
                errors.add(f"{place}: {name} is {shown(str(text))}", remedy)
        if not errors.errors:
            words = {name: _in_words(text) or "" for name, text in dates.items()}
            found[int(year)] = Dates(**words, published_on=_day(dates.get("published", "")))
    return found


def _day(text: str) -> date | None:
    """The day that "2026-11-27" or the month "2026-11" begins with; None where it is neither."""
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return None


def _in_words(text: str) -> str | None:
    """ "27 November 2026" of "2026-11-27", "September 2027" of "2027-09"; None of neither."""
    day = _day(text)
    if day is None or not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return None
    return f"{day.day} {day:%B %Y}" if len(text) > 7 else f"{day:%B %Y}"


def _matching(pattern: str) -> Callable[[str], str | None]:
    return lambda text: text if re.fullmatch(pattern, text) else None


def _line(text: str) -> str | None:
    return text if text.isprintable() else None


_ADDRESS, _EMAIL = r"https?://[^\s\"'<>]+", r"[^\s@\"'<>:]+@[^\s@\"'<>:]+\.[^\s@\"'<>:]+"


def _folder(text: str) -> str | None:
    """The address of a folder, with the slash at its end."""
    return f"{text.rstrip('/')}/" if re.fullmatch(_ADDRESS, text) else None


# The rule for the value of each line, and what to write.
_RULES: dict[str, tuple[Callable[[str], object], str]] = {
    "council": ({"yes": True, "true": True, "no": False, "false": False}.get, "yes or no"),
    "address": (_folder, "an address such as https://safer.example.gov.uk/"),
    "email": (_matching(_EMAIL), "an email address"),
    "telephone": (_matching(r"[+\d][\d ()]{6,}"), "a telephone number"),
    "feedback": (_matching(f"{_ADDRESS}|{_EMAIL}"), "the address of a page or of an email"),
    "reply_days": (_matching(r"[1-9]\d?"), "a number of days"),
    "statement_prepared": (_in_words, "a day such as 2026-11-27"),
    "statement_reviewed": (_in_words, "a day such as 2026-11-27"),
}
