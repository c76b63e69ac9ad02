"""Graph corpora: what ``gatbert tag`` wrote, and the older positional TSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gatbert.corpora.fields import Ids, Labels
from gatbert.errors import UserError
from gatbert.knowledge.graph_corpus import read_graph_corpus, read_info
from gatbert.knowledge.relations import TOKEN_TOKEN, WORD_CONCEPT, Relations
from gatbert.samples import GraphSample, Origin, Sample

POSITIONAL_SUFFIXES = (".tsv", ".txt")


class GraphCorpusFormat:
    """Read graph corpora; columns cannot be mapped, as the files have none of the user's.

    Files: ``.parquet``, as ``gatbert tag`` wrote it; or ``.tsv`` and ``.txt`` in the older positional format, a line a
    sample: stance, number of target words, of text words and of concepts, then those words and concepts, then edges as
    ``head,tail,relation``, where nodes count from 0 through words and concepts, and relations are ids.
    """

    labels: Mapping[str, str | None] = MappingProxyType({})

    def read(
        self,
        path: Path,
        columns: Mapping[str, str | None],
        labels: Mapping[str, str | None] | None,
        stances: Sequence[str],
        require_stance: bool,
    ) -> Iterator[Sample]:
        """Yield the samples of a file; arguments and errors as in ``read_corpus``."""
        if columns:
            raise UserError(
                f"{path}: a graph corpus has no columns to map; columns {dict(columns)} was for gatbert tag"
            )
        if path.suffix in POSITIONAL_SUFFIXES:
            known = Labels(path, labels or {}, stances)
            return _positional(path, known, require_stance)
        return _tagged(path, stances, require_stance)

    def relations(self, path: Path) -> list[str]:
        """Return the name of each relation id; the older format names none, so its ids stand for themselves."""
        if path.suffix not in POSITIONAL_SUFFIXES:
            return read_info(path).relations.labels()
        samples = _positional(path, None, require_stance=False)
        largest = max((int(sample.edges[2].max(initial=WORD_CONCEPT)) for sample in samples), default=WORD_CONCEPT)
        named = Relations(()).labels()
        return named + [f"relation {number}" for number in range(len(named), largest + 1)]


GRAPH = GraphCorpusFormat()


def _tagged(path: Path, stances: Sequence[str], require_stance: bool) -> Iterator[Sample]:
    num_relations = len(read_info(path).relations)
    for number, tagged in enumerate(read_graph_corpus(path), start=1):
        sample = tagged.sample
        if sample.stance is not None and sample.stance not in stances:
            raise UserError(f"{path}:{number}: the stance {sample.stance!r} is none of {', '.join(stances)}; tag again")
        _check_edges(f"{path}:{number}", sample, num_relations)
        yield replace(sample, origin=Origin(str(path), number))


def _check_edges(where: str, sample: GraphSample, num_relations: int | None) -> None:
    num_nodes = len(sample.words) + len(sample.concepts)
    heads_and_tails, relations = sample.edges[:2], sample.edges[2]
    if heads_and_tails.size and not 0 <= heads_and_tails.min() <= heads_and_tails.max() < num_nodes:
        raise UserError(f"{where}: an edge points outside the {num_nodes} nodes of the sample")
    allowed = "1 and more" if num_relations is None else f"1 to {num_relations - 1}"
    for relation in relations[(relations < 1) | (relations >= (num_relations or np.inf))][:1].tolist():
        raise UserError(f"{where}: an edge has the relation id {relation}; accepted is {allowed}")
    between_words = (heads_and_tails < len(sample.words)).all(0) & (relations != TOKEN_TOKEN)
    for head, tail, relation in sample.edges[:, between_words].T[:1].tolist():
        raise UserError(
            f"{where}: the edge {head},{tail},{relation} joins two words; accepted are edges with a concept at one end"
        )


def _positional(path: Path, labels: Labels | None, require_stance: bool) -> Iterator[GraphSample]:
    number, ids = 0, Ids(path)
    with path.open(encoding="utf-8") as file:
        try:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    cells = line.rstrip("\r\n").split("\t")
                    stance = None if labels is None else labels.stance(number, cells[0].strip(), require_stance)
                    sample = _sample(f"{path}:{number}", number, cells, stance, ids)
                    yield replace(sample, origin=Origin(str(path), number))
        except UnicodeDecodeError as error:
            raise UserError(f"{path}:{number + 1}: byte 0x{error.object[error.start]:02x} is not UTF-8") from error
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted is one tagged sample a line")


def _sample(where: str, number: int, cells: Sequence[str], stance: str | None, ids: Ids) -> GraphSample:
    try:
        num_target, num_text, num_concepts = map(int, cells[1:4])
    except ValueError as error:
        raise UserError(f"{where}: columns 2 to 4 are {cells[1:4]}; accepted are three counts") from error
    num_words, num_nodes = num_target + num_text, num_target + num_text + num_concepts
    words, concepts = tuple(cells[4 : 4 + num_words]), tuple(cells[4 + num_words : 4 + num_nodes])
    if len(words) + len(concepts) < num_nodes or min(num_target, num_text) < 1:
        raise UserError(f"{where}: {len(cells) - 4} cells for {num_nodes} words and concepts; the line is cut short")
    try:
        triples = [tuple(map(int, cell.split(","))) for cell in cells[4 + num_nodes :] if cell]
        edges = np.asarray(triples, np.int32).reshape(len(triples), 3).T
    except ValueError as error:
        raise UserError(f"{where}: an edge is no head,tail,relation in numbers") from error
    target, text = " ".join(words[:num_target]), " ".join(words[num_target:])
    sample = GraphSample(
        id=ids.name(number, "", target, text),
        text=text,
        target=target,
        stance=stance,
        words=words,
        num_target_words=num_target,
        concepts=tuple(concept.replace("_", " ") for concept in concepts),
        edges=edges,
    )
    _check_edges(where, sample, None)
    return sample
