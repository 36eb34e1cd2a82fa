"""The two settings of a book: whose borough and which year."""

import os
from dataclasses import dataclass

DEFAULT_BOROUGH = "Barnet"
DEFAULT_EDITION = 2022


@dataclass(frozen=True)
class Settings:
    """The borough (its name) and the edition (the year its twelve months end in)."""

    borough: str = DEFAULT_BOROUGH
    edition: int = DEFAULT_EDITION

    @classmethod
    def from_environment(cls) -> "Settings":
        """BOROUGH and EDITION from the environment, or the strategy's own."""
        return cls(
            borough=os.environ.get("BOROUGH") or DEFAULT_BOROUGH,
            edition=int(os.environ.get("EDITION") or DEFAULT_EDITION),
        )

    def as_environment(self) -> dict[str, str]:
        """The variables that hand these settings to another process."""
        return {"BOROUGH": self.borough, "EDITION": str(self.edition)}
