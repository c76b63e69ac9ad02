"""The recipes of docs/knowledge_graph.md make triples from small files in the form of the published ones."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from tests.knowledge.dump import edges

PAGE = Path(__file__).parents[2] / "docs" / "knowledge_graph.md"
RECIPES = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)

FILES = {
    "atomic2020/train.tsv": "PersonX votes for PersonY\txAttr\tloyal\nPersonX votes\txWant\tnone\n"
    "PersonX\txNeed\tto go\ngun\tObjectUse\tshoot\n",
    "COMBINED-KB.tsv": "\t".join(
        ["QStrength", "Quantifier", "Arg1", "Pred", "Arg2", "Sentence", "Score", "Inferred?", "Multiword?"]
    )
    + "\tCanonical?\tDomain\tRange\tProvenance\n"
    + "0.92\tmost\taardvark\teat\tinsect\tMost aardvarks eat insects.\t0.77\tn\tn\tn\tanimal_n1\tinsect_n1\t830913 \n",
    "NRC-Emotion-Lexicon-Wordlevel-v0.92.txt": "abortion\tanger\t0\nabortion\tsadness\t1\nabortion\tnegative\t1\n",
    "mfd2.0.dic": "%\n1\tcare.virtue\n2\tcare.vice\n%\ncompassion\t1\nhurt badly\t2\n",
    "eMFD_wordlist.csv": "word,care_p,fairness_p,loyalty_p,authority_p,sanctity_p,care_sent,fairness_sent,loyalty_sent,"
    "authority_sent,sanctity_sent\nkill,0.4,0.1,0.1,0.25,0.1,-0.6,-0.3,0.1,0.2,0.1\n",
}
"""A small file for each recipe, in their order."""

MADE = {
    "atomic.tsv": {("votes for", "xAttr", "loyal"), ("gun", "ObjectUse", "shoot")},
    "tuples.tsv": {("aardvark", "eat", "insect")},
    "emotions.tsv": {("abortion", "EvokesEmotion", "sadness"), ("abortion", "HasSentiment", "negative")},
    "mfd.tsv": {("compassion", "MoralVirtue", "care"), ("hurt badly", "MoralVice", "care")},
    "emfd.tsv": {("kill", "MoralVice", "care"), ("kill", "MoralVirtue", "authority")},
}
"""Which triples each recipe makes of its file."""


def test_there_is_a_file_for_each_recipe() -> None:
    assert len(RECIPES) == len(FILES) == len(MADE)


@pytest.mark.skipif(shutil.which("awk") is None, reason="awk is not installed")
@pytest.mark.parametrize("number", range(len(MADE)), ids=list(MADE))
def test_a_recipe_makes_triples(tmp_path: Path, number: int) -> None:
    name, text = list(FILES.items())[number]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-e", "-c", RECIPES[number]]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, check=True, capture_output=True)
    made, triples = list(MADE.items())[number]
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / made))])))
    found = {(head[3:].replace("_", " "), name, tail[3:].replace("_", " ")) for head, name, tail, _ in edges(graph)}
    assert found == triples
