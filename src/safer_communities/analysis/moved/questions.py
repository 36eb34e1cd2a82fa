"""What to ask about a year: questions that follow from its figures by rule, with the reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safer_communities.analysis.moved.messages import Message, Messages
from safer_communities.analysis.priorities.progress import WORSE, Progress
from safer_communities.analysis.wards.ward_rates import WardRates
from safer_communities.facts import wording

# So many changes are asked about, the largest first, and so many names are given in a sentence.
MOST_CHANGES, MOST_NAMES = 4, 6
# What else a count depends on, by the column `moves_with` of the offences, as a question.
_OR_DID = {
    "how much the police look for them": "did the police look for it {}",
    "how much of it shops report": "did shops report it {} often",
    "how many people come forward": "did {} people come forward",
}


@dataclass(frozen=True)
class Question:
    """A question, and `why` it is asked: what the figures show."""

    ask: str
    why: str


def questions(messages: Messages, wards: WardRates, progress: Progress) -> tuple[Question, ...]:
    """What to ask about the changes of a year, the wards, and the indicators of the priorities."""
    found = [_of_change(each) for each in messages.cards[:MOST_CHANGES]]
    if messages.parts_told:
        found.append(Question("Is it known what is behind these?", messages.parts_told))
    return (*found, *_of_wards(wards), *_of_progress(progress))


def _of_change(message: Message) -> Question:
    """What else could have made the change: a place, some months, policing, all of London."""
    year, resting = message.year, message.resting
    rose = year.change > 0
    asked = []
    if resting and resting.in_ward:
        asked.append(f"What happened in {resting.ward}, and is it over?")
    elif resting:
        asked.append("What happened in those months, and is it over?")
    if message.moves_with in _OR_DID:
        more = "more" if rose else "less"
        or_did = _OR_DID[message.moves_with].format("more" if rose else "less")
        asked.append(f"Is there {more} of it, or {or_did}?".replace("less people", "fewer people"))
    if not asked and year.directions[1]:
        asked.append("What is different here from the other boroughs?")
    if not asked:
        asked.append(f"Is it known what is behind the {'rise' if rose else 'fall'}?")
    why = [f"{message.headline}.", resting.told() if resting else message.beside]
    return Question(" ".join(asked), " ".join(filter(None, why)))


def _of_wards(wards: WardRates) -> Iterator[Question]:
    above = sorted(wards.table.loc[wards.table["compared"] == "above", "area"])
    if above:
        named = wording.named_or_counted(above, "wards", MOST_NAMES)
        yield Question(
            "How much of it happens to people who live elsewhere, and at which places?",
            f"For every resident, {named} had clearly more crime than the other wards. People who "
            "come there to shop, work or go out are not counted as residents.",
        )
    yield Question(
        "Who looks at what happens in each ward, and what do they see?",
        "Sexual offences, hate crime and homicide are not shown by ward: so few offences could "
        "point to a person.",
    )


def _of_progress(progress: Progress) -> Iterator[Question]:
    worse = progress.table.loc[progress.table["verdict"] == WORSE, "indicator"]
    if len(worse):
        yield Question(
            "What is done about each of these, and how will anyone know that it works?",
            f"Since the {progress.first.label}, of {len(progress.followed.table)} figures that "
            f"follow the strategy's aims, {wording.how_many(len(worse))} got worse{_names(worse)}.",
        )
    missing = progress.unfollowed["indicator"]
    if len(missing):
        yield Question(
            "Who holds these figures, and could they be published?",
            f"The strategy's aims call for {wording.cardinal(len(missing))} "
            f"{'figure that is' if len(missing) == 1 else 'figures that are'} not here"
            f"{_names(missing)}.",
        )


def _names(indicators: Iterable[str]) -> str:
    """The indicators after a colon where they are few enough to be named; else nothing."""
    names = list(map(wording.in_sentence, indicators))
    return f": {wording.listed(names)}" if len(names) <= MOST_NAMES else ""
