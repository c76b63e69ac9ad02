"""What tag writes: whole or absent, never over what is there, and with all that it takes to tag in the same way."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from gatbert.corpora import graph_corpus as graph_corpus_module
from gatbert.corpora.graph_corpus import Tagged, read_graph_corpus, read_info
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.tagging.build import build_tagger
from tests.command_line import CommandLine, package_environment
from tests.knowledge.dump import graph_of

TRIPLES = [("zoo", "RelatedTo", "animal"), ("cage", "AtLocation", "zoo"), ("harm", "CapableOf", "cage")]
ROWS = [
    "id,text,target,stance",
    "1,The cage does harm,zoos,against",
    "2,My animal likes it,zoos,favor",
    "3,What is a cage?,zoos,against",
    "4,Nothing here,zoos,neutral",
    "5,An animal,zoos,favor",
]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return graph_of(tmp_path / "mine", TRIPLES).folder


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text("\n".join(ROWS) + "\n")
    return path


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_tag_says_how_many_samples_of_each_stance_it_read(command_line: CommandLine, graph: Path, posts: Path) -> None:
    output = command_line("tag", "--graph", graph, "--train", posts, "--output", posts.parent / "out")
    assert "train: 5 samples: 2 against, 2 favor, 1 neutral\n" in output


def test_a_finished_folder_stays_as_it_is(command_line: CommandLine, graph: Path, posts: Path) -> None:
    tag = ["tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts]
    command_line(*tag)
    before = state(posts.parent / "out")
    assert sorted(before) == ["coverage.json", "train.parquet"]
    for more in ([], ["--max_concepts", "1"], ["--shard", "1/2"]):
        assert "exists already; it stays as it is; give another output" in command_line.refused(*tag, *more)
    assert "exists already" in command_line.refused("tag", "--output", posts.parent / "out", "--merge", "true")
    assert state(posts.parent / "out") == before


def test_an_interrupted_tag_leaves_nothing(
    command_line: CommandLine, graph: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (posts.parent / "test.csv").write_text("\n".join([ROWS[0], "9,Another animal,zoos,favor"]))
    before = sorted(posts.parent.iterdir())
    table = graph_corpus_module._table
    calls: list[Sequence[Tagged]] = []

    def interrupted(tagged: Sequence[Tagged]) -> pa.Table:
        calls.append(tagged)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return table(tagged)

    monkeypatch.setattr(graph_corpus_module, "_table", interrupted)
    for shard in ([], ["--shard", "1/1"]):
        calls.clear()
        status, _, _ = command_line.status(
            "tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts,
            "--test", posts.parent / "test.csv", *shard,
        )  # fmt: skip
        assert status == 130
        assert len(calls) == 2
        assert sorted(posts.parent.iterdir()) == before


def test_shards_that_do_not_belong_together_are_refused(command_line: CommandLine, graph: Path, posts: Path) -> None:
    folder = posts.parent
    tag = ["tag", "--graph", graph, "--output", folder / "out", "--train", posts]
    command_line(*tag, "--shard", "1/2")
    before = state(folder / "out")
    other = graph_of(folder, [*TRIPLES, ("zebra", "IsA", "animal")]).folder
    (folder / "test.csv").write_text("\n".join([ROWS[0], "9,Another animal,zoos,favor"]) + "\n")
    (folder / "others.csv").write_text("\n".join([*ROWS, "6,A sixth animal,zoos,favor"]) + "\n")
    cases: list[tuple[list[object], str]] = [
        (["--shard", "1/2"], "train.1-of-2.parquet exists already"),
        (["--shard", "1/3"], "is one of 2 shards, and this is one of 3"),
        (["--shard", "2/2", "--degree_cap", "7"], "was tagged otherwise: degree_cap 300 and 7"),
        (["--shard", "2/2", "--linking.max_words", "2"], "linking.max_words 4 and 2"),
        (["--shard", "2/2", "--vocabulary", "train", "--test", folder / "test.csv"], "vocabulary all and train"),
        (["--shard", "2/2", "--graph", other], "was tagged otherwise: graph "),
        (["--shard", "2/2", "--train", folder / "others.csv"], "other train files"),
        (["--shard", "2/2", "--labels", "{against: against, favor: favor, neutral: favor}"], "labels None and {"),
    ]
    for more, words in cases:
        assert words in command_line.refused(*tag, *more), more
        assert state(folder / "out") == before
    command_line(*tag, "--shard", "2/2")
    command_line("tag", "--output", folder / "out", "--merge", "true")
    assert sorted(state(folder / "out")) == ["coverage.json", "train.parquet"]
    assert [one.sample.id for one in read_graph_corpus(folder / "out" / "train.parquet")] == ["1", "2", "3", "4", "5"]
    assert json.loads((folder / "out" / "coverage.json").read_text())["train"]["num_samples"] == 5


def test_the_vocabulary_of_train_needs_a_train_that_is_told_from_the_rest(
    command_line: CommandLine, graph: Path, posts: Path
) -> None:
    tag = ["tag", "--graph", graph, "--output", (out := posts.parent / "out"), "--vocabulary", "train"]
    told = {"--train": "all samples are training samples", "--test": "there are no training samples"}
    for flag, words in told.items():
        error = command_line.refused(*tag, flag, posts)
        assert f"vocabulary train: {words}; give --train and --val or --test, --files with --split_column, or" in error
    assert not out.exists()
    drawn = {"partitions": {str(posts): [0.5, 0.2, 0.3]}, "split_by": "id"}
    (posts.parent / "drawn.yaml").write_text(json.dumps({"class_path": "RandomSplitDataModule", "init_args": drawn}))
    command_line(*tag, "--data", posts.parent / "drawn.yaml")
    parts = {path.stem: list(read_graph_corpus(path)) for path in sorted(out.glob("*.parquet"))}
    known = {concept for one in parts.pop("train") for concept in one.sample.concepts}
    assert {concept for part in parts.values() for one in part for concept in one.sample.concepts} <= known
    assert {read_info(out / f"{split}.parquet").vocabulary for split in parts} == {"train"}


@pytest.mark.slow
def test_shards_of_several_processes_share_a_folder(graph: Path, posts: Path, command_line: CommandLine) -> None:
    folder = posts.parent / "out"
    command = [
        sys.executable,
        "-m",
        "gatbert",
        "tag",
        "--graph",
        str(graph),
        "--output",
        str(folder),
        "--train",
        str(posts),
    ]
    shards = [[*command, "--shard", f"{number}/3"] for number in (1, 2, 3)]
    running = [subprocess.Popen(one, env=package_environment(), stdout=subprocess.DEVNULL) for one in shards]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    command_line("tag", "--output", folder, "--merge", "true")
    whole = posts.parent / "whole"
    command_line("tag", "--graph", graph, "--output", whole, "--train", posts)
    assert state(folder).keys() == state(whole).keys()
    assert (folder / "coverage.json").read_bytes() == (whole / "coverage.json").read_bytes()


@pytest.mark.parametrize("shard", [[], ["--shard", "1/2"], ["--shard", "2/2"]])
def test_splits_that_share_a_sample_are_refused(
    command_line: CommandLine, graph: Path, posts: Path, shard: list[str]
) -> None:
    (posts.parent / "test.csv").write_text("\n".join([ROWS[0], "9,Nothing  HERE,Zoos,favor"]) + "\n")
    tag = ["tag", "--graph", graph, "--train", posts, "--test", posts.parent / "test.csv", *shard]
    assert "leak: 1 pair of the same sample" in command_line.refused(*tag, "--output", posts.parent / "out")
    assert not (posts.parent / "out").exists()
    command_line(*tag, "--output", posts.parent / "out", "--duplicates", "allow")


def test_a_tagged_corpus_tells_how_to_tag_raw_text(
    command_line: CommandLine, graph: Path, posts: Path, encoder: str
) -> None:
    rows = posts.read_text().replace(",against", ",con").replace(",favor", ",pro").replace(",neutral", ",con")
    parts = ["part", *["train"] * 3, "test", "test"]
    posts.write_text("".join(f"{row},{part}\n" for row, part in zip(rows.splitlines(), parts, strict=True)))
    out = posts.parent / "out"
    command_line(
        "tag", "--graph", graph, "--output", out, "--files", posts, "--split_column", "part", "--vocabulary", "train",
        "--max_concepts", "2",
        "--linking.max_words", "3", "--sampling", "naive", "--similarity", encoder, "--min_relevance", "-1",
        "--labels", "{con: nay, pro: yea}", "--stances", "[nay, yea]", "--columns", "{text: text}",
    )  # fmt: skip
    info = read_info(out / "train.parquet")
    assert (info.settings.max_concepts, info.settings.linking.max_words, info.settings.sampling) == (2, 3, "naive")
    assert (info.stances, info.labels) == (("nay", "yea"), {"con": "nay", "pro": "yea"})
    assert (info.columns, info.corpus_type) == ({"text": "text"}, "csv")
    assert (info.similarity, info.vocabulary, info.graph) == (encoder, "train", str(graph))
    tagger = build_tagger(info, KnowledgeGraph(graph))
    for tagged in read_graph_corpus(out / "train.parquet"):
        again = tagger.tag(tagged.sample).sample
        assert (again.concepts, again.edges.tolist()) == (tagged.sample.concepts, tagged.sample.edges.tolist())
    other = graph_of(posts.parent, [*TRIPLES, ("zebra", "IsA", "animal")])
    with pytest.raises(
        UserError, match=rf"{other.folder} has the checksum {other.checksum[:12]}.* tagged with {graph}"
    ):
        build_tagger(info, other)


def test_reading_with_other_stances_names_both(
    command_line: CommandLine, graph: Path, posts: Path, common: list[str]
) -> None:
    command_line("tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts)
    data = [
        "--data",
        "SplitDataModule",
        "--data.corpus_type",
        "graph",
        "--data.train",
        posts.parent / "out/train.parquet",
    ]
    error = command_line.refused("fit", *common[:-2], *data, "--data.stances", "[nay, yea]")
    assert "train.parquet:1: the stance 'against' is none of nay, yea; the corpus was tagged with --stances" in error
    error = command_line.refused("fit", *common[:-2], *data, "--data.labels", "{against: favor}")
    assert "a tagged corpus has stances, no labels" in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--max_concepts", "-3"], "max_concepts -3 is not accepted; accepted is at least 0"),
        (["--hops", "-1"], "hops -1 is not accepted; accepted is at least 0"),
        (["--degree_cap", "-1"], "degree_cap -1 is not accepted; accepted is at least 0"),
        (["--min_relevance", "1.5"], "min_relevance 1.5 is not accepted; accepted is -1 to 1"),
        (["--min_relevance", ".nan"], "min_relevance nan is not accepted; accepted is -1 to 1"),
        (["--linking.max_words", "0"], "linking.max_words 0 is not accepted; accepted is at least 1"),
        (["--linking.degree_cap", "-2"], "linking.degree_cap -2 is not accepted; accepted is at least 0"),
        (["--num_workers", "-1"], "num_workers -1 is not accepted; accepted is at least 0"),
        (["--shard", "0/4"], "shard '0/4' is none"),
        (["--shard", "1/0"], "shard '1/0' is none"),
        (["--shard", "1/99999999999999"], "is none; accepted is I/N"),
        (["--duplicates", "ignore"], "ignore"),
        (["--max_concepts", "many"], "many"),
    ],
)
def test_tag_refuses_numbers_that_cannot_be(
    command_line: CommandLine, graph: Path, posts: Path, arguments: list[str], words: str
) -> None:
    out = posts.parent / "out"
    error = command_line.refused("tag", "--graph", graph, "--output", out, "--train", posts, *arguments)
    assert words in error
    assert not out.exists()


def test_a_similarity_that_cannot_be_loaded_is_said_once(command_line: CommandLine, graph: Path, posts: Path) -> None:
    tag = ["tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts, "--similarity", "./nowhere"]
    for workers in ("0", "2"):
        assert "nowhere" in command_line.refused(*tag, "--num_workers", workers)
    assert not (posts.parent / "out").exists()
