"""Controlled data: samples whose stance can be told only through the graph."""

import reprlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Annotated

import numpy as np

from gatbert.errors import UserError
from gatbert.ranges import Range, Seed, check_ranges
from gatbert.samples import GraphSample
from gatbert.samples.relations import WORD_CONCEPT, vocabulary
from gatbert.samples.stances import STANCES
from gatbert.samples.words import split_words

TARGETS = (
    "solar farms", "night trains", "school uniforms", "city bikes", "rent control", "zoos", "tidal power", "road tolls",
    "early voting", "organ markets", "space travel", "home births", "dog parks", "paper money", "open borders",
)  # fmt: skip
MENTIONS = (
    "harbour", "orchard", "bakery", "lantern", "violin", "glacier", "saddle", "copper", "meadow", "anchor", "pottery",
    "falcon", "canyon", "blanket", "compass", "walnut", "ribbon", "chapel", "mirror", "barley", "ladder", "pepper",
)  # fmt: skip
ROOTS = (
    "tunnel", "marble", "sparrow", "kettle", "cinema", "granite", "helmet", "maple", "wagon", "button", "desert",
    "pencil", "velvet", "island", "hammer", "garlic", "basket", "statue", "needle", "turtle", "carpet", "branch",
)  # fmt: skip
BETWEEN = (
    "window", "summer", "engine", "letter", "market", "corner", "bottle", "planet", "garden", "number", "jacket",
    "silver", "puzzle", "camera", "dinner", "forest", "magnet", "ticket", "shadow", "wheel", "stone", "cloud",
)  # fmt: skip
POLES = {"against": "damage", "favor": "benefit", "neutral": "paperwork"}
TEXTS = (
    "Think of the {}.", "It is about the {}.", "Again the {}!", "The {}, of course.", "Mind the {}.", "And the {}?",
    "Not a word of the {}.", "Just look at the {}.",
)  # fmt: skip
"""Short: in a long text, the first token hears little of one word, and training takes longer before it learns."""

DECIDING, OTHER = "Causes", "HasContext"
RELATIONS = vocabulary([DECIDING, OTHER, "RelatedTo"])
"""Relations of all synthetic graphs."""

REVERSE_IDS = RELATIONS.reverse_ids()


