"""Random templates, and where the words of a sample then stand: counted letter by letter, as a reference."""

from hypothesis import strategies as st

from gatbert.samples import GraphSample
from gatbert.samples.pair_settings import PairSettings

LITERALS = st.sampled_from(["", " ", "the ", " is fair? ", "#", "zoos", "un"])


@st.composite
def pairs(draw: st.DrawFn) -> PairSettings:
    """Draw templates in which target and text stand once, and context and background at most once."""
    names = ["{target}", "{text}", *draw(st.lists(st.sampled_from(["{context}", "{background}"]), unique=True))]
    names = draw(st.permutations(names))
    half = draw(st.integers(1, len(names)))
    first, second = ("".join(draw(LITERALS) + name for name in some) for some in (names[:half], names[half:]))
    return PairSettings(first + draw(LITERALS), second, background=draw(st.sampled_from(["text"])))


PAIRS = pairs()


def with_spans(pair: PairSettings, sample: GraphSample) -> tuple[list[str], list[tuple[int, int, int]]]:
    """Return both strings, and sequence, start and end of each word of the sample."""
    values = {name: getattr(sample, name) for name in ("target", "text", "context", "background")}
    half = sample.num_target_words
    spans = []
    for name, words in (("target", sample.words[:half]), ("text", sample.words[half:])):
        sequence = int(f"{{{name}}}" in pair.second)
        before, _, _ = (pair.first, pair.second)[sequence].partition(f"{{{name}}}")
        start = 0
        for word in words:
            start = values[name].index(word, start)
            shift = len(before.format(**values))
            spans.append((sequence, shift + start, shift + start + len(word)))
            start += len(word)
    return [template.format(**values) for template in (pair.first, pair.second)], spans
