"""Changes of samples by name: what a model knows when a part of its input is hidden."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from gatbert.samples import Sample

TransformName = Literal["mask_target", "mask_text"]
Transform = Callable[[Sequence[Sample], str], list[Sample]]


def mask_target(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Put the mask token in the place of every word of the target: what does the text alone give away?"""
    return [replace(sample, target=_mask(sample.target, mask_token)) for sample in samples]


def mask_text(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Put the mask token in the place of every word of the text: what does the target alone give away?"""
    return [replace(sample, text=_mask(sample.text, mask_token)) for sample in samples]


TRANSFORMS: Mapping[TransformName, Transform] = {"mask_target": mask_target, "mask_text": mask_text}


def _mask(words: str, mask_token: str) -> str:
    return " ".join(mask_token for _ in words.split())
