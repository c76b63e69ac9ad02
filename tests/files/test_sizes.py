"""Sizes in words, and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.files.sizes import bytes_of, size_in_words, size_of_folder


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (950, "0.95 KB"),
        (1000, "1 KB"),
        (363_000_000, "363 MB"),
        (1_234_567_890, "1.23 GB"),
        (5e15, "5,000 TB"),
    ],
)
def test_the_unit_fits(size: float, words: str) -> None:
    assert size_in_words(size) == words


@given(st.integers(0, 10**15))
def test_words_mean_the_size_to_three_digits(size: int) -> None:
    assert bytes_of(size_in_words(size).replace(",", ""), "--size") == pytest.approx(size, rel=0.006, abs=5)


@pytest.mark.parametrize(("text", "size"), [("10GB", 10**10), ("1.5 mb", 1_500_000), ("7", 7), ("2TB", 2 * 10**12)])
def test_sizes_are_read_in_any_unit(text: str, size: int) -> None:
    assert bytes_of(text, "--size") == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1e9", "10 gigs", "1.GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"--size .* is not accepted; accepted is a number with KB"):
        bytes_of(text, "--size")


def test_a_folder_is_as_large_as_its_files(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"12345")
    (tmp_path / "d").write_bytes(b"1")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    link = (tmp_path / "lost").lstat().st_size
    assert size_of_folder(tmp_path) == 6 + link
