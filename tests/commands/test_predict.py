"""``gatbert predict MODEL FILE``: options say how a file is read, and what is predicted of it."""

import json
from pathlib import Path

import yaml

from gatbert.commands.predict import PredictArguments
from tests.command_line import CommandLine, rows_of
from tests.tiny import corpus_rows, write_corpus


def write_other(path: Path, delimiter: str = ";") -> Path:
    """Write posts in columns of their own, in another encoding, without labels."""
    rows = [f"{row['text']} \xe9{delimiter}{row['target']}\n" for row in corpus_rows(9)]
    path.write_bytes(f"Beitrag{delimiter}Thema\n{''.join(rows)}".encode("cp1252"))
    return path


def test_a_file_is_read_as_options_say(command_line: CommandLine, run_folder: Path, tmp_path: Path) -> None:
    path, out = write_other(tmp_path / "posts.csv"), tmp_path / "out.jsonl"
    reading = ["--delimiter", ";", "--encoding", "cp1252", "--columns", "{text: Beitrag, target: Thema}"]
    said = command_line("predict", run_folder, path, "--output", out, *reading, "--batch_size", 2, "--device", "cpu")
    assert said.startswith("9 rows: ")
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["Beitrag"] for row in found] == [f"{row['text']} \xe9" for row in corpus_rows(9)]
    assert {*found[0]} == {"Beitrag", "Thema", "predicted", "prob_against", "prob_favor", "prob_neutral"}


def test_a_data_file_of_training_says_how_files_are_read_though_its_own_are_gone(
    command_line: CommandLine, run_folder: Path, tmp_path: Path
) -> None:
    path, data = write_other(tmp_path / "posts.csv"), tmp_path / "data.yaml"
    columns = {"text": "Beitrag", "target": "Thema", "stance": "label", "style": "style"}
    options = {"train": "gone.csv", "delimiter": ";", "encoding": "cp1252", "columns": columns, "labels": {"x": None}}
    data.write_text(yaml.safe_dump({"class_path": "SplitDataModule", "init_args": options}))
    command_line("predict", run_folder, path, "--output", tmp_path / "out.csv", "--data", data)
    assert [row["Thema"] for row in rows_of(tmp_path / "out.csv")] == [row["target"] for row in corpus_rows(9)]
    # What it says of csv is none of jsonl, but for the columns.
    (tmp_path / "posts.jsonl").write_text('{"Beitrag": "good", "Thema": "zoo"}\n')
    arguments = PredictArguments("model", str(tmp_path / "posts.jsonl"), "out.csv", data=str(data))
    file = arguments.input()
    assert (file.corpus_type, file.delimiter, file.encoding, file.columns["text"]) == ("jsonl", None, None, "Beitrag")


def test_one_target_and_no_answer_where_none_is_sure(
    command_line: CommandLine, run_folder: Path, tmp_path: Path
) -> None:
    path = write_corpus(tmp_path / "posts.csv", [{"text": row["text"]} for row in corpus_rows(5)])
    given = ["--target", "tax", "--abstain_below", "1"]
    said = command_line("predict", run_folder, path, "--output", tmp_path / "out.csv", *given)
    assert "5 without a stance" in said
    assert [row["predicted"] for row in rows_of(tmp_path / "out.csv")] == [""] * 5


def test_what_is_whole_is_not_begun_again(command_line: CommandLine, run_folder: Path, tmp_path: Path) -> None:
    path, out = write_corpus(tmp_path / "posts.csv", corpus_rows(4)), tmp_path / "out.csv"
    command_line("predict", run_folder, path, "--output", out, "--shard", "1/1")
    shard = tmp_path / "out.1-of-1.csv"
    before = shard.stat().st_mtime_ns
    again = ["predict", run_folder, path, "--output", out, "--shard", "1/1"]
    assert "exists already" in command_line.refused(*again)
    assert "is there already" in command_line(*again, "--resume", "true")
    assert shard.stat().st_mtime_ns == before
    assert "were joined" in command_line("predict", run_folder, path, "--output", out, "--merge", "true")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["out.csv", "posts.csv"]
    assert "there are no shards of" in command_line.refused(
        "predict", run_folder, path, "--output", tmp_path / "other.csv", "--merge", "true"
    )


def test_without_a_file_the_data_module_is_predicted_as_before(
    command_line: CommandLine, run_folder: Path, tmp_path: Path
) -> None:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(6))
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    where = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    command_line("predict", "--ckpt_path", checkpoint, "--data", "SplitDataModule", "--data.predict", posts, *where)
    assert len(rows_of(tmp_path / "again" / "gatbert" / "version_0" / "predictions.predict.csv")) == 6
    assert "lost.csv does not exist" in command_line.refused(
        "predict", "--ckpt_path", checkpoint, "--data", "SplitDataModule", "--data.predict", "lost.csv"
    )
