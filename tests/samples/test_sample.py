"""Samples are values: nothing changes them, and what is told about where they were read makes no difference."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from gatbert.samples import GraphSample, Origin, Sample

SAMPLE = Sample("p1", "a text", "zoos", "favor")


def test_where_a_sample_was_read_and_how_its_stance_was_written_make_no_other_sample() -> None:
    assert replace(SAMPLE, origin=Origin("a.csv", 2), label="PRO") == SAMPLE
    assert replace(SAMPLE, stance=None) != SAMPLE
    assert str(Origin("a.csv", 2)) == "a.csv:2"


def test_nothing_changes_a_sample() -> None:
    with pytest.raises(FrozenInstanceError):
        SAMPLE.text = "another"  # type: ignore[misc]  # it is to fail
    with pytest.raises(TypeError):
        SAMPLE.meta["seen"] = "yes"  # type: ignore[index]  # it is to fail
    assert Sample("p2", "x", "y").meta == {}


def test_samples_with_graphs_travel_to_other_processes() -> None:
    graph = GraphSample("g", "a", "b", words=("b", "a"), num_target_words=1, edges=np.ones((3, 2), np.int32))
    again = pickle.loads(pickle.dumps(replace(graph, meta={"seen": "yes"})))  # noqa: S301
    assert (again.words, again.meta, again.edges.tolist()) == (graph.words, {"seen": "yes"}, graph.edges.tolist())
    assert GraphSample("h", "a", "b").edges.shape == (3, 0)
