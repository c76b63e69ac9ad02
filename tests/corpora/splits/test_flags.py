"""Flags say what was trained on, and what is linked."""

from gatbert.corpora.splits.flags import with_flags
from gatbert.samples import GraphSample, Sample


def test_flags_say_what_was_trained_on_and_what_is_linked() -> None:
    train = [Sample("a", "x", "Wind  Power"), Sample("b", "y", "zoos", meta={"irony": "yes"})]
    test = [
        Sample("c", "z", "wind power"),
        Sample("d", "z", "taxes", meta={"target_seen": "by somebody"}),
        GraphSample("e", "z", "rent", concepts=("money",)),
        GraphSample("f", "z", "zoos"),
    ]
    flagged = with_flags({"train": train, "test": test})
    assert [dict(sample.meta) for sample in flagged["train"]] == [{}, {"irony": "yes"}]
    assert [dict(sample.meta) for sample in flagged["test"]] == [
        {"target_seen": "yes"},
        {"target_seen": "by somebody"},
        {"target_seen": "no", "linked": "yes", "target_named": "no", "path": "none"},
        {"target_seen": "yes", "linked": "no", "target_named": "no", "path": "none"},
    ]
    assert [dict(sample.meta) for sample in with_flags({"test": train})["test"]] == [{}, {"irony": "yes"}]
