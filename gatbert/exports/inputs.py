"""What a pipeline of transformers must be given for a sample, and what it can do of what gatbert does with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gatbert.samples.pair_settings import PairSettings

Truncation = Literal["only_first", "only_second"]


@dataclass(frozen=True)
class PipelineInput:
    """Hold the fields of a pipeline's input.

    Attributes:
        text: Template of the field ``text``.
        text_pair: Template of the field ``text_pair``; empty where one text is read.
        truncation: How a tokenizer cuts texts that are too long as gatbert does; ``None`` if it cannot.
        limits: A sentence for each thing that gatbert does and a pipeline does not.
    """

    text: str
    text_pair: str
    truncation: Truncation | None
    limits: tuple[str, ...]


def pipeline_input(pair: PairSettings, max_length: int | None, transforms: Sequence[str]) -> PipelineInput:
    """Return what is given to a pipeline in the place of a sample.

    Args:
        pair: What the classifier reads of a sample.
        max_length: Most tokens of a sample.
        transforms: Changes of every sample.
    """
    truncation = _truncation(pair)
    limits = []
    if truncation is None:
        limits.append(
            f"A pipeline cuts an input of more than {max_length or 'so many'} tokens elsewhere than gatbert, which "
            "cuts background, context and text, in this order, never a template; give longer ones to gatbert."
        )
    if pair.background != "none":
        limits.append(
            f"gatbert reads a background ({pair.background}) beside target and text, which a pipeline does not know; "
            "its probabilities are those of samples without one."
        )
    if transforms:
        limits.append(
            f"In training every sample was changed ({', '.join(transforms)}); gatbert does so with new ones, "
            "a pipeline does not."
        )
    return PipelineInput(pair.first, pair.second, truncation, tuple(limits))


def _truncation(pair: PairSettings) -> Truncation | None:
    """Return which of the two texts is cut, where its end is the end of the sample's text and nothing else is cut."""
    if pair.max_target_length is not None or pair.background != "none" or "context" in pair.placeholders:
        return None
    if pair.second.endswith("{text}"):
        return "only_second"
    return "only_first" if pair.first.endswith("{text}") else None
