"""What the page takes: texts, targets and files up to a size, and what it says of others."""

from dataclasses import dataclass

from gatbert.errors import UserError
from gatbert.ranges import PositiveInt

TARGET_CHARACTERS = 500
"""Most characters of a target, which names something."""

UPLOAD_BYTES = 50 * 1024 * 1024
"""Most bytes of a file."""


@dataclass(frozen=True)
class Limits:
    """Hold the most that the page takes.

    Attributes:
        max_characters: Most characters of a text.
        max_rows: Most rows of a file.
    """

    max_characters: PositiveInt = 10_000
    max_rows: PositiveInt = 10_000

    def check(self, text: str | None, target: str | None, where: str = "") -> None:
        """Refuse a text or a target that is empty or too long.

        Args:
            text: The text.
            target: The target.
            where: Where they stand, as the beginning of the message; empty for the fields of the page.

        Raises:
            UserError: If one of them is.
        """
        for kind, value, most in (("text", text, self.max_characters), ("target", target, TARGET_CHARACTERS)):
            if value is None or not value.strip():
                remedy = "" if where else f"; write a {kind}"
                raise UserError(_sentence(where, f"the {kind} is empty{remedy}"))
            if len(value) > most:
                raise UserError(_sentence(where, f"the {kind} has {len(value):,} characters; accepted are {most:,}"))


def _sentence(where: str, said: str) -> str:
    return f"{where}: {said}" if where else f"{said[0].upper()}{said[1:]}."
