"""Attention mass: all of it is somewhere, and it is what the encoder itself says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from gatbert.explanations import explain
from gatbert.explanations.attention import attention_mass, recorded_graph, recorded_text, roll_out
from gatbert.explanations.explain import ATTENTION_MASS
from gatbert.nn import relational_attention
from gatbert.pretrained.encoders import load_encoder
from tests.classifiers import LastToken
from tests.explanations.models import EACH, build, readable
from tests.graphs import random_sample, random_samples
from tests.tiny import CONFIGS, save_encoder


@pytest.mark.parametrize("name", EACH[:-1])  # the last has no attention
def test_mass_sums_to_one(encoder: str, name: str) -> None:
    model = build(encoder, name)
    for sample in random_samples():
        found = explain(model, sample)
        if ATTENTION_MASS not in found.scores:
            assert (name, len(sample.concepts)) == ("external", 0)
            continue
        assert found.attention_on_special_tokens is not None
        assert found.scores[ATTENTION_MASS].sum() + found.attention_on_special_tokens == pytest.approx(1.0, abs=1e-5)
        assert found.scores[ATTENTION_MASS].min() >= 0


def test_that_of_text_is_the_rollout_of_the_encoders_own_attention(encoder: str) -> None:
    model = build(encoder, "text")
    (encoded,) = model.preprocessor.encode([readable(model, random_sample(1))])
    eager: Any = model.classifier.encoder
    eager.set_attn_implementation("eager")
    batch: Any = model.preprocessor.collate([encoded])
    output = eager(batch.input_ids, token_type_ids=batch.token_type_ids, output_attentions=True)
    expected = torch.eye(len(encoded.arrays["input_ids"]))
    for layer in output.attentions:
        expected = (0.5 * layer[0].mean(0) + 0.5 * torch.eye(len(expected))) @ expected
    mass = attention_mass(model, encoded)
    assert mass is not None
    torch.testing.assert_close(torch.from_numpy(mass).float(), expected[0].detach())


def test_a_classifier_of_ones_own_says_what_its_head_reads(encoder: str) -> None:
    text = build(encoder, "text")
    own = replace(text, classifier=LastToken(text.classifier.encoder, 3).eval())
    (encoded,) = own.preprocessor.encode([random_sample(1)])
    batch = own.collate([encoded])
    with recorded_text(own.classifier.encoder) as layers, torch.no_grad():
        own.classifier(batch)
    expected = roll_out([layer[0].mean(0) for layer in layers])[-1]
    mass = attention_mass(own, encoded)
    assert mass is not None
    torch.testing.assert_close(torch.from_numpy(mass).float(), expected)
    assert (mass != attention_mass(text, encoded)).any()
    found = explain(own, random_sample(1))
    assert found.scores[ATTENTION_MASS].sum() + found.attention_on_special_tokens == pytest.approx(1.0, abs=1e-5)


def test_local_layers_stay_local(tmp_path: Path) -> None:
    narrow = {**CONFIGS["modernbert"], "local_attention": 12, "layer_types": ["sliding_attention"] * 2}
    encoder = save_encoder(tmp_path, "modernbert", config=narrow)
    hybrid, text = build(encoder, "hybrid"), build(encoder, "text")
    sample = random_sample(2, num_words=30, num_concepts=0)
    masses = [attention_mass(one, one.preprocessor.encode([readable(one, sample)])[0]) for one in (hybrid, text)]
    torch.testing.assert_close(masses[0], masses[1], rtol=1e-4, atol=1e-5)
    assert masses[0] is not None
    assert (masses[0] == 0).any()


def test_that_of_hybrid_without_concepts_is_that_of_its_encoder(any_encoder: str) -> None:
    if "deberta" in any_encoder:
        pytest.skip("DeBERTa reads no graph")
    hybrid, text = build(any_encoder, "hybrid"), build(any_encoder, "text")
    sample = random_sample(2, num_words=9, num_concepts=0)
    masses = [attention_mass(one, one.preprocessor.encode([readable(one, sample)])[0]) for one in (hybrid, text)]
    torch.testing.assert_close(masses[0], masses[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["hybrid", "hybrid-hetero", "hybrid-gate"])
def test_recorded_probabilities_read_what_the_layer_reads(encoder: str, name: str) -> None:
    """With values that are 1 everywhere but at one row, a head reads just its probability of that row."""
    model = build(encoder, name)
    encoded = model.preprocessor.encode([random_sample(1)])
    batch = model.preprocessor.collate(encoded)
    classifier: Any = model.classifier
    own = classifier.graph_encoder.layers
    if name == "hybrid-hetero":
        _, keys, _ = own[0].concept_projections
        keys.weight.data.mul_(100)  # once trained, they are no longer the identity
        own[0].concept_projections[2] = torch.nn.Identity()
    read: list[Tensor] = []
    attend = relational_attention.RelationalAttention.attend

    def probe(self, module, q, k, v, scaling, dropout, sliding_window):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if not read:
            layer = own[0]
            plain = layer.values
            layer.values = lambda values, batch, needed: values.index_select(
                0, batch.node_pairs[1, : needed.num_node_pairs]
            )
            columns = [torch.zeros_like(v).index_fill(0, torch.tensor([row]), 1.0) for row in range(len(v))]
            read.extend(
                attend(self, module, q, k, one, scaling, dropout, sliding_window).mean((1, 2)) for one in columns
            )
            layer.values = plain
        return attend(self, module, q, k, v, scaling, dropout, sliding_window)

    relational_attention.RelationalAttention.attend = probe  # type: ignore[method-assign]  # put back below
    try:
        with torch.no_grad(), recorded_graph(model.classifier.encoder) as layers:
            model.classifier(batch)
    finally:
        relational_attention.RelationalAttention.attend = attend  # type: ignore[method-assign]  # as it was
    known = len(read)  # rows that no later layer asks for are cut off
    torch.testing.assert_close(layers[0][:known, :known], torch.stack(read, dim=1), rtol=1e-4, atol=1e-6)
    gate = classifier.graph_encoder.gates[0]().mean().item() if name == "hybrid-gate" else 0.0
    assert layers[0][:known].sum(-1).max() == pytest.approx(1.0 + gate)


def test_a_row_that_attends_to_nothing_keeps_itself() -> None:
    attention = torch.tensor([[0.0, 1.0], [0.0, 0.0]])
    torch.testing.assert_close(roll_out([attention, attention]), torch.tensor([[0.25, 0.75], [0.0, 1.0]]))


def test_recording_leaves_the_encoder_as_it_was(any_encoder: str) -> None:
    encoder = load_encoder(any_encoder)
    before = encoder.config._attn_implementation
    with recorded_text(encoder):
        pass
    assert encoder.config._attn_implementation == before
    assert not encoder._forward_hooks
    assert not encoder._forward_pre_hooks
