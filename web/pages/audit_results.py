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


# None if nobody has looked at every criterion: nothing is claimed then.
AUDIT: Audit | None = Audit("2026-11-23", conform=72, not_conform=12, not_applicable=22)
CRITERIA = 106
