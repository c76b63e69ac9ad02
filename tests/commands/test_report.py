"""``gatbert report`` from the command line: on made run folders, and on one that training left."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, f1_score

from gatbert.corpora import read_corpus
from gatbert.evaluation.report_record import Overview, Report, ReportPlace
from tests.command_line import ROOT, CommandLine, package_environment, seconds_of_children, write_data
from tests.evaluation.folders import write_run
from tests.tiny import corpus_rows, write_corpus


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_over_groups_of_seeds(command_line: CommandLine, tmp_path: Path) -> None:
    other = {"classifier": "gatbert.stance_classifier.HybridClassifier"}
    for seed in range(3):
        write_run(tmp_path / "runs" / "text" / f"s{seed}", seed, 0.5)
        write_run(tmp_path / "runs" / "hybrid" / f"s{seed}", seed, 0.9, settings=other)
    output = command_line("report", tmp_path / "runs", "--output", tmp_path / "report")
    assert "HybridClassifier" in output
    assert "Differences in macro_f1" in output
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert [group["name"] for group in found["groups"]] == ["HybridClassifier", "TextClassifier"]
    for group in found["groups"]:
        for run in group["runs"]:
            rows = read_rows(Path(run["path"]) / "predictions.test.csv")
            gold, predicted = ([row[name] for row in rows] for name in ("gold", "predicted"))
            assert run["scores"]["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
            assert run["scores"]["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))
            assert run["samples_per_second"] == 40
        score = group["scores"]["macro_f1"]
        assert score["low"] < score["mean"] < score["high"]
        assert sum(map(sum, group["confusion"])) == pytest.approx(60)
        assert {row["value"]: row["num_samples"] for row in group["breakdowns"]["target"]} == {"zoos": 30, "taxes": 30}
        assert set(group["breakdowns"]) == {"target", "irony"}
    (difference,) = (row for row in found["comparisons"] if row["score"] == "accuracy")
    assert difference["difference"] > 0.2
    assert difference["significant"]
    table = read_rows(tmp_path / "report" / "scores.csv")
    assert len([row for row in table if row["flag"] == "" and row["score"] == "macro_f1"]) == 2
    assert r"\toprule" in (tmp_path / "report" / "scores.tex").read_text()
    page = (tmp_path / "report" / "report.html").read_text()
    assert "HybridClassifier" in page
    command_line("report", tmp_path / "runs" / "text", "--output", tmp_path / "report", "--score", "accuracy")
    assert json.loads((tmp_path / "report" / "report.json").read_text())["main_score"] == "accuracy"


def test_planned_comparisons_are_the_same_wherever_they_are_shown(command_line: CommandLine, tmp_path: Path) -> None:
    for seed in range(2):
        for name, accuracy in (("Text", 0.5), ("Concat", 0.6), ("Hybrid", 0.9)):
            settings = {"classifier": f"gatbert.stance_classifier.{name}Classifier"}
            write_run(tmp_path / "runs" / name / f"s{seed}", seed, accuracy, settings=settings)
    section = "<!-- made: written by gatbert report -->\n{}<!-- end of made -->\n"
    (tmp_path / "results.md").write_text("# Mine\n" + section.format("old\n"))
    options = ("--compare", "all:Text", "--output", tmp_path / "report", "--markdown", f"{tmp_path}/results.md#made")
    output = command_line("report", tmp_path / "runs", *options)
    found = from_json(tmp_path / "report" / "report.json")
    rows = [row for row in found["comparisons"] if row["score"] == "macro_f1"]
    assert [(row["first"], row["second"]) for row in rows] == [
        ("ConcatClassifier", "TextClassifier"),
        ("HybridClassifier", "TextClassifier"),
    ]
    markdown = (tmp_path / "results.md").read_text()
    assert markdown.startswith("# Mine\n<!-- made: written by gatbert report -->\n60 samples of test, in percent")
    assert "old" not in markdown
    tables = [(tmp_path / "report" / name).read_text() for name in ("report.html", "comparisons.tex")]
    for shown in (output, markdown, *tables):
        for row in rows:
            assert ("none" if row["detectable"] == 1 else f"{100 * row['detectable']:.1f}") in shown
            assert str(row["seeds_for_two_points"]) in shown
            assert f"{100 * row['high']:.1f}" in shown
        plain = " ".join(shown.replace("\\%", "%").split())
        assert "2 comparisons of groups with each other: p values corrected together by Holm" in plain
        assert "(two-sided at 5 %, corrected for 2 comparisons); 2 points would take " in plain
    command_line("report", tmp_path / "runs", *options)
    assert (tmp_path / "results.md").read_text() == markdown, "written twice, it stays"


def test_other_peoples_predictions_are_a_group_like_any_other(command_line: CommandLine, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", accuracy=0.5)
    rows = read_rows(run / "predictions.test.csv")
    for seed in range(2):
        answers = [{"custom_id": row["id"], "answer": f"Stance: {row['gold']}."} for row in rows]
        answers[seed]["answer"] = "I cannot say."
        (tmp_path / f"{seed}.jsonl").write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    given = [word for seed in range(2) for word in ("--predictions", f"GPT={tmp_path / f'{seed}.jsonl'}")]
    options = ("--columns", "{id: custom_id}", "--compare", "GPT:Text", "--output", tmp_path / "report")
    output = command_line("report", run, *given, *options)
    assert "1 of 60 answers of GPT in" in output
    found = from_json(tmp_path / "report" / "report.json")
    assert [(group["name"], len(group["runs"])) for group in found["groups"]] == [("TextClassifier", 1), ("GPT", 2)]
    assert found["groups"][1]["scores"]["accuracy"]["mean"] > 0.97
    assert [(row["first"], row["second"]) for row in found["comparisons"]] == [("GPT", "TextClassifier")] * 3
    assert "GPT" in (tmp_path / "report" / "scores.tex").read_text()
    page = (tmp_path / "report" / "report.html").read_text()
    assert '"group":"GPT"' in page
    gone = "answers.jsonl lacks 1 of the 60 samples of the runs, such as 'p59'"
    (tmp_path / "answers.jsonl").write_text(
        "".join(json.dumps({"id": f"p{n}", "answer": ""}) + "\n" for n in range(59))
    )
    assert gone in command_line.refused("report", run, "--predictions", f"GPT={tmp_path}/answers.jsonl")


def test_the_documented_prompt_asks_about_each_sample(tmp_path: Path) -> None:
    write_corpus(tmp_path / "test.csv", corpus_rows(4))
    document = (ROOT / "docs" / "reports.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=package_environment())
    lines = [json.loads(line) for line in (tmp_path / "prompts.jsonl").read_text().splitlines()]
    samples = list(read_corpus(tmp_path / "test.csv", "csv"))
    assert [line["id"] for line in lines] == [sample.id for sample in samples]
    for line, sample in zip(lines, samples, strict=True):
        assert line["prompt"].startswith(f"Text: {sample.text}\n\nTarget: {sample.target}\n")
        assert '{"stance": "neutral"}' in line["prompt"]


def from_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.slow
def test_a_trained_run_with_texts_and_baselines(command_line: CommandLine, common: list[str], tmp_path: Path) -> None:
    command_line("fit_and_test", *common)
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "One seed only: TextClassifier" in " ".join(output.split())
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    groups = {group["name"]: group for group in found["groups"]}
    assert list(groups) == ["TextClassifier", "majority", "n-gram SVM"]
    # A word gives the stance away, which n-grams see in most of a dozen posts.
    assert groups["n-gram SVM"]["scores"]["macro_f1"]["mean"] > 0.5
    assert groups["majority"]["calibration"] is None
    assert groups["TextClassifier"]["scores"]["macro_f1"]["std"] is None
    (run,) = groups["TextClassifier"]["runs"]
    assert run["samples_per_second"] > 0
    assert {"target", "style", "target_seen"} >= set(groups["TextClassifier"]["breakdowns"])
    assert "val_macro_f1" in groups["TextClassifier"]["curves"][0]["series"]
    assert corpus_rows(60)[0]["text"].split()[0] in (tmp_path / "report" / "report.html").read_text()


def test_mistakes_are_one_sentence(command_line: CommandLine, tmp_path: Path) -> None:
    run, half = write_run(tmp_path / "a"), write_run(tmp_path / "b", num_samples=50)
    assert "there is no run in" in command_line.refused("report", tmp_path / "nowhere")
    assert "--score" in command_line.refused("report", tmp_path / "nowhere", "--score", "f2")
    two_stances = write_run(tmp_path / "c")
    text = (two_stances / "predictions.test.csv").read_text()
    (two_stances / "predictions.test.csv").write_text(text.replace("favor", "pro"))
    refused = command_line.refused("report", two_stances, "--score", "favor_against_f1", "--output", tmp_path / "out")
    assert "score 'favor_against_f1' is unknown; accepted are accuracy, macro_f1" in refused
    assert not (tmp_path / "out").exists()
    (half / "predictions.test.csv").write_text("id,target,go")
    assert "cut off in its last line" in command_line.refused("report", run, half)
    (half / "predictions.test.csv").unlink()
    assert "has no predictions.test.csv" in command_line.refused("report", half)
    (tmp_path / "file").write_text("")
    assert "must be given" in command_line.refused("report")


@pytest.mark.slow
def test_the_arguments_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    """In a process of its own, as a user calls it: without runs, which would be the first thing to be missed."""
    (tmp_path / "file").touch()
    closed = "/proc" if os.geteuid() == 0 else str(tmp_path / "closed")
    (tmp_path / "closed").mkdir(mode=0o500)
    for options, words in (
        (["--score", "f1"], "--score"),
        (["--output", str(tmp_path / "file")], f"as {tmp_path / 'file'} is none; give another output"),
        (["--output", str(tmp_path / "file" / "below")], f"as {tmp_path / 'file'} is none; give another output"),
        (["--output", f"{closed}/report"], f"output {closed}/report cannot be written"),
    ):
        before = seconds_of_children()
        called = [sys.executable, "-m", "gatbert", "report", str(tmp_path / "nowhere"), *options]
        done = subprocess.run(called, capture_output=True, text=True, env=package_environment(), check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
        assert seconds_of_children() - before < 2


@pytest.mark.slow
def test_each_test_set_has_a_report_of_its_own(command_line: CommandLine, tmp_path: Path) -> None:
    """The default folder of results holds runs of any corpora."""
    for seed in range(2):
        for number, name in enumerate(("zoos", "taxes")):
            files = {"data": {"init_args": {"test": f"{name}/test.csv"}}}
            write_run(tmp_path / "results" / name / f"s{seed}", seed, settings=files, gold_seed=number)
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "mine.txt").touch()
    arguments = ("report", tmp_path / "results", "--output", tmp_path / "report", "--score", "accuracy")
    said = " ".join(command_line(*arguments).split())
    assert "taxes-test: 60 samples of test" in said
    assert "The runs were tested on 2 test sets, which are not compared with each other: taxes-test (2 runs," in said
    assert "zoos-test has the samples of taxes-test with other gold stances" in said
    overview = json.loads((tmp_path / "report" / "report.json").read_text())
    assert overview.keys() == Overview.__annotations__.keys()
    assert [place["folder"] for place in overview["test_sets"]] == ["taxes-test", "zoos-test"]
    for place in overview["test_sets"]:
        assert place.keys() == ReportPlace.__annotations__.keys()
        found = json.loads((tmp_path / "report" / place["folder"] / "report.json").read_text())
        assert found.keys() == Report.__annotations__.keys()
        assert place["groups"] == {"TextClassifier": found["groups"][0]["scores"]["accuracy"]}
        assert (found["test_set"], found["files"]) == (place["test_set"], place["files"])
        assert {Path(run["path"]).parent.name for run in found["groups"][0]["runs"]} == {
            found["files"][0].split("/")[0]
        }
    page = (tmp_path / "report" / "report.html").read_text()
    links = re.findall('href="(.*?)"', page)
    assert links == ["taxes-test/report.html", "zoos-test/report.html"]
    assert all((tmp_path / "report" / link).is_file() for link in links)
    written = ["comparisons.tex", "report.html", "report.json", "scores.csv", "scores.tex"]
    assert names_in(tmp_path / "report") == ["mine.txt", "report.html", "report.json", "taxes-test", "zoos-test"]
    # One test set: what is left of the report on several would be of other runs.
    command_line("report", tmp_path / "results" / "zoos", "--output", tmp_path / "report")
    assert names_in(tmp_path / "report") == sorted(["mine.txt", *written])
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert found.keys() == Report.__annotations__.keys()
    command_line(*arguments)
    assert names_in(tmp_path / "report") == ["mine.txt", "report.html", "report.json", "taxes-test", "zoos-test"]
    assert names_in(tmp_path / "report" / "zoos-test") == written


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_a_report_is_written_whole_or_not_at_all(
    command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, output = write_run(tmp_path / "a"), tmp_path / "report"
    written: list[Path] = []

    def full(path: Path, text: str, **options: Any) -> int:
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return write_text(path, text, **options)

    write_text = Path.write_text
    monkeypatch.setattr(Path, "write_text", full)
    assert "No space left" in command_line.refused("report", run, "--output", output)
    assert not output.exists()
    monkeypatch.undo()
    command_line("report", run, "--output", output)
    before = {path: path.read_bytes() for path in output.iterdir()}
    written.clear()
    monkeypatch.setattr(Path, "write_text", full)
    assert "No space left" in command_line.refused("report", run, "--output", output, "--title", "Other")
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in output.iterdir()} == before


@pytest.mark.slow
def test_texts_that_are_gone_are_said(command_line: CommandLine, common: list[str], data: Path, tmp_path: Path) -> None:
    command_line("fit_and_test", *common)
    (tmp_path / "posts.csv").unlink()
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "Texts of" in " ".join(output.split())
    write_corpus(tmp_path / "posts.csv", corpus_rows(6))
    write_data(tmp_path / "again.yaml", tmp_path / "posts.csv")
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "no longer in the corpora of the run" in " ".join(output.split())
