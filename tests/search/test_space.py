"""The space file: ranges and choices, and the sentence that each mistake gets."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.search.space import Dimension, read_space


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "space.yaml"


def test_ranges_and_choices(path: Path) -> None:
    path.write_text(
        "model.learning_rate: {low: 1e-5, high: 1.0e-3, log: true}\n"
        "model.head_dropout: {low: 0.0, high: 0.5, step: 0.1}\n"
        "data.batch_size: {low: 8, high: 32, step: 8}\n"
        "model.class_weights: [null, {favor: 2}, 3e-2, 'on', 1, true]\n"
    )
    rate, dropout, size, weights = read_space("space.yaml").values()
    assert rate == Dimension(1e-5, 1e-3, log=True)
    assert dropout == Dimension(0.0, 0.5, step=0.1)
    assert not dropout.is_whole
    assert size.is_whole
    assert size.probes == (8, 32)
    assert weights.probes == (None, {"favor": 2}, 0.03, "on", 1, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no option"),
        ("- 1\n", "a list, and no mapping"),
        ("x: 3\n", "x: 3 is neither a range nor a list; accepted are {low"),
        ("x: {low: 1, high: 2, lgo: true}\n", "x: a range has no 'lgo'"),
        ("x: {low: 1}\n", "high None is no number"),
        ("x: {low: 1, high: .inf}\n", "high inf is no number"),
        ("x: {low: true, high: 2}\n", "low True is no number"),
        ("x: {low: 1, high: many}\n", "high 'many' is no number"),
        ("x: {low: 2, high: 1}\n", "low 2 is not less than high 1"),
        ("x: {low: 0, high: 1, log: true}\n", "log takes a low of more than 0"),
        ("x: {low: 1, high: 2, log: true, step: 1}\n", "and no step"),
        ("x: {low: 1, high: 2, log: 3}\n", "log 3 is not accepted; accepted is true or false"),
        ("x: {low: 0, high: 1, step: 0.3}\n", "no number of steps of 0.3 leads from 0 to 1"),
        ("x: {low: 0, high: 1, step: -0.5}\n", "no number of steps"),
        ("x: [1]\n", "leaves nothing to choose"),
        ("x: [1, 2, 1]\n", "1 stands there twice"),
        ("x: [1, 2\n", "is no YAML file"),
    ],
)
def test_mistakes_are_one_sentence(path: Path, text: str, message: str) -> None:
    path.write_text(text)
    with pytest.raises(UserError) as refused:
        read_space("space.yaml")
    assert message in str(refused.value)
    assert str(refused.value).startswith(("space.yaml", str(path)))


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(UserError, match=r"--space: there is no file space\.yaml"):
        read_space("space.yaml")
