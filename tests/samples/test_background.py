"""The background of a sample: which pieces, in which order, and what is said where there are none."""

from dataclasses import replace
from typing import get_args

import pytest

from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.samples.background import BACKGROUNDS, BackgroundName, background
from gatbert.samples.transforms import TRANSFORMS
from tests.graphs import GRAPH, random_sample


def test_concepts_come_nearest_first_with_what_they_say() -> None:
    assert background(GRAPH, "none") == background(GRAPH, "text") == ()
    assert background(replace(GRAPH, background="a place"), "text") == ("a place",)
    assert background(GRAPH, "concepts") == ("zoo", "wind", "animal")
    assert background(GRAPH, "definition") == ("zoo: a place for animals", "wind", "animal: is a kind of being")


def test_names_and_functions_agree() -> None:
    assert set(get_args(BackgroundName)) == {"none", "text", *BACKGROUNDS}


def test_a_sample_without_concepts_has_nothing_to_define() -> None:
    assert background(random_sample(0, num_concepts=0), "definition") == ()


@pytest.mark.parametrize("name", ["shuffle_graph", "rm_external"])
def test_transforms_change_the_background_with_the_graph(name: str) -> None:
    other = random_sample(1)
    changed, _ = TRANSFORMS[name]([GRAPH, other], "<m>")  # type: ignore[index]  # one of the names
    wanted = background(other, "definition") if name == "shuffle_graph" else ()
    assert background(changed, "definition") == wanted


def test_what_was_not_tagged_or_not_defined_is_one_sentence_with_the_remedy() -> None:
    with pytest.raises(UserError, match=r"sample a has no concepts for background concepts; .*gatbert tag"):
        background(Sample("a", "text", "target"), "concepts")
    with pytest.raises(UserError, match=r"sample g1 has concepts without definitions; .*tag --definitions true"):
        background(replace(GRAPH, definitions=()), "definition")
