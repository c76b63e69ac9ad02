"""Graph corpora: what ``gatbert tag`` wrote, and the older positional TSV."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from gatbert.corpora.fields import Ids, Labels, as_written
from gatbert.corpora.graph_corpus import read_graph_corpus, read_info
from gatbert.corpora.rows import CELL_LIMIT
from gatbert.corpora.table import generic_labels
from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.samples import GraphSample, Origin, Sample
from gatbert.samples.relations import FIRST_RELATION, MOST_RELATIONS, TOKEN_TOKEN, WORD_CONCEPT, Relations
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

POSITIONAL_SUFFIXES = (".tsv", ".txt")
COUNT = re.compile(r"\d{1,9}", re.ASCII)
EDGE = re.compile(r"\s*\d{1,9}\s*,\s*\d{1,9}\s*,\s*\d{1,9}\s*", re.ASCII)
"""Nine digits fit into an edge's 32 bits."""


class GraphCorpusFormat:
    """Read graph corpora; columns cannot be mapped, as the files have none of the user's.

    Files: ``.parquet``, as ``gatbert tag`` wrote it; or ``.tsv`` and ``.txt`` in the older positional format, as the
    published tool writes it (https://github.com/UF-NLPC-Lab/gatbert, ``GraphSample.to_row``): a line a sample, tab
    separated by Python's csv module: stance, number of target words, of text words and of concepts, then those words
    and concepts, then edges as ``head,tail,relation``, where nodes count from 0 through words and concepts, and
    relations are ids.

    Traps of the older format: the stance is a number, 0 = none, 1 = against, 2 = favor, which is not the order of VAST;
    words (``favor``) are read as well, and ``labels`` maps any other. Cells with a quotation mark are quoted. Concepts
    are ConceptNet's URIs (``/c/en/wind_power/n``), or terms.
    """

    labels: Mapping[str, str | None] = MappingProxyType({"0": NEUTRAL, "1": AGAINST, "2": FAVOR})

    def read(
        self,
        path: Path,
        columns: Mapping[str, str | None],
        labels: Mapping[str, str | None] | None,
        stances: Sequence[str],
        require_stance: bool,
        skipped: Counter[str],
    ) -> Iterator[Sample]:
        """Yield the samples of a file; arguments and errors as in ``read_corpus``."""
        if columns:
            raise UserError(
                f"{path}: a graph corpus has no columns to map; columns {dict(columns)} was for gatbert tag"
            )
        if path.suffix in POSITIONAL_SUFFIXES:
            published = {label: stance for label, stance in self.labels.items() if stance in stances}
            known = Labels(
                path, labels or {**generic_labels(tuple(stances)), **published}, stances, skips=labels is not None
            )
            return _positional(path, known, require_stance, skipped)
        if labels is not None:
            raise UserError(
                f"{path}: a tagged corpus has stances, no labels; labels {dict(labels)} was for gatbert tag"
            )
        return _tagged(path, stances)

    def relations(self, path: Path) -> Relations:
        """Return the relations of a file; the older format names none, so its ids stand for themselves."""
        if path.suffix not in POSITIONAL_SUFFIXES:
            return read_info(path).relations
        samples = _positional(path, None, False, Counter())
        largest = max((int(sample.edges[2].max(initial=WORD_CONCEPT)) for sample in samples), default=WORD_CONCEPT)
        names = tuple(f"relation {relation_id}" for relation_id in range(FIRST_RELATION, largest + 1))
        # Which of them are reverses of which is not known: each stands alone, as a symmetric one does.
        return Relations(names, frozenset(names))


GRAPH = GraphCorpusFormat()


def _tagged(path: Path, stances: Sequence[str]) -> Iterator[Sample]:
    info = read_info(path)
    for number, tagged in enumerate(read_graph_corpus(path), start=1):
        sample = tagged.sample
        if sample.stance is not None and sample.stance not in stances:
            raise UserError(
                f"{path}:{number}: the stance {sample.stance!r} is none of {', '.join(stances)}; the corpus was tagged "
                f"with --stances [{', '.join(info.stances)}]; read it with the same (data.stances), or tag it again"
            )
        _check_edges(f"{path}:{number}", sample, len(info.relations))
        yield replace(sample, origin=Origin(str(path), number))


