"""Backgrounds of targets from JSON lines."""

import json
from pathlib import Path

import pytest

from gatbert.corpora.background_file import read_backgrounds, with_backgrounds
from gatbert.errors import UserError
from gatbert.samples import Sample


def test_targets_find_their_background_however_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "about.jsonl"
    path.write_text('{"Wind power": " it blows ", "Zoo": ""}\n\n{"Café": "a place"}\n{"CAFE": "a place"}\n')
    backgrounds = read_backgrounds(path)
    samples = [Sample("a", "t", "wind  POWER"), Sample("b", "t", "zoo", background="own"), Sample("c", "t", "cafe")]
    found = list(with_backgrounds(samples, backgrounds))
    assert [sample.background for sample in found] == ["it blows", "own", "a place"]
    assert samples[0].background == ""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([{"zoo": "one"}, {"Zoo": "two"}], "about.jsonl:2: the target 'Zoo' has another text before"),
        ([{"zoo": " "}], "no target has a text; accepted is one {target: text} per line"),
        ([["zoo", "text"]], "about.jsonl:1: list instead of an object"),
        (None, "does not exist"),
    ],
)
def test_files_that_say_nothing_or_two_things_are_refused(
    lines: list[object] | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "about.jsonl"
    if lines is not None:
        path.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(UserError) as refused:
        read_backgrounds(path)
    assert words in str(refused.value)
