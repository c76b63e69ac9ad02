"""Examples: the targets that are most frequent in training, and texts of all stances."""

from pathlib import Path

from gatbert.app.examples import LONGEST, MOST_EXAMPLES, chosen, training_examples
from gatbert.samples import Sample
from tests.command_line import rows_of

STANCES = ("against", "favor", "neutral")


def test_the_most_frequent_targets_come_first_each_with_a_stance_in_turn() -> None:
    samples = [
        Sample(f"{target}{number}", f"{target} {STANCES[number % 3]}", target, STANCES[number % 3])
        for place, target in enumerate("abcdefgh")
        for number in range(20 - place)
    ]
    found = chosen(samples, STANCES)
    assert [target for _, target in found] == list("abcdef")[:MOST_EXAMPLES]
    assert [text.split()[1] for text, _ in found] == [STANCES[number % 3] for number in range(len(found))]


def test_a_short_text_is_taken_where_there_is_one() -> None:
    long, short = "word " * 100, "word"
    samples = [Sample("1", long, "a", "against"), Sample("2", short, "a", "favor"), Sample("3", long, "b", "favor")]
    assert chosen(samples, STANCES) == [(short, "a"), (long[:LONGEST], "b")]


def test_they_are_those_of_the_training_corpus(run_folder: Path) -> None:
    rows = rows_of(run_folder.parents[2] / "posts.csv")
    found = training_examples(str(run_folder / "checkpoints" / "last.ckpt"), STANCES)
    assert found
    assert set(found) <= {(row["text"], row["target"]) for row in rows}
    assert found == training_examples(str(run_folder), STANCES)


def test_without_a_run_there_are_none(tmp_path: Path) -> None:
    assert training_examples(str(tmp_path / "model.ckpt"), STANCES) == []
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text("{")
    assert training_examples(str(folder), STANCES) == []
