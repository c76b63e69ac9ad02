"""``gatbert embed_graph``: a vector for each concept of a graph, trained on its facts alone."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.files.paths import new_folder
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.embedding.settings import EmbeddingSettings

if TYPE_CHECKING:  # torch takes seconds to import: mistakes in the arguments are told before
    from gatbert.knowledge.embedding.ranking import Ranking


def embed(graph: str, output: str, settings: EmbeddingSettings, device: str | None = None) -> None:
    """Train an embedding of a graph, for --model.concept_embeddings kge --model.concept_vectors FOLDER.

    Args:
        graph: Folder of the knowledge graph.
        output: Folder to write; it must not exist.
        settings: How the graph is embedded.
        device: cpu, cuda or cuda:N; by default a GPU, if there is one.
    """
    opened, folder, console = KnowledgeGraph(graph), new_folder(output), Console()
    from gatbert.knowledge.embedding.training import embed_graph

    def report(epoch: int, loss: float, ranking: "Ranking") -> None:
        console.print(f"epoch {epoch}: loss {loss:.4f}, validation MRR {ranking.mrr:.4f}", highlight=False)

    ranking = embed_graph(opened, folder, settings, device, report)
    table = Table(*(name.replace("_", " ") for name in ranking._fields), title="Test facts, ranked among all concepts")
    table.add_row(*(f"{value:.4f}" for value in ranking))
    console.print(table)
    console.print(visible(f"The vectors were written to {output}"), soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("embed_graph", "Train a vector for each concept of a knowledge graph.")
    parser.add_function_arguments(embed, skip={"settings"})
    parser.add_class_arguments(EmbeddingSettings)
    config = parser.parse_args(args)
    del config["config"]
    values = config.as_dict()
    settings = {name: values.pop(name) for name in EmbeddingSettings.__dataclass_fields__}
    embed(**values, settings=EmbeddingSettings(**settings))
