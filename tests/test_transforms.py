"""Transforms hide one half of a sample and leave all else as it is."""

from typing import get_args

from gatbert.samples import Sample
from gatbert.transforms import TRANSFORMS, TransformName

SAMPLE = Sample("p1", "two words", "wind power plants", "favor", {"style": "irony"})


def test_each_transform_masks_its_half_word_by_word() -> None:
    (target_masked,) = TRANSFORMS["mask_target"]([SAMPLE], "<m>")
    (text_masked,) = TRANSFORMS["mask_text"]([SAMPLE], "<m>")
    assert (target_masked.target, target_masked.text) == ("<m> <m> <m>", "two words")
    assert (text_masked.target, text_masked.text) == ("wind power plants", "<m> <m>")
    for sample in (target_masked, text_masked):
        assert (sample.id, sample.stance, sample.meta) == ("p1", "favor", {"style": "irony"})


def test_names_and_functions_agree() -> None:
    assert set(get_args(TransformName)) == set(TRANSFORMS)
