"""Who publishes a book, and when: the words for its pages."""

from dataclasses import dataclass

from IPython.display import Markdown

from safer_communities.analysis.editions import Edition
from safer_communities.chapter.data_sources import escaped, link
from safer_communities.publisher import Publisher

_OWN_PLACE = "open an issue in the place where the code of this project is kept"


@dataclass(frozen=True)
class Imprint:
    """What a book says of itself: who publishes it, its edition, its dates, where faults go.

    `newest` is the year of the newest edition.
    """

    publisher: Publisher
    edition: Edition
    newest: int

    @property
    def who(self) -> str:
        """Who speaks: a sentence."""
        name = self.publisher.publisher
        if self.publisher.council:
            return f"Published by {name}."
        return f"An independent analysis by {name}, not by a council or the police."

    @property
    def when(self) -> str:
        """Edition, months, day of publication and the next: "2026 edition (newest) · …"."""
        year, dates = self.edition.year, self.publisher.dates(self.edition.year)
        later = "" if year == self.newest else f"followed by the {year + 1} edition"
        planned = f"next edition planned for {dates.next}" if dates.next else later
        parts = [
            f"{year} edition{' (newest)' if year == self.newest else ''}",
            f"figures to {self.edition.period.end:%B %Y}",
            f"published {dates.published}" if dates.published else "not yet published",
            planned or "no date yet for the next edition",
        ]
        return " · ".join(parts)

    @property
    def draft(self) -> str:
        """That the site of a council is a draft, and what it lacks; else empty."""
        lacking = self.publisher.lacking(self.edition.year)
        if not lacking:
            return ""
        return (
            f"This site is a draft: {self.publisher.publisher} has not yet said "
            f"{', '.join(lacking)}."
        )

    def facts(self) -> dict[str, str]:
        """Who publishes it, when, and the same in the words of the accessibility statement."""
        publisher = self.publisher
        kind = "" if publisher.council else ", which is not a council or another public body"
        return {
            "who": self.who,
            "when": self.when,
            "run_by": f"{publisher.publisher}{kind}",
            "prepared": publisher.statement_prepared or "a day not yet given",
            "reviewed": publisher.statement_reviewed or "a day not yet given",
        }

    @property
    def report(self) -> Markdown:
        """Where to report a fault, as a paragraph."""
        publisher = self.publisher
        place = publisher.feedback or publisher.email
        how = f"tell {escaped(publisher.publisher)}" if publisher.council else _OWN_PLACE
        if "@" in place:
            how = f"write to [{escaped(place)}](<{publisher.report_to}>)"
        elif place:
            how = f"use {link(f'the page for faults at {place}', place)}"
        return Markdown(f"To report a fault, {how}. Please name the page and the figure.")

    @property
    def contact(self) -> Markdown:
        """How to ask for the pages in another form, as a list, and when there is an answer."""
        publisher = self.publisher
        email, telephone = publisher.email, escaped(publisher.telephone)
        ways = [f"- email [{escaped(email)}](<mailto:{email}>)"] if email else []
        ways += [f"- call {telephone}"] if telephone else []
        if not ways:
            name = escaped(publisher.publisher)
            ways = [f"- tell {name}." if publisher.council else f"- {_OWN_PLACE}."]
        if publisher.reply_days:
            ways += ["", f"You will have an answer in {publisher.reply_days} days."]
        return Markdown("\n".join(ways))

    def statement(self, part: str) -> Markdown:
        """A part of the accessibility statement: a public body has to use the law's own words."""
        of_a_council, of_others = _STATEMENT[part]
        return Markdown(of_a_council if self.publisher.council else of_others)


_REGULATIONS = (
    "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility "
    "Regulations 2018"
)
# The words for a council, and those for others.
_STATEMENT = {
    "enforcement": (
        f"""## Enforcement procedure

The Equality and Human Rights Commission (EHRC) is responsible for enforcing {_REGULATIONS} (the \
"accessibility regulations"). If you are not happy with how we respond to your complaint, contact \
the [Equality Advisory and Support Service (EASS)](https://www.equalityadvisoryservice.com/).

## Technical information about this website's accessibility

The council is committed to making its website accessible, in accordance with {_REGULATIONS}.""",
        """## Which rules apply

The accessibility regulations of 2018 bind councils and other public bodies. The publisher of this \
site is not one. The pages are made to the same standard.""",
    ),
    "failures": (
        "### Non-compliance with the accessibility regulations",
        "### Where pages may fail the standard",
    ),
    "scope": (
        """### Disproportionate burden

We are not claiming a disproportionate burden for any part of this website.

### Content that is not within the scope of the accessibility regulations""",
        "### What this statement does not cover",
    ),
}
