"""The words of the briefing: what moved, each in three lines, and what to ask about it."""

from collections.abc import Sequence

from IPython.display import Markdown

from safer_communities.analysis.moved.messages import Message, Messages
from safer_communities.analysis.moved.questions import Question
from safer_communities.chapter.data_sources import escaped
from safer_communities.facts import wording

# So many changes fit on the first of four pages.
MOST_FINDINGS = 4


def findings(messages: Messages) -> Markdown:
    """The kinds of crime that moved clearly, the most offences first; what has no room is named."""
    told = [_finding(each) for each in messages.cards[:MOST_FINDINGS]]
    others = [wording.in_sentence(each.name) for each in messages.cards[MOST_FINDINGS:]]
    if others:
        told.append(f"Clear too, but of fewer offences: {wording.listed(others)}.")
    return Markdown("\n\n".join(told))


def asked(questions: Sequence[Question]) -> Markdown:
    """The questions as a numbered list, each with its reason."""
    return Markdown("\n".join(f"1. **{escaped(q.ask)}** {escaped(q.why)}" for q in questions))


def _finding(message: Message) -> str:
    return f"""### {escaped(message.headline)}

:::{{div}} badge {message.direction}
{message.badge}
:::

{escaped(message.counted)} {escaped(message.beside)}"""
