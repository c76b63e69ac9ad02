"""What is read of a sample, as users give it: what is not given, and what no sample has."""

import json
from pathlib import Path

import pytest

from gatbert.data_modules import SplitDataModule
from gatbert.data_modules.pair_options import PairOptions
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from tests.data_modules.prepared import split_files
from tests.tiny import corpus_rows


def test_what_is_not_given_is_as_ever() -> None:
    assert PairOptions().settings() == PairSettings()
    options = PairOptions(second="{context} {text}", background="text", max_target_length=3)
    assert options.settings() == PairSettings("{target}", "{context} {text}", "text", 3)
    assert PairOptions(first="{target} {text}", second="").settings() == PairSettings("{target} {text}", "")


def test_what_is_wrong_is_named_by_its_flag() -> None:
    with pytest.raises(UserError, match=r"--data\.max_target_length 0 is not accepted"):
        PairOptions(max_target_length=0)
    with pytest.raises(
        UserError, match=r"--data\.background_file a\.jsonl is read with --data\.background text, .* none"
    ):
        PairOptions(background_file="a.jsonl")
    with pytest.raises(UserError, match=r"--data\.background_file .* does not exist"):
        PairOptions(background="text", background_file="a.jsonl").checksums()


def test_what_no_sample_has_cannot_be_read(tmp_path: Path) -> None:
    samples = [Sample("a", "good", "zoo"), Sample("b", "bad", "tax", context="why?")]
    reads_context = PairOptions(second="{context} {text}")
    assert reads_context.completed(samples) == samples
    with pytest.raises(
        UserError, match=r"context is to be read, and none .* sample 'a'; give columns {context: COLUMN},"
    ):
        reads_context.completed(samples[:1])
    with pytest.raises(UserError, match=r"columns {background: COLUMN} or --data\.background_file FILE"):
        PairOptions(background="text").completed(samples)
    path = tmp_path / "about.jsonl"
    path.write_text('{"ZOO": "a place"}')
    completed = PairOptions(background="text", background_file=str(path)).completed(samples)
    assert [sample.background for sample in completed] == ["a place", ""]


def test_another_background_is_another_cache_and_is_recorded(encoder: str, tmp_path: Path) -> None:
    rows = [{**row, "post": "why"} for row in corpus_rows(60)]
    files = split_files(tmp_path, train=rows[:40], val=rows[40:])
    path = tmp_path / "about.jsonl"
    folders = set()
    for text in ("good", "bad"):
        path.write_text(json.dumps({"zoo": text, "homework": text}))
        data = SplitDataModule(
            tokenizer=encoder,
            **files,
            columns={"context": "post"},
            second="{context} {text} {background}",
            background="text",
            background_file=str(path),
        )
        data.prepare_data()
        assert str(path) in data.provenance().files
        assert data.samples("train")[0].context == "why"
        folders.add(data.folder)
    assert len(folders) == 2
    zoo = [sample.target == "zoo" for sample in data.samples("train")].index(True)
    ids = data.split("train")[zoo].arrays["input_ids"].tolist()
    words = data.preprocessor.tokenizer.convert_ids_to_tokens(ids)  # type: ignore[attr-defined]
    assert words[:4] == ["[CLS]", "zoo", "[SEP]", "why"]
    assert words[-2:] == ["bad", "[SEP]"]
