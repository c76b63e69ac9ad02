"""Which runs a grid has, what they are called, and what is refused."""

import inspect
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert import stance_classifier
from gatbert.errors import UserError
from gatbert.files.records import from_plain, to_plain
from gatbert.grid.plan import CLASSIFIERS, GridRun, check_arguments, plan_runs

TEXT, HYBRID = CLASSIFIERS["Text"], CLASSIFIERS["Hybrid"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with two YAML files."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text("model: {}\n")


def test_short_names_are_those_of_the_package() -> None:
    found = {
        name
        for name, item in vars(stance_classifier).items()
        if inspect.isclass(item)
        and issubclass(item, stance_classifier.StanceClassifier)
        and not inspect.isabstract(item)
    }
    assert {path.rpartition(".")[2] for path in CLASSIFIERS.values()} == found


def test_product_in_order_seeds_last() -> None:
    runs = plan_runs("1,2", "Hybrid,TextClassifier", ["small=a.yaml,big=b.yaml", "plain=,b.yaml"])
    assert len(runs) == 2 * 2 * 2 * 2
    assert [run.name for run in runs[:3]] == [
        "hybrid-small-plain/seed1",
        "hybrid-small-plain/seed2",
        "hybrid-small-b/seed1",
    ]
    assert {run.classifier for run in runs} == {HYBRID, TEXT}


def test_folds_of_a_seed_follow_each_other_and_are_given_to_each_run(tmp_path: Path) -> None:
    runs = plan_runs("1,2", "Text", [], folds=3)
    assert [run.name for run in runs] == [f"text/seed{seed}-fold{fold}" for seed in (1, 2) for fold in range(3)]
    assert [run.title for run in runs][:2] == ["text seed 1 fold 0", "text seed 1 fold 1"]
    assert len({run.configuration for run in runs}) == 1
    words = runs[1].complete(["--data", "x.yaml", "--data.folds", "9"], tmp_path)
    assert words[words.index("--classifier") + 2 :][:4] == ["--data.folds", "3", "--data.fold", "1"]
    assert [run.name for run in plan_runs(None, None, [], folds=2)] == ["default/fold0", "default/fold1"]
    assert [from_plain(GridRun, to_plain(run), "it") for run in runs] == runs


def test_what_is_not_given_is_left_to_the_arguments(tmp_path: Path) -> None:
    (run,) = plan_runs(None, None, [])
    assert run.name == "default/default"
    words = run.complete(["--data", "x.yaml"], tmp_path)
    assert words[:2] == ["--data", "x.yaml"]
    assert not {"--seed_everything", "--classifier", "-c", "--ckpt_path"} & set(words)


def test_what_the_grid_says_comes_last_and_wins(tmp_path: Path) -> None:
    run = GridRun(7, TEXT, (("small", "a.yaml"), ("plain", "")))
    words = run.complete(["-c", "base.yaml", "--model.learning_rate", "1"], tmp_path / "out", Path("x.ckpt"))
    assert words[:6] == ["-c", "base.yaml", "--model.learning_rate", "1", "-c", "a.yaml"]
    flags = dict(pairwise(words))
    assert flags["--classifier"] == TEXT
    assert flags["--seed_everything"] == "7"
    assert flags["--ckpt_path"] == "x.ckpt"
    logger = [flags[f"--trainer.logger.init_args.{name}"] for name in ("save_dir", "name", "version")]
    assert Path(*logger) == tmp_path / "out" / run.name


NAMES = st.text("aB1.-_", min_size=1, max_size=3)


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NAMES, min_size=1, max_size=3))
def test_two_runs_never_share_a_folder(first: list[str], second: list[str]) -> None:
    settings = [",".join(f"{name}=" for name in names) for names in (first, second)]
    try:
        runs = plan_runs("1,2", "Text,my.Text", settings) if len(first) == 1 else plan_runs("1,2", None, settings)
    except UserError:
        return
    assert len({run.name.lower() for run in runs}) == len(runs)
    assert all(len(Path(run.name).parts) == 2 for run in runs)
    assert not any(part.startswith(".") for run in runs for part in Path(run.name).parts)
    assert [from_plain(GridRun, to_plain(run), "it") for run in runs] == runs


@pytest.mark.parametrize(
    ("seeds", "classifiers", "settings", "message"),
    [
        ("1,1", None, [], "has 1 twice"),
        ("1,01", None, [], "has 01 twice"),
        ("a", None, [], "'a' is no seed"),
        ("-1", None, [], "'-1' is no seed"),
        ("4294967296", None, [], "is no seed"),
        ("", None, [], "has an empty entry"),
        ("1,,2", None, [], "has an empty entry"),
        (None, "Txt", [], "no classifier 'Txt'; known are Text, External, Concat, Hybrid"),
        (None, "Text,TextClassifier", [], "has TextClassifier twice"),
        (None, "Text,my.TextClassifier", [], "would share the folder text"),
        (None, None, ["small=no.yaml"], "there is no file no.yaml"),
        (None, None, ["small=a.yaml,small=b.yaml"], "would share the folder small"),
        (None, None, ["a/b=a.yaml"], "'a/b' cannot name a folder"),
        (None, None, [".=a.yaml"], "'.' cannot name a folder"),
        (None, None, ["=a.yaml"], "'' cannot name a folder"),
        (None, None, ["a=,a-b=", "b-c=,c="], "would share the folder a-b-c"),
        (None, None, ["logs=a.yaml"], "no configuration can be named logs"),
        (None, None, [""], "has an empty entry"),
    ],
)
def test_mistakes_are_one_sentence(
    seeds: str | None, classifiers: str | None, settings: list[str], message: str
) -> None:
    with pytest.raises(UserError) as caught:
        plan_runs(seeds, classifiers, settings)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--seed_everything", "3"],
        ["--seed_everything=3"],
        ["--classifier", "x"],
        ["--trainer.logger.init_args.version", "v"],
        ["--trainer.logger.save_dir=x"],
        ["--checkpoint.dirpath", "x"],
        ["--ckpt_path", "x.ckpt"],
        ["--print_config"],
    ],
)
def test_arguments_that_the_grid_gives_itself_are_refused(words: list[str]) -> None:
    with pytest.raises(UserError, match=(words[0].split("=")[0] if words else "no arguments")):
        check_arguments(words, seeds=True, classifiers=True)


def test_arguments_that_the_grid_leaves_open_are_accepted() -> None:
    words = ["--seed_everything", "3", "--classifier", "x", "--trainer.logger.init_args.default_hp_metric", "false"]
    check_arguments([*words, "--model.classifier_args.size", "3"], seeds=False, classifiers=False)
