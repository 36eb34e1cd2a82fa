"""The two settings of a book: whose borough and which year."""

import os
from dataclasses import dataclass

from safer_communities.environment import number_from_environment

DEFAULT_BOROUGH = "Barnet"
DEFAULT_EDITION = 2022


@dataclass(frozen=True)
class Settings:
    """The borough (its name) and the edition (the year its twelve months end in)."""

    borough: str = DEFAULT_BOROUGH
    edition: int = DEFAULT_EDITION

    @classmethod
    def from_environment(cls) -> "Settings":
        """BOROUGH and EDITION from the environment, or the strategy's own.

        Raises InputError where EDITION is not a year.
        """
        edition = number_from_environment(
            "EDITION",
            DEFAULT_EDITION,
            allowed=range(10_000),
            kind="a year",
            remedy=f"give a year such as {DEFAULT_EDITION}",
        )
        return cls(borough=os.environ.get("BOROUGH") or DEFAULT_BOROUGH, edition=edition)

    def as_environment(self) -> dict[str, str]:
        """The variables that hand these settings to another process."""
        return {"BOROUGH": self.borough, "EDITION": str(self.edition)}
