"""What every check is given: the evidence, and the strategy's other numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safer_communities.claims.evidence import Evidence
from safer_communities.claims.verdicts import Claim, Finding
from safer_communities.errors import did_you_mean


@dataclass(frozen=True)
class Context:
    """The evidence, every claim by its id, and `find`, which checks another claim."""

    evidence: Evidence
    claims: Mapping[str, Claim]
    find: Callable[[str], Finding]

    def other(self, claim: Claim, argument: str) -> Claim:
        """The claim that an argument names. Raises ValueError where there is no such claim."""
        return self.named(claim, claim.arguments[argument])

    def others(self, claim: Claim, argument: str) -> list[Claim]:
        """The claims that an argument names, separated by spaces."""
        return [self.named(claim, name) for name in claim.arguments[argument].split()]

    def named(self, claim: Claim, name: str) -> Claim:
        """The claim of that id. Raises ValueError, naming who asked, where there is none."""
        if name not in self.claims:
            remedy = did_you_mean(name, self.claims)
            raise ValueError(
                f"arguments: claim {claim.id!r} names {name!r}, which is not a claim; {remedy}"
            )
        return self.claims[name]


Check = Callable[[Claim, Context], Finding]
