"""The cache gives back what was written, whole or not at all."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.batches import NO_GOLD, Encoded
from gatbert.data_modules.encoded_cache import EncodedSplit, find_damage, write_splits
from gatbert.files.caches import remove_cache
from gatbert.samples import Sample

STANCES = ("against", "favor")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lengths = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=6)


def encode(shapes: Sequence[tuple[int, int]]) -> list[Encoded]:
    return [
        Encoded(
            {
                "input_ids": np.arange(tokens, dtype=np.int32) + number,
                "edges": np.full((2, edges), number, dtype=np.int64),
            },
            size=tokens + edges,
        )
        for number, (tokens, edges) in enumerate(shapes)
    ]


def test_vectors_that_samples_share_are_written_once(tmp_path: Path) -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(3, 2)
    encoded = [replace(item, vectors=vectors) for item in encode([(2, 1), (3, 0)])]
    samples = [Sample(str(number), "text", "target", "favor") for number in range(2)]
    write_splits(tmp_path / "cache", {"val": (samples, encoded)}, STANCES)
    split = pickle.loads(pickle.dumps(EncodedSplit(tmp_path / "cache" / "val")))  # noqa: S301
    assert split[0].vectors is split[1].vectors
    assert (split[0].vectors == vectors).all()
    apart = [encoded[0], replace(encoded[1], vectors=vectors + 1)]
    with pytest.raises(ValueError, match="encoded apart"):
        write_splits(tmp_path / "other", {"val": (samples, apart)}, STANCES)


@given(lengths, texts, st.sampled_from(["against", "favor", None]))
def test_round_trip(shapes: list[tuple[int, int]], text: str, stance: str | None) -> None:
    encoded = encode(shapes)
    samples = [Sample(f"p{i}", text, "é target", stance, {"flag": text}) for i in range(len(encoded))]
    with TemporaryDirectory() as folder:
        write_splits(Path(folder) / "cache", {"val": (samples, encoded)}, STANCES)
        split = EncodedSplit(Path(folder) / "cache" / "val")
        assert split.samples == samples
        assert len(split) == len(encoded)
        for index, item in enumerate(encoded):
            read = split[index]
            assert (read.size, read.sample_index) == (item.size, index)
            assert read.stance_index == (NO_GOLD if stance is None else STANCES.index(stance))
            for name, array in item.arrays.items():
                assert read.arrays[name].dtype == array.dtype
                np.testing.assert_array_equal(read.arrays[name], array)


def written(folder: Path, tokens: int = 4) -> EncodedSplit:
    samples = [Sample("a", "text", "target", "favor"), Sample("b", "text", "target")]
    write_splits(folder, {"train": (samples, encode([(tokens, 1), (2, 0)]))}, STANCES)
    return EncodedSplit(folder / "train")


def test_a_split_travels_to_workers_as_a_path(tmp_path: Path) -> None:
    split = written(tmp_path / "cache", tokens=100_000)
    split[0]
    travelling = pickle.dumps(split)
    assert len(travelling) < 1000
    np.testing.assert_array_equal(pickle.loads(travelling)[1].arrays["input_ids"], [1, 2])  # noqa: S301


def test_a_cache_that_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Encoded]:
        yield from encode([(2, 1)])
        raise OSError("no space left")

    class Broken(list[Encoded]):
        def __iter__(self) -> Iterator[Encoded]:
            return broken()

    with pytest.raises(OSError, match="no space left"):
        write_splits(tmp_path / "cache", {"val": ([Sample("a", "x", "y")], Broken(encode([(1, 1)])))}, STANCES)
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_harmless(tmp_path: Path) -> None:
    first = written(tmp_path / "cache")
    written(tmp_path / "cache")
    assert len(first.samples) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def damaged(path: Path, how: str) -> None:
    """Damage a file of a cache as disks, copies and people do."""
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "flipped":
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 4]) + content[-1:])
    else:
        path.with_name("another.npy").write_bytes(content)


@pytest.mark.parametrize("how", ["missing", "cut", "empty", "flipped", "extra"])
def test_whatever_changes_in_a_cache_is_found(tmp_path: Path, how: str) -> None:
    folder = written(tmp_path / "cache").folder.parent
    assert find_damage(folder) is None
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert len(names) > 8
    for name in names:
        damaged(folder / name, how)
        assert find_damage(folder) is not None, name
        remove_cache(folder)
        written(folder)
    assert find_damage(folder) is None


@pytest.mark.parametrize("content", ["", "[", "[" * 100_000, "7", "{}", "null", "\x00"])
def test_a_manifest_that_is_none(tmp_path: Path, content: str) -> None:
    folder = written(tmp_path / "cache").folder.parent
    (folder / "manifest.json").write_text(content)
    assert find_damage(folder) is not None


def test_a_file_in_place_of_a_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    assert find_damage(tmp_path / "cache") is not None
    remove_cache(tmp_path / "cache")
    remove_cache(tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []
