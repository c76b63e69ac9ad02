"""Files of other people's predictions: matched with the samples of the runs, one by one, or refused."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading, read_prediction_files
from gatbert.evaluation.predictions import Predictions
from gatbert.samples.stances import STANCES
from tests.evaluation.made import made_predictions

TEST = made_predictions(np.random.default_rng(0), 6, 0.5)
TEXTS = ["one text", "one text", "a\ttext", "text  with spaces", "e", "f"]
TEXTS[1] = TEXTS[0]  # two samples of one target and text


def table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",").writerows([header, *rows])
    return path


def read(path: Path, **reading: Any) -> tuple[Predictions, int]:
    how = PredictionReading(**reading)
    (file,) = read_prediction_files([f"GPT={path}"], how)
    return file.predictions(file.order(TEST, TEXTS), TEST, how)


LABELS = ["favor", "Against", "none", "PRO", "con", "neutral"]
MEANT = [STANCES.index(one) for one in ("favor", "against", "neutral", "favor", "against", "neutral")]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_rows_in_any_order_are_those_of_their_samples(ending: str, tmp_path: Path) -> None:
    rows = [*zip(TEST.ids.tolist(), LABELS, strict=True)][::-1]
    path = tmp_path / f"gpt{ending}"
    if ending == ".jsonl":
        path.write_text("".join(json.dumps({"id": name, "predicted": label}) + "\n" for name, label in rows))
    else:
        table(path, ["id", "predicted"], rows)
    found, unread = read(path)
    assert found.predicted.tolist() == MEANT
    assert found.probabilities is None
    assert unread == 0
    np.testing.assert_array_equal(found.gold, TEST.gold)
    assert found.flags is TEST.flags


def test_target_and_text_do_as_well_as_an_id(tmp_path: Path) -> None:
    texts = [text.replace("  ", " ") for text in TEXTS]
    rows = [*zip(texts, TEST.targets.tolist(), LABELS, strict=True)]
    found, _ = read(table(tmp_path / "gpt.csv", ["text", "target", "predicted"], [*rows[2:], *rows[:2]]))
    assert found.predicted.tolist() == MEANT


def test_probabilities_alone_say_what_is_predicted(tmp_path: Path) -> None:
    values = np.random.default_rng(1).dirichlet([1, 1, 1], 6)
    rows = [[name, *row] for name, row in zip(TEST.ids.tolist(), values.tolist(), strict=True)]
    found, _ = read(table(tmp_path / "gpt.csv", ["id", *(f"prob_{stance}" for stance in STANCES)], rows[::-1]))
    assert found.probabilities is not None
    np.testing.assert_allclose(found.probabilities, values)
    np.testing.assert_array_equal(found.predicted, values.argmax(1))


def test_answers_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    answers = ["Stance: favor", "against", "I cannot say.", "", '{"stance": "favor"}', "MAYBE"]
    path = tmp_path / "gpt.jsonl"
    rows = zip(TEST.ids.tolist(), answers, strict=True)
    path.write_text("".join(json.dumps({"custom_id": name, "answer": answer}) + "\n" for name, answer in rows))
    found, unread = read(path, columns={"id": "custom_id"}, labels={"maybe": None}, unanswered="against")
    assert [STANCES[index] for index in found.predicted] == ["favor", *["against"] * 3, "favor", "against"]
    assert unread == 3


GIVEN = [(name, "favor") for name in TEST.ids.tolist()]
REFUSED: dict[str, tuple[list[str], list[Any], dict[str, Any], str]] = {
    "missing": (["id", "predicted"], GIVEN[:-2], {}, r"lacks 2 of the 6 samples of the runs, such as 'p4'"),
    "foreign": (["id", "predicted"], [*GIVEN, ("p9", "favor")], {}, r"gpt.csv:8: 'p9' is none of the samples"),
    "double": (["id", "predicted"], [*GIVEN, GIVEN[0]], {}, r"gpt.csv:8: 'p0' stands there more than once"),
    "unknown label": (["id", "predicted"], [*GIVEN[:-1], ("p5", "yes")], {}, "gpt.csv:7: unknown label 'yes'"),
    "empty label": (["id", "predicted"], [*GIVEN[:-1], ("p5", "")], {}, "gpt.csv:7: the stance is empty"),
    "no samples": (["name", "predicted"], GIVEN, {}, "says nowhere which samples"),
    "no predictions": (["id", "stance"], GIVEN, {}, "no column of predictions; the columns are 'id', 'stance'"),
    "no such column": (["id", "predicted"], GIVEN, {"columns": {"answer": "said"}}, "has the column of answer"),
    "no such field": (["id", "predicted"], GIVEN, {"columns": {"stance": "said"}}, "'stance', which is no field"),
    "no such stance": (["id", "answer"], [*GIVEN[:-1], ("p5", "?")], {"unanswered": "x"}, "1 answers .* --unanswered"),
    "no stance of a label": (["id", "predicted"], GIVEN, {"labels": {"a": "b"}}, "'a' is mapped to 'b'"),
    "no rows": (["id", "predicted"], [], {}, "no rows below its header"),
    "no numbers": (
        ["id", *(f"prob_{stance}" for stance in STANCES)],
        [(name, "1", "0", "zero") for name, _ in GIVEN],
        {},
        "gpt.csv:2: the probability 'zero' is no number",
    ),
    "no probabilities": (
        ["id", *(f"prob_{stance}" for stance in STANCES)],
        [(name, 1, 1, 1) for name, _ in GIVEN],
        {},
        "gpt.csv: row 2 has probabilities that do not sum to 1$",
    ),
    "contradiction": (
        ["id", "predicted", *(f"prob_{stance}" for stance in STANCES)],
        [(*row, 1, 0, 0) for row in GIVEN],
        {},
        "gpt.csv: row 2 predicts another stance",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_refused(case: str, tmp_path: Path) -> None:
    header, rows, reading, message = REFUSED[case]
    with pytest.raises(UserError, match=message):
        read(table(tmp_path / "gpt.csv", header, rows), **reading)


def test_texts_that_are_gone_ask_for_ids(tmp_path: Path) -> None:
    file = PredictionFile("GPT", tmp_path, [(2, {"text": "one text", "target": "zoos", "predicted": "favor"})])
    with pytest.raises(UserError, match="texts are missing here; give their ids"):
        file.order(TEST, [None] * 6)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("gpt.csv", "give NAME=FILE"),
        ("=gpt.csv", "give NAME=FILE"),
        ("GPT=nowhere.csv", "nowhere.csv does not exist"),
        ("GPT=.", "is a folder"),
        ("GPT={file}", re.escape("the ending '.txt' is unknown; known are .csv, .tsv, .jsonl")),
    ],
)
def test_files_are_given_with_their_name(given: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("id,predicted\n")
    with pytest.raises(UserError, match=message):
        read_prediction_files([given.format(file=tmp_path / "a.txt")], PredictionReading())
