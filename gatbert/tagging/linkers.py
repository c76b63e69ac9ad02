"""The linker of each language of a graph."""

from collections.abc import Iterable, Sequence

from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import LinkingSettings
from gatbert.corpora.wording import quoted, where_read
from gatbert.errors import UserError
from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.languages import language
from gatbert.samples import LANGUAGE, Sample
from gatbert.tagging.linking import Linker


def language_of(sample: Sample, languages: Sequence[str]) -> str:
    """Return which of a graph's languages a sample is in: the one that its flag names, or else the first.

    Raises:
        UserError: If its flag names none of them.
    """
    given = sample.meta.get(LANGUAGE, "")
    if not given:
        return languages[0]
    code = given.casefold().replace("_", "-")
    for one in (code, code.partition("-")[0]):
        if one in languages:
            return one
    raise UserError(
        f"{where_read(sample)}: the graph has no concepts in the language {quoted(given)}, but in "
        f"{', '.join(languages)}; build one with --languages, or leave language out of columns"
    )


class Linkers:
    """Make the linker of a language when a sample first asks for it.

    Args:
        graph: The knowledge graph.
        settings: How words are linked.
        allowed: Concepts that may be linked; by default all.
        known: What the corpus tells of names, in the first language.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: LinkingSettings | None = None,
        allowed: Iterable[int] | None = None,
        known: KnownNames | None = None,
    ) -> None:
        self.graph, self.settings, self.known = graph, settings, known or KnownNames()
        self._allowed = None if allowed is None else frozenset(allowed)
        self._of_language: dict[str, Linker] = {}

    def of(self, code: str) -> Linker:
        """Return the linker of a language; errors as in ``language``."""
        if code not in self._of_language:
            known = self.known if code == self.graph.languages[0] else KnownNames()
            self._of_language[code] = Linker(self.graph, self.settings, self._allowed, known, language(code))
        return self._of_language[code]
