"""Arguments: links, layers, and the one sentence that each mistake gets."""

from pathlib import Path

import pytest
import torch
import yaml

from tests.command_line import FIRST_LINE, CommandLine
from tests.tiny import corpus_rows, write_corpus


def test_the_labs_own_lines_print_their_config(command_line: CommandLine) -> None:
    config = yaml.safe_load(command_line("fit_and_test", *FIRST_LINE, "--print_config"))
    assert config["trainer"]["logger"]["init_args"]["version"] == "v20260101120000"
    assert config["classifier"] == "gatbert.stance_classifier.TextClassifier"
    assert config["pretrained_model"] == "bert-base-uncased"
    assert config["early_stopping"]["monitor"] == "val_macro_f1"


def test_top_level_keys_of_a_file_and_layers_reach_model_and_data(
    command_line: CommandLine, data: Path, encoder: str, tmp_path: Path
) -> None:
    first, second, model = tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "model.yaml"
    first.write_text(
        yaml.safe_dump({"pretrained_model": "lower", "model": {"learning_rate": 0.5, "weight_decay": 0.5}})
    )
    second.write_text(yaml.safe_dump({"pretrained_model": encoder, "model": {"learning_rate": 0.25}}))
    model.write_text("pooling: mean\n")
    args = ["-c", first, "-c", second, "--model", model, "--data", data, "--data.batch_size", "4"]
    config = yaml.safe_load(command_line("fit", *args, "--print_config"))
    assert config["pretrained_model"] == encoder
    assert (config["model"]["learning_rate"], config["model"]["weight_decay"]) == (0.25, 0.5)
    assert config["model"]["pooling"] == "mean"
    assert config["data"]["init_args"]["batch_size"] == 4


def test_options_of_ones_own_classifier(command_line: CommandLine, common: list[str], tmp_path: Path) -> None:
    own = [*common, "--classifier", "tests.classifiers.BagOfTokens", "--trainer.max_epochs", "1"]
    command_line("fit", *own, "--model.classifier_args.hidden_size", "5", "--model.num_graph_layers", "2")
    path = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    recipe = torch.load(path, weights_only=True)["gatbert"]
    assert recipe["classifier"] == "tests.classifiers.BagOfTokens"
    assert recipe["classifier_options"] == {"hidden_size": 5, "num_graph_layers": 2}


def test_test_of_ones_own_classifier_needs_only_the_data(
    command_line: CommandLine, common: list[str], data: Path, tmp_path: Path
) -> None:
    own = ["--classifier", "tests.classifiers.BagOfTokens", "--model.classifier_args.hidden_size", "5"]
    trained = command_line("fit_and_test", *common, *own).split("test scores")[1]
    folder = tmp_path / "results" / "gatbert" / "v1" / "checkpoints"
    best = next(folder.glob("epoch*.ckpt"))
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", str(tmp_path / "again")]
    arguments = ["--ckpt_path", best, "--data", data, *logger]
    assert "--classifier tests.classifiers.BagOfTokens" in command_line.refused("test", *arguments)
    tested = command_line("test", *arguments, *own[:2]).split("test scores")[1]
    assert tested.split("└")[0] == trained.split("└")[0]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--model.num_graph_layers", "2"], ["TextClassifier", "num_graph_layers", "pooling", "head_dropout"]),
        (["--model.classifier_args.depth", "2"], ["depth", "pooling", "head_dropout"]),
        (["--classifier", "gatbert.stance_classifier.StanceClassifier"], ["StanceClassifier", "abstract"]),
        (["--classifier", "gatbert.stance_classifier.NoClassifier"], ["NoClassifier"]),
        (["--early_stopping.monitor", "val_f1"], ["val_f1", "never logged", "val_macro_f1"]),
        (["--checkpoint.monitor", "val_loss"], ["val_loss", "max", "min"]),
        (["--data.max_length", "70"], ["70", "64"]),
        (["--data.transforms", "[mask_everything]"], ["mask_everything", "mask_target"]),
        (["--data.partitions", "{nowhere.csv: [0.8, 0.1, 0.1]}"], ["nowhere.csv", "does not exist"]),
        (["--data.partitions", "{pkg:gatbert/assets/demo/val.csv: [0.8, 0.1]}"], ["val.csv", "0.8", "sum to 1"]),
        (["--data.partitions", "{$NOT_SET_HERE/a.csv: [0.8, 0.1, 0.1]}"], ["NOT_SET_HERE", "not set"]),
        (["--data.columns", "{text: body}"], ["posts.csv", "body", "text"]),
        (["--data.labels", "{pro: favor}"], ["posts.csv:2", "against", "pro"]),
        (["--pretrained_model", "./nowhere"], ["./nowhere", "no folder"]),
        (["--ckpt_path", "nowhere.ckpt"], ["nowhere.ckpt", "does not exist"]),
        (["--no_such_flag", "1"], ["no_such_flag"]),
        (["--data.no_such_option", "1"], ["no_such_option"]),
        (["--model.learning_rate", "fast"], ["learning_rate", "fast"]),
        (["-c", "nowhere.yaml"], ["nowhere.yaml"]),
        (["--data", "nowhere_data.yaml"], ["nowhere_data.yaml"]),
        (["--model.class_weights", "{favor: 2}"], ["favor", "against"]),
    ],
)
def test_a_mistake_is_one_sentence(
    command_line: CommandLine, common: list[str], args: list[str], words: list[str], tmp_path: Path
) -> None:
    error = command_line.refused("fit", *common, *args)
    assert all(word in error for word in words), error
    assert not (tmp_path / "results" / "gatbert" / "v1" / "checkpoints").exists()


