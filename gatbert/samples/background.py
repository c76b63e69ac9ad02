"""The background of a sample: pieces of text that a classifier may read beside it, the most important first."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from gatbert.errors import UserError
from gatbert.samples.sample import GraphSample, Sample

BackgroundName = Literal["none", "text", "concepts", "definition"]

BETWEEN = "; "
"""What stands between two pieces of a background."""


def concept_text(concept: str, definition: str) -> str:
    """Return a concept with what it says, such as ``zoo: a place where animals are shown``."""
    return f"{concept}: {definition}" if definition else concept


def concept_texts(sample: GraphSample) -> tuple[str, ...]:
    """Return each concept of a sample with what it says, nearest first.

    Raises:
        UserError: If what they say was not kept.
    """
    if sample.concepts and not sample.definitions:
        raise UserError(
            f"sample {sample.id} has concepts without definitions; tag the corpus with gatbert tag --definitions true"
        )
    return tuple(map(concept_text, sample.concepts, sample.definitions))


BACKGROUNDS: Mapping[str, Callable[[GraphSample], tuple[str, ...]]] = MappingProxyType(
    {"concepts": lambda sample: sample.concepts, "definition": concept_texts}
)
"""What a graph says of a sample, by name."""


def background(sample: Sample, name: BackgroundName) -> tuple[str, ...]:
    """Return the background of a sample, piece by piece.

    Args:
        sample: The sample.
        name: Where its background comes from.

    Raises:
        UserError: If the sample has none of that kind.
    """
    if name == "text":
        return (sample.background,) if sample.background else ()
    if name == "none":
        return ()
    if not isinstance(sample, GraphSample):
        raise UserError(
            f"sample {sample.id} has no concepts for background {name}; tag the corpus with gatbert tag, then give "
            "--data.corpus_type graph and the tagged files (configs/graph_data.yaml)"
        )
    return BACKGROUNDS[name](sample)
