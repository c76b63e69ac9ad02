"""What a corpus tells of its words by their capitals: which are names, and which are capitalised for another reason."""

import base64
import binascii
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gatbert.errors import UserError

MOST_BYTES = 1 << 26
"""Bytes of phrases that are unpacked at most."""


@dataclass(frozen=True)
class KnownNames:
    """Hold phrases in folded form, as a corpus spells them within its sentences.

    Attributes:
        names: Those that it spells with capitals more often than not: ``trump``, ``joe biden``.
        common: Those that it spells with capitals here and there, and in lower case as often or more: ``abortion``.
    """

    names: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of names of several words."""
        return frozenset(name.partition(" ")[0] for name in self.names if " " in name)

    def to_plain(self) -> dict[str, str]:
        """Return each set as one string: its phrases in order, compressed."""
        return {"names": _packed(self.names), "common": _packed(self.common)}

    @classmethod
    def from_plain(cls, values: Any, where: str) -> "KnownNames":
        """Return the record that ``to_plain`` described.

        Args:
            values: What ``to_plain`` returned, maybe out of a file.
            where: What the values are, for messages.

        Raises:
            UserError: If a value is missing, or no such string.
        """
        try:
            return cls(names=_unpacked(values["names"]), common=_unpacked(values["common"]))
        except (binascii.Error, zlib.error, ValueError, TypeError, KeyError) as error:
            raise UserError(f"{where} is damaged: known_names are no lists of phrases ({error})") from error


def _packed(phrases: frozenset[str]) -> str:
    return base64.b64encode(zlib.compress("\n".join(sorted(phrases)).encode(), 9)).decode()


def _unpacked(packed: str) -> frozenset[str]:
    """Return the phrases of a string, as long as they are not too many; errors are those of the libraries."""
    reader = zlib.decompressobj()
    text = reader.decompress(base64.b64decode(packed, validate=True), MOST_BYTES).decode()
    if not reader.eof:
        raise ValueError("too long, or cut short")
    return frozenset(text.split("\n")) - {""}
