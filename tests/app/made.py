"""Models of the page over tiny encoders, and texts that would break a page."""

from dataclasses import replace

from gatbert.app.shown_model import ShownModel
from gatbert.samples import GraphSample, Sample
from tests.explanations.models import build
from tests.graphs import RELATIONS, random_sample

HOSTILE = (
    '<script>window.broken = 1</script> & <img src=x onerror=window.broken=1> ${window.broken=1} {{value}} `x` "q"'
)


def shown_model(encoder: str, name: str = "text") -> ShownModel:
    """Return a random model of a name in ``tests.explanations.models``; one that reads graphs tags by random."""
    predictor = build(encoder, name)
    reads_graph = predictor.preprocessor.max_concepts is not None
    return ShownModel(name, replace(predictor, tag=tagged if reads_graph else None), RELATIONS if reads_graph else None)


def tagged(sample: Sample, num_concepts: int = 6) -> GraphSample:
    """Return the sample with a random graph between its words."""
    words = (*sample.target.split(), *sample.text.split())
    made = random_sample(1, num_words=len(words), num_concepts=num_concepts)
    return replace(
        made, id=sample.id, text=sample.text, target=sample.target, words=words,
        num_target_words=len(sample.target.split()), stance=None,
    )  # fmt: skip
