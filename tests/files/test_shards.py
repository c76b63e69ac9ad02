"""Shards: as users write them, what each holds, and their files."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.shards import Shard, all_shards, files_of_shards


@pytest.mark.parametrize("written", ["0/4", "5/4", "1", "1/0", "a/b", "1/4 ", "\u0661/\u0664", "1/9999999"])
def test_what_is_no_shard_is_refused(written: str) -> None:
    with pytest.raises(UserError, match="is none; accepted is I/N"):
        Shard.from_text(written)
    assert Shard.from_text("2/4") == Shard(2, 4)


def test_the_files_of_shards_are_found_in_order_and_others_are_none(tmp_path: Path) -> None:
    whole = tmp_path / "out.csv"
    for number in (10, 2, *range(3, 10), 1):
        Shard(number, 10).file(whole).touch()
    for name in ("out.0-of-10.csv", "out.11-of-10.csv", "out.1-of-10.jsonl", "another.1-of-10.csv", "out.csv"):
        (tmp_path / name).touch()
    found = all_shards(files_of_shards(whole), "out.csv", "make them")
    assert [path.name for path in found] == [f"out.{number}-of-10.csv" for number in range(1, 11)]


@pytest.mark.parametrize(
    ("shards", "words"),
    [([(1, 3), (3, 3)], r"lacks shards \[2\] of 3 of out; make them"), ([(1, 2), (1, 3)], r"of \[2, 3\] parts")],
)
def test_shards_that_are_not_all_there_are_refused(shards: list[tuple[int, int]], words: str, tmp_path: Path) -> None:
    found = {Shard(*shard): tmp_path / "file" for shard in shards}
    with pytest.raises(UserError, match=words):
        all_shards(found, "out", "make them")
