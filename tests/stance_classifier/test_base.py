"""What every classifier says of its parameters."""

from gatbert.pretrained.encoders import load_encoder
from gatbert.stance_classifier import TextClassifier


def test_parameters_are_grouped_by_rate_and_decay(any_encoder: str) -> None:
    classifier = TextClassifier(load_encoder(any_encoder), num_stances=3)
    classifier.head.bias.requires_grad_(False)
    groups = classifier.parameter_groups(learning_rate=1e-5, head_learning_rate=1e-3, weight_decay=0.1)
    settings = {
        id(parameter): (group["lr"], group["weight_decay"]) for group in groups for parameter in group["params"]
    }
    assert sum(len(group["params"]) for group in groups) == len(settings) == len(list(classifier.parameters())) - 1
    assert settings[id(classifier.head.weight)] == (1e-3, 0.1)
    assert id(classifier.head.bias) not in settings
    for parameter in classifier.encoder.parameters():
        assert settings[id(parameter)] == (1e-5, 0.1 if parameter.ndim > 1 else 0.0)
