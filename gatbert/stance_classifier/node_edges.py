"""The edges of samples between tokens and concepts, and what they say of nodes: hops and groups."""

from collections.abc import Sequence

import numpy as np

from gatbert.batches.nodes import Ints, Nodes
from gatbert.batches.rows import UNREACHABLE
from gatbert.samples import FIRST_TOKEN, GraphSample
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT, WordTokens


def node_edges(samples: Sequence[GraphSample], words: WordTokens, nodes: Nodes, num_concepts: Ints) -> Ints:
    """Return the edges of all samples between nodes ``(3, edges)``, ascending, none twice.

    Args:
        samples: The samples.
        words: The tokens of their words.
        nodes: Their nodes.
        num_concepts: How many concepts of each are kept ``(samples,)``.
    """
    # (3, edges), between words and concepts that count from 0 in each sample
    edges = np.concatenate([sample.edges for sample in samples], axis=1).astype(np.int64)
    # (edges,)
    sample = np.repeat(np.arange(len(samples)), [sample.edges.shape[1] for sample in samples])
    num_words = np.array([len(sample.words) for sample in samples])[sample]
    # Words attend to each other in any case; concepts may be cut.
    kept = (edges[:2] - num_words < num_concepts[sample]).all(0) & (edges[:2] >= num_words).any(0)
    edges, sample, num_words = edges[:, kept], sample[kept], num_words[kept]
    # (edges,) each: the nodes of an end are its first one and, of a word, those that follow
    (first_head, first_tail), (num_heads, num_tails) = _nodes_of_ends(edges[:2], sample, num_words, words, nodes)
    # (copies of edges,): an edge of words stands for one between each token of the one and each of the other
    copies = num_heads * num_tails
    turn = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    num_tails = np.repeat(num_tails, copies)
    heads = np.repeat(first_head, copies) + turn // num_tails
    tails = np.repeat(first_tail, copies) + turn % num_tails
    return _sorted_without_repeats(heads, tails, np.repeat(edges[2], copies))


def _nodes_of_ends(ends: Ints, sample: Ints, num_words: Ints, words: WordTokens, nodes: Nodes) -> tuple[Ints, Ints]:
    """Return the first node of both ends of each edge, and how many each stands for, both ``(2, edges)``.

    Args:
        ends: Words and concepts of each sample, or ``FIRST_TOKEN`` ``(2, edges)``.
        sample: Whose they are ``(edges,)``.
        num_words: How many words that sample has, which come before its concepts ``(edges,)``.
        words: The tokens of the words.
        nodes: All nodes.
    """
    # (2, edges)
    is_first_token = ends == FIRST_TOKEN
    is_word = ~is_first_token & (ends < num_words)
    # (2, edges), as if all were concepts, which are one node each
    node = (nodes.starts + nodes.num_tokens)[sample] + ends - num_words
    count = np.ones(ends.shape, np.int64)
    if is_word.any():
        # (ends that are words,)
        word = (words.word_starts[sample] + ends)[is_word]
        node[is_word] = np.flatnonzero(nodes.is_token)[words.first[word]]
        count[is_word] = words.count[word]
    return np.where(is_first_token, nodes.starts[sample], node), count


def _sorted_without_repeats(heads: Ints, tails: Ints, relations: Ints) -> Ints:
    """Return edges by head, tail and relation, each once ``(3, edges)``."""
    num_tails, num_relations = int(tails.max(initial=0)) + 1, int(relations.max(initial=0)) + 1
    # (edges,): one number per edge; np.unique hashes, which takes longer than to sort
    keys = np.sort((heads * num_tails + tails) * num_relations + relations)
    # (edges left,), and back to three numbers
    node_pairs, relations = np.divmod(keys[np.diff(keys, prepend=-1) > 0], num_relations)
    return np.stack([*np.divmod(node_pairs, num_tails), relations])


def hops_to_first_token(nodes: Nodes, edges: Ints) -> Ints:
    """Return how many steps of attention lie between each node and the first token of its sample ``(nodes,)``."""
    # (nodes,): every token is one step away, all others are not known to be within reach
    hops = np.where(nodes.is_token, 1, UNREACHABLE).astype(np.uint8)
    hops[nodes.starts] = 0
    # (edges,)
    heads, tails = edges[:2]
    for hop in range(UNREACHABLE - 1):
        # (nodes reached anew,)
        reached = tails[(hops[heads] == hop) & (hops[tails] > hop + 1)]
        if hop and not len(reached):
            break
        hops[reached] = hop + 1
    return hops


def node_groups(nodes: Nodes, edges: Ints, token_groups: Ints) -> Ints:
    """Return the group of each node ``(nodes,)``: a concept has those of all tokens that it is linked with."""
    # (nodes,)
    groups = np.zeros(len(nodes.is_token), np.int8)
    groups[nodes.is_token] = token_groups
    # (links,), from token to concept
    links = nodes.is_token[edges[0]] & ~nodes.is_token[edges[1]]
    heads, tails = edges[:2, links]
    for group in (IN_TARGET, IN_TEXT):
        groups[tails[groups[heads] == group]] |= group
    return groups
