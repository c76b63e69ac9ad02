"""The card says what the run says, the hub can read it, and no text in it is more than a text."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCardData
from sklearn.metrics import f1_score

from gatbert.evaluation.run_record import read_record
from gatbert.exports.card import Card, card_text
from gatbert.exports.export import Choices, Extras, export_model
from gatbert.exports.hub_model import hub_model
from gatbert.exports.source import Source, find_source, open_source
from gatbert.samples.pair_settings import PairSettings
from tests.command_line import rows_of
from tests.exports.made import write_checkpoint

HOSTILE = "<script>alert(1)</script> [x](http://evil.example) | `a` _b_ &lt; www.evil.example\n# {{ 7 * 7 }}\n---\n"


def front(card: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return values


def test_it_says_what_the_run_says(run_folder: Path, tmp_path: Path) -> None:
    extras = Extras(language=["en"], license="mit")
    export_model(run_folder, tmp_path / "out", "me/model", Choices(), extras)
    card = (tmp_path / "out" / "README.md").read_text()
    rows = rows_of(run_folder / "predictions.test.csv")
    wanted = f1_score([row["gold"] for row in rows], [row["predicted"] for row in rows], average="macro")
    values = front(card)
    assert (values["license"], values["language"], values["library_name"]) == ("mit", ["en"], "transformers")
    (result,) = values["model-index"][0]["results"]
    metrics = {one["name"]: one["value"] for one in result["metrics"]}
    assert metrics["macro_f1"] == pytest.approx(wanted, abs=1e-4)
    assert (result["dataset"]["name"], result["dataset"]["split"]) == ("posts", "test")
    assert ModelCardData(**values).pipeline_tag == "text-classification"
    assert f"| macro_f1 | {100 * wanted:.1f} |" in card
    assert "Expected calibration error on the test split" in card
    record = read_record(run_folder)
    assert record.data is not None
    ((name, checksum),) = record.data.files.items()
    assert f"| {Path(name).name} | {checksum[:12]} |" in card
    assert str(run_folder) not in card
    assert '"text": "wind power", "text_pair": "Turbines' in card


def test_an_ablation_in_the_run_is_told(run_folder: Path, tmp_path: Path) -> None:
    source = find_source(run_folder)
    row = {"condition": "intact", "score": 0.9, "low": 0.8, "high": 0.95, "difference": 0.0, "difference_low": 0.0}
    row |= {"difference_high": 0.0, "p": 1.0, "p_holm": 1.0, "changed": 0.0, "probability_change": 0.0}
    values: dict[str, Any] = {"format_version": 1, "checkpoint": source.checkpoint.name, "split": "test", "notes": []}
    values |= {"classifier": "gatbert.stance_classifier.TextClassifier", "files": {"x/posts.csv": "0"}}
    values |= {"score": "macro_f1", "negligible": 0.01, "num_samples": 12, "majority": 0.2, "uniform": 0.3}
    (tmp_path / "ablation.json").write_text(json.dumps({**values, "rows": [{**row, "sentence": "It needs <b>."}]}))
    export_model(run_folder, tmp_path / "out", "out", Choices(), Extras(ablation=str(tmp_path)))
    card = (tmp_path / "out" / "README.md").read_text()
    assert "| intact | 90.0 | 80.0 to 95.0 | 0.0 |" in card
    assert r"- It needs \<b\>." in card


def made(path: Path, encoder: str, **changes: Any) -> str:
    """Return the card of a random classifier whose recipe says something else."""
    opened = open_source(Source(write_checkpoint(path, encoder), None, None))
    model = hub_model(opened.predictor)
    recipe = replace(opened.recipe, **changes)
    return card_text(Card("out", replace(opened, recipe=recipe), Source(path, None, None), model))


def test_no_text_is_more_than_a_text(encoder: str, tmp_path: Path) -> None:
    pair = PairSettings("{target} ``` <b>", "{text}")
    changes = {"pretrained_model": HOSTILE, "classifier": f"a.{HOSTILE}", "stances": ("against", HOSTILE), "pair": pair}
    card = made(tmp_path / "a.ckpt", encoder, **changes)
    front(card)
    body = card.split("---\n", 2)[2]
    code = "\n".join(re.findall(r"```python\n(.*?)\n```\n", body, re.DOTALL))
    assert body.count("```") == 4
    assert len(code.splitlines()) == 8
    for start in ("#", "---"):
        lines = [line for line in body.splitlines() if line.startswith(start)]
        assert all("7 * 7" not in line for line in lines)
        assert start == "#" or lines == []
    prose = body
    for block in re.findall(r"```python\n.*?\n```\n", body, re.DOTALL):
        prose = prose.replace(block, "")
    assert r"\<script\>" in prose
    for live in ("<script>", "](http", "http://", "&lt;", "www.e", "49"):
        assert live not in prose.replace("\\<", "").replace("\\]", "").replace("\\&", "").replace("http\\://", "")


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (PairSettings("{text}", "The author is in favor of {target}."), "| `text` | the text |"),
        (PairSettings("{context}", "{target}: {text}"), 'contexts="what it answers"'),
        (PairSettings(background="text"), 'backgrounds={"wind power": "what is known of it"}'),
        (PairSettings(max_target_length=3), 'truncation="longest_first"'),
        (PairSettings("{text}", "The author is in favor of {target}."), "the author is in favor of wind power."),
    ],
)
def test_the_two_fields_are_those_of_the_templates(
    pair: PairSettings, words: str, encoder: str, tmp_path: Path
) -> None:
    assert words.casefold() in made(tmp_path / "a.ckpt", encoder, pair=pair).casefold()