@dataclass(frozen=True)
class SyntheticSettings:
    """Say how hard the stance is to tell.

    Attributes:
        num_texts: Number of texts; each comes with three graphs, one for each stance.
        hops: Edges between the concept that the text mentions and the one that decides, 1 or more.
        distractors: Chains of the same length from concepts that nothing mentions, 0 to 2. With two, all three
            deciding concepts are always there, and only who is connected with whom tells the stance.
        relation_dependent: Whether the mentioned concept is connected with all three deciding ones, and only the
            relation of its first edge tells which of them counts. There are no distractors then.
        seed: Another seed makes other samples.
    """

    num_texts: Annotated[int, Range(least=1, most=1_000_000)] = 500
    hops: Annotated[int, Range(least=1, most=len(BETWEEN) // len(POLES))] = 2
    distractors: Annotated[int, Range(least=0, most=len(POLES) - 1)] = 2
    relation_dependent: bool = False
    seed: Seed = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value, wanted = getattr(self, field.name), type(field.default)
            if type(value) is not wanted:
                kind = "true or false" if wanted is bool else "a whole number"
                raise UserError(f"{field.name} {reprlib.repr(value)} is not accepted; accepted is {kind}")
        check_ranges(SyntheticSettings, vars(self))


def generate(settings: SyntheticSettings) -> Iterator[GraphSample]:
    """Yield samples, three with each text and target: one with a graph for each stance."""
    random = np.random.default_rng(settings.seed)
    for number in range(settings.num_texts):
        target, mention = str(random.choice(TARGETS)), str(random.choice(MENTIONS))
        text = str(random.choice(TEXTS)).format(mention)
        # Text and target are the same for all three: whoever does not see the graph can but guess.
        for stance in STANCES:
            graph = _relation_graph if settings.relation_dependent else _chain_graph
            builder = _Builder(target, text, mention, random)
            graph(builder, stance, settings)
            yield builder.sample(f"{number}-{stance}", stance)


def _chain_graph(builder: "_Builder", stance: str, settings: SyntheticSettings) -> None:
    """Lead a chain from the mentioned concept to the pole of the stance, and others from elsewhere to other poles."""
    others = [pole for name, pole in POLES.items() if name != stance]
    poles = [POLES[stance], *builder.draw(others, settings.distractors)]
    roots = [builder.mention, *builder.draw(ROOTS, settings.distractors)]
    # No concept between stands in two chains, which would be connected there.
    between = iter(builder.draw(BETWEEN, len(poles) * (settings.hops - 1)))
    for root, pole in zip(roots, poles, strict=True):
        builder.chain([root, *(next(between) for _ in range(settings.hops - 1)), pole], DECIDING)


def _relation_graph(builder: "_Builder", stance: str, settings: SyntheticSettings) -> None:
    """Lead a chain from the mentioned concept to each pole; that of the stance begins with the deciding relation."""
    between = iter(builder.draw(BETWEEN, len(POLES) * (settings.hops - 1)))
    for name, pole in POLES.items():
        path = [builder.mention, *(next(between) for _ in range(settings.hops - 1)), pole]
        builder.chain(path, DECIDING if name == stance else OTHER)


class _Builder:
    """Collect the concepts and edges of one sample."""

    def __init__(self, target: str, text: str, mention: str, random: np.random.Generator) -> None:
        self.target, self.text, self.mention = target, text, mention
        self.random = random
        self.target_words, text_words = split_words(target), split_words(text)
        self.words = (*self.target_words, *text_words)
        self.edges: list[tuple[int, int, int]] = []
        self.concepts: dict[str, int] = {}
        self._link(range(len(self.target_words)), target)
        self._link([len(self.target_words) + text_words.index(mention)], mention)

    def draw(self, names: Sequence[str], count: int) -> list[str]:
        """Draw different names."""
        return [names[index] for index in self.random.permutation(len(names))[:count]]

    def chain(self, path: Sequence[str], first_relation: str) -> None:
        """Add edges along a path, in both directions."""
        for number, (head, tail) in enumerate(pairwise(path)):
            relation = RELATIONS.id(first_relation if number == 0 else "RelatedTo")
            self._both(self._node(head), self._node(tail), relation)

    def sample(self, sample_id: str, stance: str) -> GraphSample:
        """Return the sample, its concepts in random order but for those that are mentioned."""
        # Order must not tell which chain decides; the first two concepts are those of target and mention.
        names = list(self.concepts)
        order = [0, 1, *(2 + self.random.permutation(len(names) - 2)).tolist()]
        # (nodes,): where each node goes; words stay
        node = np.arange(len(self.words) + len(names))
        node[len(self.words) + np.array(order)] = np.arange(len(names)) + len(self.words)
        # (3, edges): head, tail, relation
        edges = np.array(self.edges, np.int32).T
        return GraphSample(
            id=sample_id,
            text=self.text,
            target=self.target,
            stance=stance,
            words=self.words,
            num_target_words=len(self.target_words),
            concepts=tuple(names[index] for index in order),
            edges=np.stack([*node[edges[:2]], edges[2]]).astype(np.int32),
        )

    def _link(self, words: Iterable[int], concept: str) -> None:
        for word in words:
            self._both(word, self._node(concept), WORD_CONCEPT)

    def _both(self, head: int, tail: int, relation: int) -> None:
        self.edges += [(head, tail, relation), (tail, head, int(REVERSE_IDS[relation]))]

    def _node(self, concept: str) -> int:
        return len(self.words) + self.concepts.setdefault(concept, len(self.concepts))
