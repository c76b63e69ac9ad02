"""How the graph of a sample ties its text to its target."""

import numpy as np
import numpy.typing as npt

from gatbert.samples.sample import GraphSample

Mask = npt.NDArray[np.bool_]


def names_target(sample: GraphSample) -> bool:
    """Tell whether a word of the text is linked with a concept of the target."""
    of_target, of_text = _mentioned(sample)
    return bool((of_target & of_text).any())


def path_length(sample: GraphSample) -> int | None:
    """Return the edges of the shortest path from a concept of the target to another of the text; None above two."""
    starts, of_text = _mentioned(sample)
    ends = of_text & ~starts
    # (edges,): those between concepts
    heads, tails = sample.edges[:2, (sample.edges[:2] >= len(sample.words)).all(0)]
    reached = starts
    for length in (1, 2):
        # (nodes,)
        reached = _marked(tails[reached[heads]], len(reached))
        if (reached & ends).any():
            return length
    return None


def _mentioned(sample: GraphSample) -> tuple[Mask, Mask]:
    """Tell which nodes are concepts of the target, and which of the text; each ``(nodes,)``."""
    num_words, num_nodes = len(sample.words), len(sample.words) + len(sample.concepts)
    heads, tails, _ = sample.edges
    # (edges,): from a word to a concept
    links = (heads < num_words) & (tails >= num_words)
    in_target = heads < sample.num_target_words
    return _marked(tails[links & in_target], num_nodes), _marked(tails[links & ~in_target], num_nodes)


def _marked(nodes: npt.NDArray[np.int32], num_nodes: int) -> Mask:
    """Return a mask ``(num_nodes,)`` of some nodes."""
    mask = np.zeros(num_nodes, np.bool_)
    mask[nodes] = True
    return mask
