"""CauseNet: what is read of it, and the one sentence that each mistake in it gets."""

import bz2
import json
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources
from tests.knowledge.dump import causal, edges

LINES = [
    causal("smoking", "lung_cancer", sources=[{"type": "wikipedia_list"}] * 3),
    causal("carbon\0_dioxide", "global_warming", sources=[{}], support=12),
    causal("Stress", "insomnia"),
]


def build(path: Path) -> KnowledgeGraph:
    return KnowledgeGraph(build_graph(path.parent / "graph", Sources(causenet=[str(path)])))


@pytest.mark.parametrize("name", ["causenet-precision.jsonl", "causenet-precision.jsonl.bz2"])
def test_causes_weigh_what_supports_them(tmp_path: Path, name: str) -> None:
    text = "\n".join([*LINES, ""]).encode()
    (tmp_path / name).write_bytes(bz2.compress(text) if name.endswith("bz2") else text)
    graph = build(tmp_path / name)
    assert edges(graph) == {
        ("en/smoking", "Causes", "en/lung_cancer", 3.0),
        ("en/carbon_dioxide", "Causes", "en/global_warming", 12.0),
        ("en/stress", "Causes", "en/insomnia", 1.0),
    }
    assert graph.meta.licenses == {"CC BY 4.0": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        "1",
        "null",
        '{"causal_relation": {"cause": {"concept": "a"}}}',
        '{"causal_relation": {"cause": {"concept": 1}, "effect": {"concept": "b"}}}',
        causal("a", "b", support="much"),
        causal("a", "b").replace("}}}", '}}, "support": NaN}'),
        causal("a", "b", sources=7),
        "[" * 100_000,
    ],
)
@pytest.mark.parametrize("before", [1, 150])
def test_a_line_without_a_causal_relation_is_named(tmp_path: Path, wrong: str, before: int) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join([*LINES[:1] * before, wrong, *LINES]))
    with pytest.raises(
        UserError, match=rf"c\.jsonl:{before + 1}: no causal relation of CauseNet; accepted is a line such"
    ):
        build(path)
    assert [path.name for path in tmp_path.iterdir()] == ["c.jsonl"]


def test_an_end_without_a_concept_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(causal("rain", "_"))
    with pytest.raises(UserError, match=r"c\.jsonl:1: the effect ' ' names no concept"):
        build(path)


def test_a_file_that_is_cut_short_is_named(tmp_path: Path) -> None:
    lines = [json.dumps({**json.loads(line), "n": number}) for number in range(9000) for line in LINES[2:]]
    whole = bz2.compress("\n".join(lines).encode())
    for name, content in (("cut.jsonl.bz2", whole[: len(whole) // 2]), ("no.jsonl.bz2", b"no bzip2"), ("e.bz2", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(
            UserError, match=rf"{name}(:\d+: the bzip2 file is cut short or damaged|: the file is empty)"
        ):
            build(tmp_path / name)
    assert not (tmp_path / "graph").exists()
