"""A net change as the parts that lead it, and what all others make together."""

from dataclasses import dataclass

import pandas as pd

# Below a tenth of all rises and falls together, a share in what is left of them says nothing.
LEAST_NET = 0.1
MOST_LEADS = 3
# Of the others, a rise or a fall is named that is at least so large beside the leading change.
NAMED_BESIDE = 1 / 3


@dataclass(frozen=True)
class Split:
    """A net change as the parts that lead it and `rest`, what all others make together.

    `leads` are the largest changes in the direction of the net change, until they make half of it;
    there are none where rises and falls nearly cancel out. `rise` and `fall` are the largest of the
    others, where they are large too (else empty). All are changes by the name of the part.
    """

    net: int
    leads: pd.Series
    rest: int
    rise: pd.Series
    fall: pd.Series


def split(changes: pd.Series) -> Split:
    """The `Split` of whole numbers by name, which add up to the net change."""
    net, moved = int(changes.sum()), int(changes.abs().sum())
    ordered = changes.sort_values(ascending=net < 0, kind="stable")
    leads = ordered.iloc[:0]
    if abs(net) >= max(LEAST_NET * moved, 1):
        enough = int((ordered.cumsum().abs() < abs(net) / 2).sum()) + 1
        leads = ordered.iloc[: min(enough, MOST_LEADS)]
    others = changes.drop(leads.index).sort_values(kind="stable")
    least = leads.abs().max() * NAMED_BESIDE if len(leads) else 1
    rise, fall = others.iloc[-1:], others.iloc[:1]
    return Split(
        net,
        leads,
        net - int(leads.sum()),
        rise[rise >= max(least, 1)],
        fall[-fall >= max(least, 1)],
    )
