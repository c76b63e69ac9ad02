"""From inflected words to lemmas, by the rules of WordNet's morphy(7WN); the graph says which lemmas there are."""

from collections.abc import Iterator

DETACHMENT = (
    ("sses", "ss"),
    ("ies", "y"),
    ("ves", "f"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("zes", "z"),
    ("men", "man"),
    ("s", ""),
    ("es", "e"),
    ("es", ""),
    ("ied", "y"),
    ("ed", "e"),
    ("ed", ""),
    ("ying", "ie"),
    ("ing", "e"),
    ("ing", ""),
    ("iest", "y"),
    ("ier", "y"),
    ("est", "e"),
    ("est", ""),
    ("er", "e"),
    ("er", ""),
)
"""Ending and what stands in its place, in the order in which they are tried; morphy's, and -ied, -ying and -ves."""

ENDINGS = tuple({ending for ending, _ in DETACHMENT})
LEAST_LETTERS = 3
"""Letters of the shortest lemma that is tried."""


def candidate_lemmas(word: str) -> Iterator[str]:
    """Yield the lemmas of which a word could be a form, likeliest first."""
    if not word.endswith(ENDINGS) or word.endswith("ss"):
        return
    for ending, instead in DETACHMENT:
        stem = word.removesuffix(ending)
        if stem == word or len(stem + instead) < LEAST_LETTERS:  # no such ending, or too little is left
            continue
        yield stem + instead
        # A consonant is doubled before some endings: stopped, running, bigger.
        if (
            not instead
            and ending in ("ed", "ing", "er", "est")
            and stem[-1:] == stem[-2:-1]
            and stem[-1] not in "aeiou"
        ):
            yield stem[:-1]
