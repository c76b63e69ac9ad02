"""What is known of phrases, remembered up to a limit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Known = TypeVar("Known")


class PhraseCache(Generic[Known]):
    """Remember what is known of phrases, which come up again and again; finds that of new ones many at once.

    Args:
        find: Returns what is to be known of each of some phrases, in order.
        limit: Phrases from which on all are forgotten before more are found.
    """

    def __init__(self, find: Callable[[Sequence[str]], Iterable[Known]], limit: int) -> None:
        self.find = find
        self.limit = limit
        self._known: dict[str, Known] = {}

    def of(self, phrases: Iterable[str]) -> Mapping[str, Known]:
        """Return what is known of some phrases, and maybe of others; it stays whole, whatever is asked for later."""
        if len(self._known) >= self.limit:
            self._known = {}  # a new one: what was returned before is still in use
        known = self._known
        if new := list(dict.fromkeys(phrase for phrase in phrases if phrase not in known)):
            known.update(zip(new, self.find(new), strict=True))
        return known
