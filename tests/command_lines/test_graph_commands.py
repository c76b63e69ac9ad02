"""build_graph, tag and inspect_graph from the command line, on the demo's graph and posts."""

import json
import shutil
from pathlib import Path

import pytest

from gatbert.corpora.graph_corpus import read_graph_corpus, read_info
from gatbert.files.paths import resolve
from gatbert.knowledge import KnowledgeGraph
from tests.command_line import CommandLine, run_aside

DEMO = "pkg:gatbert/assets/demo"
SPLITS = ["--train", f"{DEMO}/train.csv", "--val", f"{DEMO}/val.csv", "--test", f"{DEMO}/test.csv"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's graph, as build_graph builds it."""
    folder = tmp_path_factory.mktemp("demo") / "graph"
    run_aside("build_graph", "--output", folder, "--conceptnet", f"{DEMO}/assertions.csv", "--aliases", "false")
    return folder


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """The same, to be moved and spoiled."""
    return Path(shutil.copytree(built, tmp_path / "graph"))


def ids(path: Path) -> list[str]:
    return [tagged.sample.id for tagged in read_graph_corpus(path)]


def test_the_demos_graph_reaches_its_posts(command_line: CommandLine, graph: Path, tmp_path: Path) -> None:
    assert KnowledgeGraph(graph).num_edges >= 1500
    output = command_line("tag", "--graph", graph, "--output", tmp_path / "out", *SPLITS, "--columns.style", "style")
    assert "nuclear power" in output
    report = json.loads((tmp_path / "out" / "coverage.json").read_text())
    for split in ("train", "val", "test"):
        assert report[split]["target_linked"] == 1.0
        assert report[split]["bridged"] > 0.6
        assert min(target["target_linked"] for target in report[split]["targets"].values()) == 1.0
    info = read_info(tmp_path / "out" / "test.parquet")
    assert info.graph_checksum == KnowledgeGraph(graph).checksum
    assert next(read_graph_corpus(tmp_path / "out" / "test.parquet")).sample.meta["style"]


def test_the_tagged_posts_of_the_package_are_what_tag_makes(
    command_line: CommandLine, graph: Path, tmp_path: Path
) -> None:
    command_line("tag", "--graph", graph, "--output", tmp_path / "out", *SPLITS, "--columns.style", "style")
    kept = resolve(f"{DEMO}/tagged")
    for split in ("train", "val", "test"):
        made, wanted = (folder / f"{split}.parquet" for folder in (tmp_path / "out", kept))
        assert read_info(made).relations == read_info(wanted).relations
        for one, other in zip(read_graph_corpus(made), read_graph_corpus(wanted), strict=True):
            names = ("id", "text", "target", "stance", "meta", "words", "concepts", "concept_ids")
            assert [getattr(one.sample, name) for name in names] == [getattr(other.sample, name) for name in names]
            assert one.sample.edges.tolist() == other.sample.edges.tolist()


@pytest.mark.slow
def test_workers_and_shards_give_the_same_corpus(command_line: CommandLine, graph: Path, tmp_path: Path) -> None:
    common = ["tag", "--graph", graph, *SPLITS]
    command_line(*common, "--output", tmp_path / "whole")
    command_line(*common, "--output", tmp_path / "workers", "--num_workers", "2")
    for shard in ("1/3", "2/3"):
        command_line(*common, "--output", tmp_path / "shards", "--shard", shard)
    merge = ["tag", "--output", tmp_path / "shards", "--merge", "true"]
    assert "lacks shards [3] of 3 of train" in command_line.refused(*merge)
    command_line(*common, "--output", tmp_path / "shards", "--shard", "3/3")
    command_line(*merge)
    for name in ("train.parquet", "val.parquet", "test.parquet"):
        whole = ids(tmp_path / "whole" / name)
        assert ids(tmp_path / "workers" / name) == ids(tmp_path / "shards" / name) == whole
    reports = [json.loads((tmp_path / name / "coverage.json").read_text()) for name in ("whole", "workers", "shards")]
    assert reports[0] == reports[1] == reports[2]
    assert not list((tmp_path / "shards").glob("*-of-*"))


@pytest.mark.slow
def test_vocabulary_of_train_links_nothing_else(command_line: CommandLine, graph: Path, tmp_path: Path) -> None:
    args = ["tag", "--graph", graph, *SPLITS, "--vocabulary"]
    command_line(*args, "train", "--output", tmp_path / "train")
    command_line(*args, "all", "--output", tmp_path / "all")
    shares = [json.loads((tmp_path / n / "coverage.json").read_text())["test"]["text_linked"] for n in ("train", "all")]
    targets = json.loads((tmp_path / "train" / "coverage.json").read_text())["test"]["targets"]
    assert shares[0] < shares[1]
    assert targets["nuclear power"]["target_linked"] < 1  # no training post names it


@pytest.mark.slow
def test_a_graph_corpus_trains_a_text_classifier(
    command_line: CommandLine, graph: Path, common: list[str], tmp_path: Path
) -> None:
    command_line("tag", "--graph", graph, "--output", tmp_path / "out", *SPLITS)
    files = [
        word
        for split in ("train", "val", "test")
        for word in (f"--data.{split}", tmp_path / "out" / f"{split}.parquet")
    ]
    data = ["--data", "SplitDataModule", "--data.corpus_type", "graph", *files, "--data.max_length", "64"]
    flags = ["--trainer.max_epochs", "1", "--trainer.limit_train_batches", "2"]
    output = command_line("fit_and_test", *common[:-2], *data, *flags)
    assert "test_macro_f1" in output


def test_mistakes_are_one_sentence(command_line: CommandLine, graph: Path, tmp_path: Path) -> None:
    new, out = ["--output", tmp_path / "new"], ["--output", tmp_path / "out"]
    cases: list[tuple[list[object], str]] = [
        (["build_graph", *new], "no source is given"),
        (["build_graph"], "--output must be given"),
        (["build_graph", "--output", graph, "--conceptnet", f"{DEMO}/assertions.csv"], "exists already"),
        (["build_graph", *new, "--conceptnet", "nowhere.csv"], "nowhere.csv does not exist"),
        (["build_graph", *new, "--wordnet", tmp_path], "data.noun is missing"),
        (["build_graph", *new, "--triples", "nowhere.tsv"], "nowhere.tsv does not exist"),
        (["build_graph", *new, "--conceptnet", f"{DEMO}/assertions.csv", "--languages", "xx"], "no concept in xx"),
        (["build_graph", *new, "--conceptnet", f"{DEMO}/assertions.csv", "--min_weight", "99"], "min_weight"),
        (["build_graph", *new, "--conceptnet", f"{DEMO}/assertions.csv", "--memory_limit", "much"], "memory_limit"),
        (["build_graph", *new, "--no_such_flag", "1"], "no_such_flag"),
        (["tag", *out, *SPLITS], "give --graph"),
        (["tag", *out, "--graph", graph], "no corpus file is given"),
        (["tag", *out, "--graph", tmp_path, *SPLITS], "no knowledge graph"),
        (["tag", *out, "--graph", graph, "--test", "nowhere.csv"], "nowhere.csv does not exist"),
        (["tag", *out, "--graph", graph, *SPLITS, "--shard", "5/4"], "shard '5/4'"),
        (["tag", *out, "--merge", "true"], "no shards"),
        (["tag", *out, "--graph", graph, *SPLITS, "--sampling", "everything"], "everything"),
        (["inspect_graph"], "give either"),
        (["inspect_graph", "--graph", graph, "--concept", "xyzzy"], "no concept 'xyzzy'"),
        (["inspect_graph", "--graph", graph, "--concept", "zoo", "--output", "zoo.png"], "accepted are .svg and .html"),
        (["inspect_graph", "--corpus", "nowhere.parquet"], "does not exist"),
    ]
    for arguments, words in cases:
        assert words in command_line.refused(*arguments)
    assert not (tmp_path / "new").exists()


def test_tagging_without_its_graph_is_refused_but_training_goes_on(
    command_line: CommandLine, graph: Path, tmp_path: Path
) -> None:
    command_line("tag", "--graph", graph, "--output", tmp_path / "out", "--test", f"{DEMO}/test.csv")
    graph.rename(tmp_path / "moved")
    assert "no knowledge graph" in command_line.refused("tag", "--graph", graph, "--output", tmp_path / "x", *SPLITS)
    assert len(ids(tmp_path / "out" / "test.parquet")) == 126


def test_a_concept_and_a_sample_are_drawn(command_line: CommandLine, graph: Path, tmp_path: Path) -> None:
    output = command_line("inspect_graph", "--graph", graph, "--concept", "Zoo", "--output", tmp_path / "zoo.svg")
    assert "elephant" in output
    assert "elephant" in (tmp_path / "zoo.svg").read_text()
    command_line("tag", "--graph", graph, "--output", tmp_path / "out", "--test", f"{DEMO}/test.csv")
    corpus = tmp_path / "out" / "test.parquet"
    name = ids(corpus)[3]
    output = command_line("inspect_graph", "--corpus", corpus, "--sample", name, "--output", tmp_path / "sample.html")
    assert name in output
    assert "word-concept" in output
    assert "<svg" in (tmp_path / "sample.html").read_text()
