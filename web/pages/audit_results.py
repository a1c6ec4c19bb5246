"""The last accessibility audit in figures, as docs/accessibility.md has it row by row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit by the 106 criteria of RGAA 4.1.2; `day` as 2026-01-31."""

    day: str
    conform: int
    not_conform: int
    not_applicable: int

    @property
    def rate(self) -> int:
        """The share of the criteria that apply and are met, in whole per cent, never rounded up."""
        apply = self.conform + self.not_conform
        return 100 * self.conform // apply if apply else 0


# None until every criterion has been looked at: nothing is claimed before.
AUDIT: Audit | None = None
CRITERIA = 106
