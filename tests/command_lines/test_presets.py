"""Each configuration of a published corpus reads, splits and counts what stands in files of its form."""

import csv
import json
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.samples import Sample
from tests.command_line import CONFIGS
from tests.corpora.published import COVID19_TARGETS, SIZES, WRITERS, made_posts

TWO, THREE = ("favor", "against"), ("favor", "against", "neutral")

PRESETS: dict[str, tuple[int, tuple[str, ...], set[str]]] = {
    "covid19_stance": (len(COVID19_TARGETS), THREE, {"opinion_towards", "sentiment"}),
    "ibm_argq": (3, TWO, set()),
    "xstance": (1, TWO, {"language", "topic"}),
    "standard": (1, THREE, {"stance_type", "language"}),
    "mtcsd": (1, THREE, set()),
}
"""Made files of each split, the stances in them, and the flags that are read."""


def options_of(name: str) -> dict[str, Any]:
    options: dict[str, Any] = yaml.safe_load((CONFIGS / f"{name}_data.yaml").read_text())["init_args"]
    return options


@pytest.fixture
def corpus(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CorpusSplits:
    where, write = WRITERS[name]
    write(tmp_path / where)
    monkeypatch.setenv("GATBERT_DATA", str(tmp_path))
    return splits_from_options(options_of(name))


@pytest.mark.parametrize("name", PRESETS)
def test_all_rows_are_read_with_stances_and_flags(name: str, corpus: CorpusSplits) -> None:
    num_files, stances, flags = PRESETS[name]
    splits = corpus.read()
    assert {split: len(splits[split]) for split in SIZES} == {s: size * num_files for s, size in SIZES.items()}
    for split, size in SIZES.items():
        expected = Counter(stance for seed in range(num_files) for _, stance in made_posts(seed, stances)[split])
        assert Counter(sample.stance for sample in splits[split]) == expected, (split, size)
        assert {flag for sample in splits[split] for flag in sample.meta} == flags
    assert set(corpus.stances) == set(stances)


@pytest.mark.parametrize("name", PRESETS)
def test_no_sample_stands_in_two_splits(name: str, corpus: CorpusSplits) -> None:
    def same(sample: Sample) -> tuple[str, str]:
        return " ".join(sample.text.casefold().split()), sample.target

    resolved = corpus.resolved()
    assert sum(resolved.dropped.values()) > 0
    train, val, test = ({same(sample) for sample in resolved.splits[split]} for split in SIZES)
    assert not train & val
    assert not (train | val) & test


@pytest.mark.parametrize("name", PRESETS)
def test_licence_source_traps_and_rows_are_told(name: str) -> None:
    told = (CONFIGS / f"{name}_data.yaml").read_text().casefold()
    assert [word for word in ("licence", "rows", "traps", "gatbert_data") if word not in told] == []


def test_the_recipe_of_mtcsd_joins_threads_and_stances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = {"1": 'root, "post"', "1-1": "reply", "1-1-1": "deep\nreply", "2": "another"}
    threads = [["1"], ["1", "1-1"], ["1", "1-1", "1-1-1"]]
    for target in ("Biden", "Tesla"):
        (tmp_path / target).mkdir()
        with (tmp_path / target / "text.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["id", "text", "other"], *([i, f"{target} {t}", ""] for i, t in posts.items())])
        for split in ("train", "valid", "test"):
            rows = [{"index": thread, "stance": "none" if len(thread) > 1 else "favor"} for thread in threads]
            (tmp_path / target / f"{split}.json").write_text(json.dumps(rows, indent=2))
    lines = (CONFIGS / "mtcsd_data.yaml").read_text().splitlines()
    monkeypatch.chdir(tmp_path)
    exec(textwrap.dedent("\n".join(line[1:] for line in lines if line.startswith("#   "))))  # noqa: S102  (our own)
    found = [json.loads(line) for line in Path("valid.jsonl").read_text().splitlines()]
    assert [row["id"] for row in found] == [f"{target}-{t[-1]}" for target in ("Biden", "Tesla") for t in threads]
    assert [row["stance"] for row in found[:3]] == ["favor", "none", "none"]
    assert found[2]["text"] == "Biden deep\nreply"
    assert (found[0]["thread"], found[2]["thread"]) == (None, 'Biden root, "post"\nBiden reply')
