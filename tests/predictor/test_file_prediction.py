"""A file is predicted row by row as Python predicts it, in shards or at once, and never twice."""

import json
from pathlib import Path
from typing import Any

import pytest

import gatbert
from gatbert.corpora.own_file import OwnFile
from gatbert.errors import UserError
from gatbert.files.shards import Shard
from gatbert.predictor import StancePredictor
from gatbert.predictor.file_prediction import FilePrediction
from gatbert.samples import Sample
from tests.command_line import rows_of
from tests.tiny import corpus_rows, write_corpus

NUM_ROWS = 50


@pytest.fixture
def model(run_folder: Path) -> StancePredictor:
    """A trained classifier."""
    return gatbert.load(run_folder)


@pytest.fixture
def work(model: StancePredictor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilePrediction:
    """Fifty posts, eight at a time."""
    monkeypatch.setattr("gatbert.predictor.file_prediction.AT_ONCE", 8)
    path = write_corpus(tmp_path / "posts.csv", corpus_rows(NUM_ROWS))
    return FilePrediction(model=model, file=OwnFile(path=path, corpus_type="csv"))


def test_every_row_has_its_own_columns_and_the_prediction_that_python_gives(
    work: FilePrediction, model: StancePredictor, tmp_path: Path
) -> None:
    counts = work.write(tmp_path / "out.csv")
    rows, found = corpus_rows(NUM_ROWS), rows_of(tmp_path / "out.csv")
    expected = model.predict([row["text"] for row in rows], [row["target"] for row in rows])
    assert [{name: row[name] for name in rows[0]} for row in found] == rows
    assert [row["predicted"] for row in found] == [one.stance for one in expected]
    for row, one in zip(found, expected, strict=True):
        assert [float(row[f"prob_{stance}"]) for stance in one] == pytest.approx([*one.values()], abs=1e-6)
    assert counts.total() == NUM_ROWS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "posts.csv"]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_shards_that_are_joined_are_the_whole(ending: str, work: FilePrediction, tmp_path: Path) -> None:
    whole, output = tmp_path / f"whole{ending}", tmp_path / f"out{ending}"
    work.write(whole)
    for number in (3, 1, 2):
        shard = Shard(number, 3)
        work.write(shard.file(output), shard)
    work.join(output)
    again = [OwnFile(path=path, corpus_type=ending[1:], constants={"target": "x"}) for path in (whole, output)]  # type: ignore[arg-type]
    for (one, _), (other, _) in zip(again[0].rows(), again[1].rows(), strict=True):
        own = [name for name in one if not name.startswith("prob_")]
        assert [*one] == [*other]
        assert [one[name] for name in own] == [other[name] for name in own]
        # In batches of other samples, the last digits may differ.
        for name in {*one} - {*own}:
            assert float(one[name]) == pytest.approx(float(other[name]), abs=1e-6)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"out{ending}", "posts.csv", f"whole{ending}"]


def test_a_shard_of_no_rows_is_a_file_of_no_rows(work: FilePrediction, tmp_path: Path) -> None:
    work.write(tmp_path / "out.csv", Shard(1, NUM_ROWS + 1))
    assert (tmp_path / "out.csv").read_text() == (
        "id,target,text,stance,style,predicted,prob_against,prob_favor,prob_neutral\n"
    )


def test_what_was_broken_off_goes_on_after_its_last_row(
    work: FilePrediction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict, asked = StancePredictor.predict_samples, []

    def predict_some(self: StancePredictor, samples: list[Sample], *args: Any) -> Any:
        asked.append([sample.text for sample in samples])
        if len(asked) == 4:
            raise KeyboardInterrupt
        return predict(self, samples, *args)

    monkeypatch.setattr(StancePredictor, "predict_samples", predict_some)
    with pytest.raises(KeyboardInterrupt):
        work.write(tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(UserError, match=r"was begun, and 24 rows of it are there; go on with --resume true"):
        work.write(tmp_path / "out.csv")
    counts = work.write(tmp_path / "out.csv", resume=True)
    assert counts.total() == NUM_ROWS - 24
    texts = [row["text"] for row in corpus_rows(NUM_ROWS)]
    assert [row["text"] for row in rows_of(tmp_path / "out.csv")] == texts
    assert [text for some in [*asked[:3], *asked[4:]] for text in some] == texts
    monkeypatch.undo()
    work.write(tmp_path / "whole.csv")
    assert [row["predicted"] for row in rows_of(tmp_path / "out.csv")] == [
        row["predicted"] for row in rows_of(tmp_path / "whole.csv")
    ]


def test_another_model_or_input_does_not_go_on(
    work: FilePrediction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatbert.files.parts.Parts.finish", lambda *_: None)  # as if ended just before
    work.write(tmp_path / "out.csv")
    write_corpus(tmp_path / "posts.csv", corpus_rows(NUM_ROWS + 1))
    with pytest.raises(UserError, match="was begun with another input"):
        work.write(tmp_path / "out.csv", resume=True)


def test_values_of_json_stay_what_they_are(work: FilePrediction, tmp_path: Path) -> None:
    posts: list[dict[str, Any]] = [
        {"text": "good zoo", "target": "zoo", "likes": 3, "by": {"name": "x"}},
        {"text": "bad", "target": "tax"},
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(f"{json.dumps(post)}\n" for post in posts))
    FilePrediction(model=work.model, file=OwnFile(path=path, corpus_type="jsonl"), abstain_below=1.0).write(
        tmp_path / "out.jsonl"
    )
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [{name: row[name] for name in post} for row, post in zip(found, posts, strict=True)] == posts
    assert [row["predicted"] for row in found] == [None, None]
    assert sum(found[0][f"prob_{stance}"] for stance in work.model.stances) == pytest.approx(1)


def test_a_wrong_row_is_told_before_any_is_predicted_and_nothing_is_left(work: FilePrediction, tmp_path: Path) -> None:
    with (tmp_path / "posts.csv").open("a") as file:
        file.write("p50,,no target,favor,plain\n")
    with pytest.raises(UserError, match=r"posts\.csv:52: the target is empty"):
        work.write(tmp_path / "out.csv")
    path = write_corpus(tmp_path / "posts.csv", [{**row, "predicted": "x"} for row in corpus_rows(3)])
    with pytest.raises(UserError, match=r"posts\.csv has a column 'predicted', which predictions have, too"):
        FilePrediction(model=work.model, file=OwnFile(path=path, corpus_type="csv")).write(tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]
