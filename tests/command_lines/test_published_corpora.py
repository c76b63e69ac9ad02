"""Three corpora in the shapes of published ones go from file to report by their configs, and every number is right."""

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoTokenizer

from tests.command_line import CONFIGS, CommandLine, training_arguments
from tests.corpora.published import PSTANCE_TARGETS, TWEET_EVAL_FOLDERS, WRITERS, made_posts

MAX_LENGTH = 48
LINE = re.compile(
    r"^(train|val|test): ([\d,]+) samples \((.+?)\), ([\d,]+) texts cut at (\d+) tokens"
    r"(?:, ([\d,]+) repeated)?(?:, ([\d,]+) dropped, as another split has them)?$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Row:
    """One row of a corpus, as a reader that knows nothing of gatbert sees it."""

    text: str
    target: str
    stance: str

    @property
    def same(self) -> tuple[str, str]:
        return " ".join(self.text.lower().split()), self.target.lower()


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_pstance(folder: Path) -> dict[str, list[Row]]:
    found = {}
    for split in ("train", "val", "test"):
        found[split] = [
            Row(row["Tweet"].strip(), row["Target"], row["Stance"].strip().lower())
            for name in PSTANCE_TARGETS
            for row in read_csv(folder / f"raw_{split}_{name}.csv")
        ]
    return found


def read_ibm(folder: Path) -> dict[str, list[Row]]:
    rows = read_csv(folder / "claim_stance_dataset_v1.csv")
    stances = {"PRO": "favor", "CON": "against"}
    found: dict[str, list[Row]] = {"train": [], "val": [], "test": []}
    for row in rows:
        sample = Row(row["claims.claimCorrectedText"], row["topicText"], stances[row["claims.stance"]])
        digest = hashlib.sha256(b"0\x1f" + sample.same[0].encode()).digest()
        in_val = int.from_bytes(digest[:8], "big") / 2**64 >= 1 - 0.15
        found["val" if row["split"] == "train" and in_val else row["split"]].append(sample)
    return found


def read_tweet_eval(folder: Path) -> dict[str, list[Row]]:
    targets = dict(
        zip(
            TWEET_EVAL_FOLDERS,
            (
                "Legalization of Abortion",
                "Atheism",
                "Climate Change is a Real Concern",
                "Feminist Movement",
                "Hillary Clinton",
            ),
            strict=True,
        )
    )
    found: dict[str, list[Row]] = {}
    for split in ("train", "val", "test"):
        found[split] = []
        for name in TWEET_EVAL_FOLDERS:
            texts, labels = (
                (folder / name / f"{split}_{kind}.txt").read_bytes().decode("utf-8-sig").rstrip().split("\n")
                for kind in ("text", "labels")
            )
            for text, label in zip(texts, labels, strict=True):
                stance = ("neutral", "against", "favor")[int(label)]
                found[split].append(Row(text.strip().removesuffix("#SemST").strip(), targets[name], stance))
    return found


READERS: dict[str, Callable[[Path], dict[str, list[Row]]]] = {
    "pstance": read_pstance,
    "ibm_claim_stance": read_ibm,
    "tweet_eval": read_tweet_eval,
}


def without_shared(splits: dict[str, list[Row]]) -> dict[str, list[Row]]:
    test = {row.same for row in splits["test"]}
    val = [row for row in splits["val"] if row.same not in test]
    known = test | {row.same for row in val}
    return {"train": [row for row in splits["train"] if row.same not in known], "val": val, "test": splits["test"]}


def num_repeated(rows: list[Row]) -> int:
    return len(rows) - len({(row.same, row.stance) for row in rows})


def num_contradicting(rows: list[Row]) -> int:
    stances = defaultdict(set)
    for row in rows:
        stances[row.same].add(row.stance)
    return sum(len(found) - 1 for found in stances.values())


def num_cut(rows: list[Row], encoder: str) -> int:
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    return sum(len(tokenizer(row.target, row.text)["input_ids"]) > MAX_LENGTH for row in rows)


def number(text: str | None) -> int:
    return int((text or "0").replace(",", ""))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["pstance", *(pytest.param(name, marks=pytest.mark.slow) for name in READERS if name != "pstance")]
)
def test_from_file_to_report(
    name: str, command_line: CommandLine, encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, write = WRITERS[name]
    write(tmp_path / where)
    monkeypatch.setenv("GATBERT_DATA", str(tmp_path))
    splits = READERS[name](tmp_path / where)
    kept = without_shared(splits)
    stances = sorted({row.stance for row in splits["train"]})

    arguments = training_arguments(encoder, tmp_path / "results")
    data = ["--data", CONFIGS / f"{name}_data.yaml", "--data.max_length", str(MAX_LENGTH)]
    output = command_line("fit_and_test", *arguments, *data)
    lines = {found[1]: found.groups()[1:] for found in LINE.finditer(output)}
    assert list(lines) == ["train", "val", "test"]
    for split, (size, golds, cut, length, repeated, dropped) in lines.items():
        counts = Counter(row.stance for row in kept[split])
        assert golds == ", ".join(f"{stance} {counts[stance]}" for stance in stances)
        assert number(size) == len(kept[split])
        assert (number(cut), int(length)) == (num_cut(kept[split], encoder), MAX_LENGTH)
        assert number(repeated) == num_repeated(kept[split])
        assert number(dropped) == len(splits[split]) - len(kept[split])
        warned = re.search(rf"warning: (\d+) samples of {split} contradict", output)
        assert int(warned[1] if warned else 0) == num_contradicting(kept[split])
    assert number(lines["train"][5]) > 0
    assert number(lines["train"][2]) > 0

    run = tmp_path / "results" / "gatbert" / "v1"
    record = json.loads((run / "run.json").read_text())["data"]
    assert record["read"]["duplicates"] == "drop"
    assert record["read"]["splits"]["train"]["dropped"] == number(lines["train"][5])
    assert record["splits"]["train"]["num_samples"] == len(kept["train"])

    with (run / "predictions.test.csv").open(newline="") as file:
        predictions = list(csv.DictReader(file))
    golds_of_id = {content_id(row): row.stance for row in kept["test"]}
    assert {row["id"]: row["gold"] for row in predictions} == golds_of_id
    gold, predicted = ([row[column] for row in predictions] for column in ("gold", "predicted"))

    command_line("report", run, "--output", tmp_path / "report")
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert (report["stances"], report["num_samples"]) == (stances, len(kept["test"]))
    groups = {group["name"]: group["scores"] for group in report["groups"]}
    assert groups["TextClassifier"]["macro_f1"]["mean"] == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert groups["TextClassifier"]["accuracy"]["mean"] == pytest.approx(accuracy_score(gold, predicted))
    assert groups["majority"]["accuracy"]["mean"] == pytest.approx(majority_accuracy(kept, stances))
    assert len(groups) == 3
    said = f"The baselines were trained on the {len(kept['train'])} training samples of "
    assert [note for note in report["notes"] if note.startswith(said)]


def content_id(row: Row) -> str:
    return hashlib.sha256(f"{row.target}\x1f{row.text}".encode()).hexdigest()[:16]


def majority_accuracy(splits: dict[str, list[Row]], stances: list[str]) -> float:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in splits["train"]:
        counts[row.target][row.stance] += 1
    right = [row.stance == max(stances, key=counts[row.target].__getitem__) for row in splits["test"]]
    return sum(right) / len(right)


@pytest.mark.slow
def test_published_corpora_are_refused_as_they_are(
    command_line: CommandLine, encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without duplicates, every pair is counted, ten are shown by file and row, and all stand in a list."""
    where, write = WRITERS["pstance"]
    folder = write(tmp_path / where)
    monkeypatch.setenv("GATBERT_DATA", str(tmp_path))
    data = ["--data", CONFIGS / "pstance_data.yaml", "--data.max_length", "64"]
    arguments = [*training_arguments(encoder, tmp_path / "results"), *data]
    error = command_line.refused("fit", *arguments, "--data.duplicates", "refuse")
    assert "leak: 15 pairs of the same sample in two splits: " in error
    assert f"train {folder}/raw_train_trump.csv:11 and val {folder}/raw_val_trump.csv:4" in error
    assert error.count(" and val ") + error.count(" and test ") == 10
    assert "and 5 more; remove them, or give --data.duplicates (--duplicates of tag) drop" in error
    listed = Path(error.rpartition("all are listed in ")[2]).read_text().splitlines()
    assert len(set(listed)) == 15
    assert not (tmp_path / "results").exists()
    output = command_line("fit", *arguments, "--data.duplicates", "allow")
    assert "duplicates allow: 15 pairs of the same sample in two splits, such as train " in output
    assert "dropped" not in output


@pytest.mark.slow
def test_the_recipe_of_the_readme(
    command_line: CommandLine, encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stances, one file, as the README has it: the YAML is taken from there."""
    readme = (CONFIGS.parent / "README.md").read_text(encoding="utf-8")
    (recipe,) = (block for block in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if "debates.csv" in block)
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(recipe)
    labels = {"favor": "PRO", "against": "CON"}
    with Path("debates.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["split", "topic", "comment", "label"])
        for split, posts in made_posts(0, ("favor", "against")).items():
            writer.writerows([split.upper(), "zoos", text, labels[stance]] for text, stance in posts)
    arguments = training_arguments(encoder, tmp_path / "results")
    assert "leak: 5 pairs" in command_line.refused("fit_and_test", *arguments, "--data", "mine.yaml")
    output = command_line("fit_and_test", *arguments, "--data", "mine.yaml", "--data.duplicates", "drop")
    golds = Counter(dict.fromkeys(labels, 0))
    for line in LINE.finditer(output):
        golds.update({stance: number(count) for stance, count in re.findall(r"(\w+) (\d+)", line[3])})
    for stance, label in labels.items():
        assert f"{label} means {stance} ({golds[stance]})" in output
    assert "neutral" not in output
    command_line("report", tmp_path / "results" / "gatbert", "--output", tmp_path / "report")
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert (found["stances"], found["num_samples"]) == (["against", "favor"], 18)
    assert len(found["groups"]) == 3
