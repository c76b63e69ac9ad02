"""What is said before training, what is refused, and when the cache is made again."""

import importlib
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.data_modules import RandomSplitDataModule, SplitDataModule, StanceDataModule
from gatbert.data_modules.sources import PACKAGE, code_identity, package_digest
from gatbert.errors import UserError
from tests.tiny import corpus_rows, write_corpus


def split_files(folder: Path, **splits: list[dict[str, str]]) -> dict[str, Any]:
    return {name: str(write_corpus(folder / f"{name}.csv", rows)) for name, rows in splits.items()}


def said(data: StanceDataModule, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    data.prepare_data()
    return capsys.readouterr().out.splitlines()


def two_stances(count: int, **labels: str) -> list[dict[str, str]]:
    names = {"against": "against", "favor": "favor", **labels}
    rows = [row for row in corpus_rows(count * 3 // 2 + 3) if row["stance"] != "neutral"]
    return [{**row, "stance": names[row["stance"]]} for row in rows[:count]]


def test_a_line_for_each_split(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = corpus_rows(60)
    rows[3]["text"] = " ".join(["zoo"] * 60)
    files = split_files(tmp_path, train=[*rows[:30], {**rows[0], "id": "again"}], val=rows[30:42], test=rows[42:])
    data = SplitDataModule(tokenizer=encoder, **files, max_length=32)
    lines = [
        "train: 31 samples (against 11, favor 10, neutral 10), 1 texts cut at 32 tokens, 1 repeated",
        "val: 12 samples (against 4, favor 4, neutral 4), 0 texts cut at 32 tokens",
        "test: 18 samples (against 6, favor 6, neutral 6), 0 texts cut at 32 tokens",
    ]
    assert said(data, capsys) == lines
    assert said(data, capsys) == []  # once a run, however many phases it has
    again = SplitDataModule(tokenizer=encoder, **files, max_length=32)
    assert said(again, capsys) == lines  # from the cache, too


def test_a_stance_without_a_training_sample_is_refused(encoder: str, tmp_path: Path) -> None:
    rows = two_stances(40)
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=rows[30:])
    with pytest.raises(UserError) as error:
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    assert "no training sample is neutral (against 10, favor 10, neutral 0)" in str(error.value)
    assert "give --data.stances '[against, favor]', or in YAML stances: [against, favor] below" in str(error.value)
    data = SplitDataModule(tokenizer=encoder, **files, stances=["against", "favor"])
    data.prepare_data()
    assert data.stance_counts().tolist() == [10, 10]


def test_a_stance_that_only_test_has_cannot_be_left_out(encoder: str, tmp_path: Path) -> None:
    rows = two_stances(40)
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=corpus_rows(90)[80:])
    with pytest.raises(UserError, match=r"another split has neutral, so that training needs samples of it"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    one = [row for row in rows if row["stance"] == "favor"]
    files = split_files(tmp_path, train=one[:10], val=one[10:15])
    with pytest.raises(UserError, match=r"training needs samples of two stances"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()


def test_labels_that_are_no_names_of_stances_are_told(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = two_stances(40, favor="Support", against="CON")
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=rows[30:])
    options: dict[str, Any] = {"tokenizer": encoder, **files, "stances": ["against", "favor"]}
    assert "labels: CON means against (20), Support means favor (20)" in said(SplitDataModule(**options), capsys)
    labels = {"con": "favor", "support": "against", "unclear": None, "Contra": "against"}
    lines = said(SplitDataModule(**options, labels=labels), capsys)
    assert "labels: CON means favor (20), Support means against (20)" in lines
    assert "warning: labels names 'unclear', 'Contra', which no sample has" in lines
    plain = split_files(tmp_path, train=(rows := two_stances(40))[:20], val=rows[20:30], test=rows[30:])
    assert not [line for line in said(SplitDataModule(**options | plain), capsys) if "labels" in line]


def test_contradictions_are_a_warning(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = corpus_rows(60)
    other = [{**rows[number], "id": f"other{number}", "stance": rows[number + 1]["stance"]} for number in (4, 7)]
    files = split_files(tmp_path, train=[*rows[:30], *other], val=rows[30:45], test=rows[45:])
    data = SplitDataModule(tokenizer=encoder, **files)
    train = files["train"]
    assert (
        f"warning: 2 samples of train contradict an earlier one of the same text and target, the first: "
        f"{train}:6 and {train}:32"
    ) in said(data, capsys)
    assert data.provenance().read["splits"]["train"]["contradictions"] == 2


def test_dropped_samples_are_said_and_recorded(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = corpus_rows(60)
    files = split_files(tmp_path, train=[*rows[:31], rows[50]], val=rows[30:45], test=rows[44:])
    data = SplitDataModule(tokenizer=encoder, **files, duplicates="drop")
    lines = said(data, capsys)
    for line, start, end in zip(
        lines,
        ("train: 30 samples (", "val: 14 samples (", "test: 16 samples ("),
        ("2 dropped, as another split has them", "1 dropped, as another split has them", "0 texts cut at 64 tokens"),
        strict=False,
    ):
        assert (line[: len(start)], line[-len(end) :]) == (start, end)
    read = data.provenance().read
    assert (read["duplicates"], read["num_shared"]) == ("drop", 3)
    assert read["shared"][0] == f"train {files['train']}:32 and val {files['val']}:2"
    assert {name: len(samples) for name, samples in data.read_splits().items()} == {
        "train": 30,
        "val": 14,
        "test": 16,
        "predict": 16,
    }
    with pytest.raises(UserError, match="leak: 3 pairs"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    assert (
        "duplicates allow: 3 pairs" in said(SplitDataModule(tokenizer=encoder, **files, duplicates="allow"), capsys)[-1]
    )


def by_column(folder: Path, values: list[str], rows: list[dict[str, str]] | None = None) -> str:
    rows = rows or corpus_rows(len(values))
    return str(write_corpus(folder / "all.csv", [{**r, "Part": v} for r, v in zip(rows, values, strict=True)]))


def ids(data: StanceDataModule, name: str) -> list[int]:
    return [int(sample.id[1:]) for sample in data.samples(name)]


def test_a_column_names_the_split(encoder: str, tmp_path: Path) -> None:
    file = by_column(tmp_path, ["Train"] * 30 + ["DEV"] * 9 + ["test"] * 9)
    data = SplitDataModule(tokenizer=encoder, files=file, split_column="Part")
    data.prepare_data()
    assert [ids(data, name) for name in ("train", "val", "test", "predict")] == [
        list(range(30)),
        list(range(30, 39)),
        list(range(39, 48)),
        list(range(39, 48)),
    ]
    assert set(data.samples("train")[0].meta) == set()  # the column is no flag


def test_values_of_ones_own_and_a_val_that_is_missing(encoder: str, tmp_path: Path) -> None:
    file = by_column(tmp_path, ["1"] * 60 + ["2"] * 9 + ["3"] * 9)
    values = {"train": ["1"], "test": ["2"], "predict": ["3"]}
    data = SplitDataModule(tokenizer=encoder, files=[file], split_column="Part", split_values=values)
    data.prepare_data()
    assert sorted(ids(data, "train") + ids(data, "val")) == list(range(60))
    assert 0 < len(ids(data, "val")) < 20
    assert (ids(data, "test"), ids(data, "predict")) == (list(range(60, 69)), list(range(69, 78)))


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (["train", "held out"], {}, r"all\.csv:3: the value 'held out' in the column 'Part', .*accepted are 'train'"),
        (["train", ""], {}, r"all\.csv:3: no value in the column 'Part'"),
        (["train"], {"split_column": "Prt"}, r"no column 'Prt' for split_column; .*did you mean 'Part'\?"),
        (["train"], {"split_column": None}, "belong together"),
        (["train"], {"train": "x.csv"}, r"data\.files and data\.train are both given"),
        (["train"], {"split_values": {"dev": ["x"]}}, "split_values names the split 'dev'"),
        (["train"], {"split_values": {"test": ["Train"]}}, "'Train' names two splits"),
        (["train"], {"corpus_type": "graph"}, "corpus_type graph have no columns"),
    ],
)
def test_wrong_split_columns(
    encoder: str, tmp_path: Path, values: list[str], options: dict[str, Any], words: str
) -> None:
    file = by_column(tmp_path, values)
    with pytest.raises(UserError, match=words):
        SplitDataModule(**{"tokenizer": encoder, "files": file, "split_column": "Part", **options}).prepare_data()


def test_two_files_of_a_split_may_hold_the_same_text(encoder: str, tmp_path: Path) -> None:
    """Ids that are made of the content would name both."""
    rows = [{name: value for name, value in row.items() if name != "id"} for row in corpus_rows(30)]
    files = split_files(tmp_path, train=rows[:18], val=rows[18:24], one=rows[24:], two=rows[26:])
    data = SplitDataModule(tokenizer=encoder, train=files["train"], val=files["val"], test=[files["one"], files["two"]])
    data.prepare_data()
    names = [sample.id for sample in data.samples("test")]
    assert len(set(names)) == 10
    assert names[6:] == [f"{name}-2" for name in names[2:6]]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "--data.batch_size 0 is not accepted; accepted is at least 1"),
        ({"num_workers": -1}, "--data.num_workers -1"),
        ({"max_length": 0}, "--data.max_length 0"),
        ({"split_seed": -1}, "--data.split_seed -1"),
        ({"val_fraction": 1.0}, "--data.val_fraction 1.0"),
        ({"val_fraction": float("nan")}, "--data.val_fraction nan"),
        ({"stances": ["favor"]}, "--data.stances"),
        ({"stances": ["favor", "favor", "against"]}, "--data.stances"),
    ],
)
def test_numbers_out_of_range_are_refused_at_once(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        SplitDataModule(tokenizer="none", train="none.csv", **options)


@pytest.mark.parametrize("shares", [[1.2, -0.1, -0.1], [0.5, 0.5], [float("nan"), 0.5, 0.5], [0.1, 0.1, 0.1]])
def test_shares_that_are_none_are_refused_at_once(shares: list[float]) -> None:
    with pytest.raises(UserError, match=r"partitions of none\.csv"):
        RandomSplitDataModule(tokenizer="none", partitions={"none.csv": shares})


def test_folders_and_missing_files(encoder: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder; give the files in it"):
        SplitDataModule(tokenizer=encoder, train=str(tmp_path)).prepare_data()
    with pytest.raises(UserError, match="does not exist; paths are relative to"):
        SplitDataModule(tokenizer=encoder, train=str(tmp_path / "none.csv")).prepare_data()


def test_a_damaged_cache_is_made_again(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(90))
    options: dict[str, Any] = {"partitions": {str(posts): [0.6, 0.2, 0.2]}, "max_length": 48}

    def prepared() -> tuple[StanceDataModule, str]:
        data = RandomSplitDataModule(tokenizer=encoder, **options)
        data.prepare_data()
        return data, capsys.readouterr().err

    whole, _ = prepared()
    tokens = whole.split("test")[0].arrays["input_ids"].copy()
    array = np.load(whole.folder / "test" / "input_ids.npy", mmap_mode="r+")
    array[:] = 7
    array.flush()
    del array
    mended, warned = prepared()
    assert mended.folder == whole.folder
    np.testing.assert_array_equal(mended.split("test")[0].arrays["input_ids"], tokens)
    assert f"warning: the cache {whole.folder} is made again: test/input_ids.npy is not as it was written" in warned
    assert len(warned.splitlines()) == 1
    assert prepared()[1] == ""
    shutil.rmtree(whole.folder / "val")
    assert "val/" in prepared()[1]
    whole.folder.joinpath("summary.json").write_text(json.dumps({"splits": {}}))
    assert "summary.json" in prepared()[1]
    assert [path.name for path in whole.folder.parent.iterdir()] == [whole.folder.name]


def test_any_change_of_the_code_is_another_cache(tmp_path: Path) -> None:
    copy = tmp_path / "gatbert"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("assets", "__pycache__"))
    before = package_digest(copy)
    assert before == package_digest()
    for name in ("corpora/vast.py", "transforms.py", "hash_splits.py", "stance_classifier/text.py"):
        shutil.rmtree(copy)
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("assets", "__pycache__"))
        with (copy / name).open("a") as file:
            file.write("# changed\n")
        package_digest.cache_clear()
        assert package_digest(copy) != before


OWN = """
from gatbert.data_modules import SplitDataModule
from gatbert.stance_classifier.text import TextClassifier, TextPreprocessor

class OwnPreprocessor(TextPreprocessor):
    pass

class OwnClassifier(TextClassifier):
    preprocessor = OwnPreprocessor

class OwnData(SplitDataModule):
    pass
"""


@pytest.mark.parametrize("own", ["data", "classifier"])
def test_a_change_of_ones_own_code_is_another_cache(
    encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    posts = str(write_corpus(tmp_path / "posts.csv", corpus_rows(30)))
    monkeypatch.syspath_prepend(str(tmp_path))
    identities = []
    for number, change in enumerate(("", "", "# changed\n")):
        name = f"own_{own}_{number}"
        (tmp_path / f"{name}.py").write_text(OWN + change)
        module = importlib.import_module(name)
        kind = module.OwnData if own == "data" else SplitDataModule
        options = {"classifier": module.OwnClassifier} if own == "classifier" else {}
        data = kind(tokenizer=encoder, train=posts, **options)
        code = code_identity(type(data), type(data.corpus), data.classifier, type(data.preprocessor))
        identities.append({key.partition(".")[2]: value for key, value in code.items() if key.startswith("own_")})
        sys.modules.pop(name)
    assert set(identities[0]) == {"OwnData"} if own == "data" else {"OwnClassifier", "OwnPreprocessor"}
    assert identities[0] == identities[1] != identities[2]


def test_finding_the_cache_is_cheap() -> None:
    package_digest.cache_clear()
    started = time.monotonic()
    package_digest()
    assert time.monotonic() - started < 0.5