def _check_edges(where: str, sample: GraphSample, num_relations: int) -> None:
    """Refuse edges between nodes or of relations that there are not, and those that join two words."""
    num_nodes = len(sample.words) + len(sample.concepts)
    heads_and_tails, relation_ids = sample.edges[:2], sample.edges[2]
    if heads_and_tails.size and not 0 <= heads_and_tails.min() <= heads_and_tails.max() < num_nodes:
        raise UserError(f"{where}: an edge points outside the {num_nodes} nodes of the sample")
    for relation_id in relation_ids[(relation_ids < 1) | (relation_ids >= num_relations)][:1].tolist():
        raise UserError(f"{where}: an edge has the relation id {relation_id}; accepted is 1 to {num_relations - 1}")
    between_words = (heads_and_tails < len(sample.words)).all(0) & (relation_ids != TOKEN_TOKEN)
    for head, tail, relation in sample.edges[:, between_words].T[:1].tolist():
        raise UserError(
            f"{where}: the edge {head},{tail},{relation} joins two words; accepted are edges with a concept at one end"
        )


def _positional(
    path: Path, labels: Labels | None, require_stance: bool, skipped: Counter[str]
) -> Iterator[GraphSample]:
    """Yield the samples of the older form, whose columns are known by their places; errors name file and line."""
    ids, count = Ids(path), 0
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(utf8_lines(path), delimiter="\t", strict=True)
    number = 1
    try:
        for cells in reader:
            start, number = number, reader.line_num + 1
            if cells in ([], [""]):
                continue  # a blank line is no sample
            count += 1
            if labels is not None and labels.skip(cells[0].strip()):
                skipped[as_written(cells[0].strip())] += 1
                continue
            stance = None if labels is None else labels.stance(start, cells[0].strip(), require_stance)
            sample = _sample(f"{path}:{start}", start, cells, stance, ids)
            yield replace(sample, origin=Origin(str(path), start))
    except csv.Error as error:
        raise UserError(f"{path}:{number}: {error}; a quote is not closed or the file is cut short") from error
    if not count:
        raise UserError(f"{path}: the file is empty; accepted is one tagged sample a line")


def _sample(where: str, number: int, cells: Sequence[str], stance: str | None, ids: Ids) -> GraphSample:
    """Return the sample in the cells of a line: three counts, words, concepts, then edges."""
    counts = [int(cell) for cell in cells[1:4] if COUNT.fullmatch(cell)]
    if len(counts) < 3 or min(counts[:2]) < 1:
        raise UserError(
            f"{where}: columns 2 to 4 are {cells[1:4]}; accepted are three counts: of target words and of text words, "
            "both 1 or more, and of concepts"
        )
    num_target, num_words, num_nodes = counts[0], sum(counts[:2]), sum(counts)
    if len(cells) < 4 + num_nodes:
        raise UserError(f"{where}: {len(cells) - 4} cells for {num_nodes} words and concepts; the line is cut short")
    words = tuple(cells[4 : 4 + num_words])
    target, text = " ".join(words[:num_target]), " ".join(words[num_target:])
    sample = GraphSample(
        id=ids.name(number, "", target, text),
        text=text,
        target=target,
        stance=stance,
        words=words,
        num_target_words=num_target,
        concepts=tuple(_phrase(where, concept) for concept in cells[4 + num_words : 4 + num_nodes]),
        edges=_edges(where, [cell for cell in cells[4 + num_nodes :] if cell]),
    )
    _check_edges(where, sample, MOST_RELATIONS)
    return sample


def _edges(where: str, cells: Sequence[str]) -> npt.NDArray[np.int32]:
    for cell in cells:
        if not EDGE.fullmatch(cell):
            raise UserError(f"{where}: the edge {cell[:40]!r} is no head,tail,relation in numbers")
    triples = [[int(number) for number in cell.split(",")] for cell in cells]
    return np.asarray(triples, np.int32).reshape(len(triples), 3).T


def _phrase(where: str, concept: str) -> str:
    """Return the phrase of a concept, which is a ConceptNet URI or a term."""
    term = [*concept.split("/"), "", "", "", ""][3] if concept.startswith("/c/") else concept
    phrase = " ".join(term.replace("_", " ").split())
    if not phrase:
        raise UserError(f"{where}: {concept!r} names no concept; accepted are phrases, or /c/LANGUAGE/TERM")
    return phrase
