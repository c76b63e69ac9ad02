"""A checkpoint without the base of an adapter becomes whole again, and holds nothing else of it."""

import torch

from gatbert.modules.adapter_weights import leave_base_out, put_base_in
from gatbert.pretrained.adapters import Lora, adapt
from gatbert.pretrained.encoders import load_encoder
from gatbert.stance_classifier import TextClassifier


def test_the_base_is_left_out_and_put_back(encoder: str) -> None:
    adapted, _ = adapt(load_encoder(encoder), Lora(rank=2))
    classifier = TextClassifier(adapted, 3)
    whole = {f"classifier.{name}": value for name, value in classifier.state_dict().items()}
    checkpoint = {"state_dict": dict(whole), "epoch": 1}
    leave_base_out(checkpoint, classifier)
    kept = checkpoint["state_dict"]
    assert isinstance(kept, dict)
    assert {name for name in kept if "lora_" not in name} == {"classifier.head.weight", "classifier.head.bias"}
    put_base_in(checkpoint, classifier)
    found = checkpoint["state_dict"]
    assert isinstance(found, dict)
    assert found.keys() == whole.keys()
    assert all(torch.equal(found[name], value) for name, value in whole.items())
    assert checkpoint["epoch"] == 1