def test_missing_data_is_named_as_the_flag(command_line: CommandLine) -> None:
    assert "--data must be given" in command_line.refused("fit")


@pytest.mark.parametrize("command", ["validate", "test", "predict"])
def test_evaluation_without_checkpoint_is_refused(command_line: CommandLine, data: Path, command: str) -> None:
    assert "--ckpt_path" in command_line.refused(command, "--data", data)


def test_fit_and_test_refuses_a_test_split_without_gold_before_training(
    command_line: CommandLine, encoder: str, common: list[str], tmp_path: Path
) -> None:
    train = write_corpus(tmp_path / "train.csv", corpus_rows(30))
    test = tmp_path / "test.jsonl"
    files = ["--data", "SplitDataModule", "--data.train", train]
    assert "test split has no samples" in command_line.refused("fit_and_test", *common, *files)
    assert not test.exists()


def test_fast_dev_run_works_with_fit_and_test_and_leaves_nothing(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    output = command_line("fit_and_test", *common, "--trainer.fast_dev_run", "true")
    assert "test_macro_f1" in output
    assert not (tmp_path / "results").exists()


@pytest.mark.filterwarnings("ignore:.*will be overridden by:UserWarning")  # which is what was asked for
def test_optimizer_and_scheduler_flags_override(command_line: CommandLine, common: list[str]) -> None:
    # By its whole name: a test before this one may have loaded bitsandbytes, which has one of the same name.
    flags = [
        "--optimizer",
        "torch.optim.SGD",
        "--optimizer.lr",
        "0.1",
        "--lr_scheduler",
        "StepLR",
        "--lr_scheduler.step_size",
        "1",
    ]
    command_line("fit", *common, *flags, "--trainer.fast_dev_run", "true")


@pytest.mark.slow
@pytest.mark.parametrize("option", ["gradient_checkpointing", "accumulate", "bf16", "balanced"])
def test_training_options_run(command_line: CommandLine, common: list[str], option: str) -> None:
    flags = {
        "gradient_checkpointing": ["--model.gradient_checkpointing", "true"],
        "accumulate": ["--trainer.accumulate_grad_batches", "2"],
        "bf16": ["--trainer.precision", "bf16-mixed"],
        "balanced": ["--model.class_weights", "balanced", "--model.label_smoothing", "0.1"],
    }
    command_line("fit_and_test", *common, *flags[option])
