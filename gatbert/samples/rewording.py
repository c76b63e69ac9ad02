"""Changes of the words of samples, for tests of robustness: the graph follows the words, and is not linked anew."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from gatbert.errors import UserError
from gatbert.samples.node_removal import mentioned, without_nodes
from gatbert.samples.sample import GraphSample, Sample
from gatbert.samples.sentinels import FIRST_TOKEN
from gatbert.samples.stances import AGAINST, FAVOR
from gatbert.samples.words import split_words, word_spans

PREFIXES = {FAVOR: "I hate {target}, but ", AGAINST: "I love {target}, but "}
"""What is said before a text of that stance."""

TYPO_SEED = 0
TYPO_SHARE = 0.2
"""Share of the words with a typo, among those of letters alone that have at least four."""

LEAST_LETTERS = 4


def negated_prefix(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Say the opposite of the gold stance before the text: "I hate {target}, but ..." where it is in favor.

    Neutral texts and those without a gold stance stay as they are. Words of the target have the links of the target's
    own there; the others have none.
    """
    return [_prefixed(sample) for sample in samples]


def typos(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Misspell a fifth of the longer words of the text: two letters change places, one is missing, or stands twice.

    A sample's typos are the same each time. A word with one has no links, as linking would not know it.
    """
    return [_misspelt(sample) for sample in samples]


def drop_hashtags(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Take the hashtags out of the text, and their links with them; a text of hashtags alone stays."""
    return [_without_hashtags(sample) for sample in samples]


def paraphrase_target(samples: Sequence[Sample], paraphrases: Mapping[str, str]) -> list[Sample]:
    """Put another wording in the place of each target; its words have the links of those at the same place.

    Raises:
        UserError: If a target has none.
    """
    if missing := [sample.target for sample in samples if sample.target not in paraphrases]:
        raise UserError(
            f"paraphrase_target has no wording for the target {missing[0]!r}; give one in the file of "
            "--data.paraphrases, the target itself if it is to stay"
        )
    return [_paraphrased(sample, paraphrases[sample.target]) for sample in samples]


def _prefixed(sample: Sample) -> Sample:
    if sample.stance not in PREFIXES:
        return sample
    prefix = PREFIXES[sample.stance].format(target=sample.target)
    before, after = map(split_words, PREFIXES[sample.stance].split("{target}"))
    target, text = _words(sample)
    new = [*before, *target, *after, *text]
    links = [(len(target) + index, len(new) - len(text) + index) for index in range(len(text))]
    links += [(index, len(before) + index) for index in range(len(target))]
    return _with_half(sample, f"{prefix}{sample.text}", new, links, of_target=False)


def _misspelt(sample: Sample) -> Sample:
    target, text = _words(sample)
    random = np.random.default_rng([TYPO_SEED, zlib.crc32(sample.id.encode())])
    new = [_with_typo(word, random) for word in text]
    links = [(len(target) + index, index) for index, word in enumerate(text) if new[index] == word]
    return _with_half(sample, _replaced(sample.text, text, new), new, links, of_target=False)


def _with_typo(word: str, random: np.random.Generator) -> str:
    if len(word) < LEAST_LETTERS or not word.isalpha() or random.random() >= TYPO_SHARE:
        return word
    place = int(random.integers(1, len(word) - 2))
    first, second = word[place], word[place + 1]
    return word[:place] + (second + first, second, first + first + second)[random.integers(3)] + word[place + 2 :]


def _without_hashtags(sample: Sample) -> Sample:
    target, text = _words(sample)
    kept = [index for index, word in enumerate(text) if word == "#" or not word.startswith("#")]
    if len(kept) in (0, len(text)):
        return sample
    shown = _replaced(sample.text, text, [word if index in kept else "" for index, word in enumerate(text)])
    links = [(len(target) + old, new) for new, old in enumerate(kept)]
    return _with_half(sample, " ".join(shown.split()), [text[index] for index in kept], links, of_target=False)


def _paraphrased(sample: Sample, paraphrase: str) -> Sample:
    old, new = len(_words(sample)[0]), split_words(paraphrase)
    most = max(old, len(new))
    # Whichever has more words, each word has a place in the other.
    links = [(index * old // most, index * len(new) // most) for index in range(most)] if old and new else []
    return _with_half(sample, paraphrase, new, links, of_target=True)


def _words(sample: Sample) -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of target and text."""
    if isinstance(sample, GraphSample):
        return sample.words[: sample.num_target_words], sample.words[sample.num_target_words :]
    return split_words(sample.target), split_words(sample.text)


def _replaced(text: str, words: Sequence[str], new: Iterable[str]) -> str:
    """Return a text with other words in the places of its own."""
    pieces, position = [], 0
    for (start, end), word in zip(word_spans(text, words), new, strict=True):
        pieces += [text[position:start], word]
        position = end
    return "".join([*pieces, text[position:]])


def _with_half(
    sample: Sample, text: str, words: Sequence[str], links: Iterable[tuple[int, int]], of_target: bool
) -> Sample:
    """Return a sample with another text or target; concepts that no word mentions any more go.

    Args:
        sample: The sample, which stays as it is.
        text: The new text, or target.
        words: Its words.
        links: Old words of the sample, each with a new word, counted within ``words``, that has its links.
        of_target: Whether it is the target.
    """
    changed = replace(sample, target=text) if of_target else replace(sample, text=text)
    if not isinstance(sample, GraphSample) or not isinstance(changed, GraphSample):
        return changed
    half, count = sample.num_target_words, len(sample.words)
    start, other = (0, range(half, count)) if of_target else (half, range(half))
    kept = words if of_target else sample.words[:half]
    rest = sample.words[half:] if of_target else words
    # The new numbers of each old node.
    places: dict[int, list[int]] = defaultdict(list, {FIRST_TOKEN: [FIRST_TOKEN]})
    for node in other:
        places[node].append(node if not of_target else node - half + len(words))
    for old, new in links:
        places[old].append(start + new)
    for concept in range(len(sample.concepts)):
        places[count + concept].append(len(kept) + len(rest) + concept)
    edges = [
        (*ends, relation)
        for head, tail, relation in sample.edges.T.tolist()
        for ends in product(places[head], places[tail])
    ]
    array = np.array(edges, np.int32).reshape(-1, 3).T.copy()
    changed = replace(changed, words=(*kept, *rest), num_target_words=len(kept), edges=array)
    lost = mentioned(sample, np.ones(count, np.bool_)) & ~mentioned(changed, np.ones(len(changed.words), np.bool_))
    return without_nodes(changed, (len(changed.words) + np.flatnonzero(lost)).tolist())
