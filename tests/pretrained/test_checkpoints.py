"""Recipes travel through checkpoint files; every other file is refused in one sentence, and decides nothing."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.pretrained.adapters import Adapter, Lora
from gatbert.pretrained.checkpoints import RECIPE_KEY, Recipe, read_checkpoint
from gatbert.pretrained.encoders import build_tokenizer, load_encoder, load_encoder_for, load_tokenizer
from gatbert.samples.decision import Decision
from gatbert.samples.pair_settings import PairSettings
from gatbert.samples.relations import Relations, vocabulary
from gatbert.stance_classifier import TextClassifier
from gatbert.stance_classifier.class_paths import classifier_of_checkpoint
from tests.classifiers import BagOfTokens

RECIPE = Recipe(
    classifier="m.C",
    classifier_options={"pooling": "mean"},
    pretrained_model="somewhere",
    encoder_config={"model_type": "bert"},
    encoder_depth=2,
    tokenizer={"tokenizer.json": "{}"},
    stances=("a", "b"),
    max_length=64,
    relations=None,
    transforms=(),
    pair=PairSettings(second="{context} {text}", max_target_length=9),
    tagging=None,
    concept_vector_size=None,
    vectors_sha256=None,
    decision=Decision(1.5, {"favor": 0.8}),
    adapter=None,
)
RELATIONS = vocabulary(["Causes", "RelatedTo"])
GRAPH_RECIPE = replace(
    RECIPE,
    relations=RELATIONS,
    tagging=GraphCorpusInfo(RELATIONS, "0" * 64, "graph", allowed=(1, 5), columns={"id": None}),
    concept_vector_size=3,
    vectors_sha256="1" * 64,
    adapter=Adapter(Lora(target_modules=("query",)), "2" * 64),
)


def saved(path: Path, values: Any) -> Path:
    torch.save(values, path)
    return path


@pytest.mark.parametrize("recipe", [RECIPE, GRAPH_RECIPE], ids=["text", "graph"])
def test_recipe_survives_a_file(recipe: Recipe, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt", {RECIPE_KEY: recipe.to_plain(), "state_dict": {"w": torch.ones(2)}})
    assert Recipe.read(path) == recipe
    assert read_checkpoint(path)["state_dict"]["w"].tolist() == [1, 1]


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "cut", "empty", "text", "foreign", "newer", "older", "code", "list"]
)
def test_every_other_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.ckpt"
    words = {
        "missing": "does not exist",
        "folder": "is a folder",
        "foreign": "not one that gatbert wrote",
        "newer": "format 99",
        "older": "format 4; this gatbert reads 6; train again, or use the version that wrote it",
        "code": "cannot be read",
        "list": "holds a list",
    }
    if kind == "folder":
        path.mkdir()
    elif kind == "cut":
        whole = saved(path, {RECIPE_KEY: RECIPE.to_plain(), "w": torch.ones(1000)}).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind in ("empty", "text"):
        path.write_text("no checkpoint" if kind == "text" else "")
    elif kind == "foreign":
        saved(path, {"state_dict": {}})
    elif kind in ("newer", "older"):
        saved(path, {RECIPE_KEY: {**RECIPE.to_plain(), "format_version": 99 if kind == "newer" else 4}})
    elif kind == "code":
        saved(path, {RECIPE_KEY: Path})  # a class: weights_only=True does not load it
    elif kind == "list":
        saved(path, [1, 2])
    with pytest.raises(UserError, match=words.get(kind, "cannot be used")) as refused:
        Recipe.read(path)
    assert str(path) in str(refused.value)


def test_a_recipe_from_before_decisions_leaves_logits_as_they_are(tmp_path: Path) -> None:
    values = {name: value for name, value in RECIPE.to_plain().items() if name != "decision"}
    assert Recipe.read(saved(tmp_path / "a.ckpt", {RECIPE_KEY: values})) == replace(RECIPE, decision=Decision())


WRONG: dict[str, Any] = {
    "classifier": 7,
    "classifier_options": [],
    "pretrained_model": None,
    "encoder_config": "bert",
    "encoder_depth": "2",
    "tokenizer": {"tokenizer.json": 1},
    "stances": ["a", 1],
    "max_length": True,
    "relations": "abc",
    "transforms": None,
    "tagging": [],
    "concept_vector_size": 0,
    "vectors_sha256": 3,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_recipe_of_other_values_is_refused_by_name(name: str, tmp_path: Path) -> None:
    for number, values in enumerate(({**RECIPE.to_plain(), name: WRONG[name]}, RECIPE.to_plain())):
        if number:
            del values[name]
        path = saved(tmp_path / f"{number}.ckpt", {RECIPE_KEY: values})
        with pytest.raises(UserError, match=rf"the recipe in .* is damaged: .*{name}"):
            Recipe.read(path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("relations", ["padding", "token-token"], "relations: .* is no record of Relations"),
        ("relations", {"names": ["a", "a"], "symmetric": []}, "relations: 2 relations: no vocabulary"),
        ("relations", {"names": ["a"], "symmetric": ["b"]}, "relations: 1 relations: no vocabulary"),
        ("tagging", {}, "the tagging in .* has graph corpus format None"),
        ("tagging", {**GRAPH_RECIPE.to_plain()["tagging"], "allowed": "?"}, "allowed is no list of concepts"),
        ("tagging", {**GRAPH_RECIPE.to_plain()["tagging"], "relations": []}, "the tagging in .*: relations"),
        ("decision", {"temperature": 0.0, "thresholds": {}}, "decision.s temperature 0.0 is not accepted"),
        ("decision", {"temperature": 1.0, "thresholds": {"a": -1.0}}, "decision.s a -1.0 is not accepted"),
        ("encoder_depth", -1, "encoder_depth -1 is not accepted; accepted is at least 1"),
    ],
)
def test_what_a_recipe_says_of_its_graphs_is_checked(name: str, value: Any, words: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt", {RECIPE_KEY: {**GRAPH_RECIPE.to_plain(), name: value}})
    with pytest.raises(UserError, match=words):
        Recipe.read(path)


def test_data_whose_relation_ids_mean_something_else_are_refused() -> None:
    GRAPH_RECIPE.check_relations(GRAPH_RECIPE.relations, "a.ckpt")
    GRAPH_RECIPE.check_relations(Relations(("Causes",), frozenset({"Causes"})), "a.ckpt")
    RECIPE.check_relations(GRAPH_RECIPE.relations, "a.ckpt")
    with pytest.raises(UserError, match=r"relation 4 is 'Zeal' in the data and 'RelatedTo' in a\.ckpt"):
        GRAPH_RECIPE.check_relations(vocabulary(["Causes", "Zeal"]), "a.ckpt")
    with pytest.raises(UserError, match=r"relation 3 is 'Causes' in the data and 'nothing' in a\.ckpt"):
        replace(GRAPH_RECIPE, relations=Relations(())).check_relations(GRAPH_RECIPE.relations, "a.ckpt")


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_or_changes_nothing(
    place: float, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = {RECIPE_KEY: RECIPE.to_plain(), "state_dict": {"w": torch.arange(300.0)}}
    path = saved(tmp_path_factory.mktemp("flip") / "a.ckpt", values)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        found = read_checkpoint(path)
    except UserError:
        return
    assert found[RECIPE_KEY] == values[RECIPE_KEY]
    assert torch.equal(found["state_dict"]["w"], torch.arange(300.0))


def test_flipped_weights_are_named_as_damage(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt", {RECIPE_KEY: RECIPE.to_plain(), "state_dict": {"w": torch.zeros(1000)}})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = next(entry for entry in archive.infolist() if entry.file_size == 4000)
    content[entry.header_offset + 2000] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(UserError, match="not as it was written"):
        read_checkpoint(path)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside-gatbert.txt", "sub/outside.txt", "outside.txt"])
def test_only_files_of_a_tokenizer_are_written(name: str, encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write = Path.write_text

    def record(path: Path, *args: Any, **options: Any) -> int:
        written.append(path.name)
        return write(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", record)
    files = {name: "mine"} | {
        file: (Path(encoder) / file).read_text() for file in ("tokenizer.json", "tokenizer_config.json")
    }
    assert build_tokenizer(files)("good").input_ids == load_tokenizer(encoder)("good").input_ids
    assert set(written) == {"tokenizer.json", "tokenizer_config.json"}
    assert not Path("/outside-gatbert.txt").exists()


@pytest.mark.parametrize("files", [{}, {"tokenizer.json": "{", "tokenizer_config.json": "{}"}])
def test_a_broken_tokenizer_is_refused(files: dict[str, str]) -> None:
    with pytest.raises(UserError, match="tokenizer in the checkpoint"):
        build_tokenizer(files)


def test_a_checkpoint_imports_nothing_that_the_user_has_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match=r"asks for the classifier this\.x, which is not of gatbert"):
        classifier_of_checkpoint("this.x", "a.ckpt")
    assert capsys.readouterr().out == ""  # the module prints a poem
    own = "tests.classifiers.BagOfTokens"
    with pytest.raises(UserError, match=f"--classifier {own}"):
        classifier_of_checkpoint(own, "a.ckpt")
    assert classifier_of_checkpoint(own, "a.ckpt", own) is BagOfTokens
    assert classifier_of_checkpoint(own, "a.ckpt", BagOfTokens) is BagOfTokens
    with pytest.raises(UserError, match="not with gatbert"):
        classifier_of_checkpoint(own, "a.ckpt", TextClassifier)
    text = "gatbert.stance_classifier.TextClassifier"
    assert classifier_of_checkpoint(text, "a.ckpt") is TextClassifier
    for path in ("gatbert.cli.resolved_configs.main", "gatbert.stance_classifier.StanceClassifier"):
        with pytest.raises(UserError, match="not of gatbert"):
            classifier_of_checkpoint(path, "a.ckpt")


def checkpoint_of(encoder: str, path: Path, recipe: Recipe = RECIPE, **config: Any) -> Path:
    """Save a checkpoint with the weights of an encoder, whose configuration may say something else."""
    model = load_encoder(encoder)
    own = replace(recipe, encoder_config={**model.config.to_diff_dict(), **config})
    state = {f"classifier.encoder.{name}": value for name, value in model.state_dict().items()}
    return saved(path, {RECIPE_KEY: own.to_plain(), "state_dict": state})


@pytest.mark.parametrize(
    "config",
    [
        {"auto_map": {"AutoModel": "modeling.Evil"}},
        {"_attn_implementation": "somebody/kernel", "attn_implementation": "somebody/kernel"},
        {"quantization_config": {"quant_method": "bitsandbytes"}},
    ],
    ids=lambda config: next(iter(config)),
)
def test_code_that_a_configuration_names_is_not_looked_at(
    config: dict[str, Any], encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> str:
        raise AssertionError("asked whether to run code")

    monkeypatch.setattr("builtins.input", asked)
    loaded = load_encoder(str(checkpoint_of(encoder, tmp_path / "a.ckpt", **config)))
    assert type(loaded).__name__ == "BertModel"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"hidden_size": 1 << 20}, "weight"),
        ({"vocab_size": 10**9}, "weight"),
        ({"num_hidden_layers": 10**9}, "configuration"),
        ({"model_type": "no such model"}, "configuration"),
        ({"num_attention_heads": 7}, "configuration"),
        ({"hidden_size": "wide"}, "configuration"),
    ],
)
def test_a_configuration_that_its_weights_do_not_fit_is_refused_before_memory_is_taken(
    config: dict[str, Any], words: str, encoder: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=words):
        load_encoder(str(checkpoint_of(encoder, tmp_path / "a.ckpt", **config)))


def test_a_checkpoint_with_some_layers_of_its_encoder_starts_no_other_run(encoder: str, tmp_path: Path) -> None:
    external, options = "gatbert.stance_classifier.ExternalClassifier", {"num_graph_layers": 2}
    cut = replace(RECIPE, encoder_depth=6, classifier=external, classifier_options=options)
    path = str(checkpoint_of(encoder, tmp_path / "a.ckpt", cut))
    refused: list[Callable[[], object]] = [
        lambda: load_encoder(path),
        lambda: load_encoder_for(external, {"num_graph_layers": 4}, path),
        lambda: load_encoder_for("gatbert.stance_classifier.TextClassifier", options, path),
    ]
    for load in refused:
        with pytest.raises(UserError, match="holds 2 of the 6 layers of its encoder, as ExternalClassifier"):
            load()
    loaded, depth = load_encoder_for(external, {**options, "concept_vectors": "moved.txt"}, path)
    assert (loaded.config.num_hidden_layers, depth) == (2, 6)
