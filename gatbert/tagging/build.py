"""From what a graph corpus says about itself to the tagger that tags raw text in the same way."""

from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.tagging.tagger import Relevance, Tagger


def build_tagger(info: GraphCorpusInfo, graph: KnowledgeGraph) -> Tagger:
    """Build the tagger with which a graph corpus was tagged; loads torch only if similarity is measured.

    Args:
        info: How the corpus was tagged.
        graph: The graph, opened; it may have moved since.

    Raises:
        UserError: If it is another graph, or the encoder for similarity cannot be loaded.
    """
    if graph.checksum != info.graph_checksum:
        raise UserError(
            f"the graph {graph.folder} has the checksum {graph.checksum[:12]}, and the corpus was tagged with "
            f"{info.graph}, checksum {info.graph_checksum[:12]}; give that graph, or tag and train again with this one"
        )
    relevance: Relevance | None = None
    if info.similarity is not None:
        # Here, as torch takes seconds to import, and most corpora are tagged without it.
        from gatbert.tagging.relevance import EncoderRelevance

        relevance = EncoderRelevance(graph, info.similarity)
    return Tagger(graph, info.settings, info.allowed, relevance, info.known_names, info.kept)
