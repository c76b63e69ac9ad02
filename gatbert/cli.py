"""The command line of training: every value of trainer, model and data from YAML and flags."""

import logging
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import lightning.pytorch as pl
from jsonargparse import Namespace
from lightning.pytorch.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint
from lightning.pytorch.cli import ArgsType, LightningArgumentParser, LightningCLI
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.utilities import rank_zero_only

from gatbert.arguments import one_sentence
from gatbert.callbacks import LastCheckpoint, PredictionWriter, RunFolder, ScoreTable
from gatbert.checkpoints import Recipe
from gatbert.data_modules import StanceDataModule
from gatbert.encoders import quiet_transformers
from gatbert.errors import UserError
from gatbert.modules import FLAT_OPTIONS, StanceModule
from gatbert.paths import resolve
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import class_path, import_classifier

DEFAULT_MODEL = "bert-base-uncased"

TRAINER_DEFAULTS = {
    "max_epochs": 10,
    # The samplers of StanceDataModule share the batches among processes themselves.
    "use_distributed_sampler": False,
    "num_sanity_val_steps": 0,
    "log_every_n_steps": 10,
    "logger": {"class_path": "TensorBoardLogger", "init_args": {"save_dir": "results", "name": "gatbert"}},
}

EARLY_STOPPING_DEFAULTS = {"monitor": "val_macro_f1", "mode": "max", "patience": 5}

CHECKPOINT_DEFAULTS = {
    "monitor": "val_macro_f1",
    "mode": "max",
    "filename": "{epoch}-{val_macro_f1:.4f}",
}

EVALUATIONS = ("validate", "test", "predict")


class StanceTrainer(pl.Trainer):
    """A Lightning trainer that can also train and test in one go."""

    def fit_and_test(
        self, model: pl.LightningModule, datamodule: StanceDataModule, ckpt_path: str | None = None
    ) -> None:
        """Train, then test the best checkpoint.

        Args:
            model: Module to train.
            datamodule: Data with train, val and test.
            ckpt_path: Checkpoint from which training goes on.
        """
        datamodule.require("test")
        self.fit(model, datamodule=datamodule, ckpt_path=ckpt_path)
        # A fast_dev_run saves no checkpoint: it tests the weights in memory.
        self.test(model, datamodule=datamodule, ckpt_path=None if is_trial(self) else "best", verbose=False)


class OneSentenceParser(LightningArgumentParser):
    """Report a wrong argument in one sentence, without the hundred lines of usage."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Refuse the command line."""
        raise UserError(one_sentence(message)) from ex


class CustomCLI(LightningCLI):
    """LightningCLI over ``StanceModule`` and any ``StanceDataModule``.

    ``--pretrained_model`` and ``--classifier`` are arguments of the whole and reach both model and data. With
    ``--ckpt_path``, classifier, encoder and options come from the checkpoint, and a flag that contradicts it is
    refused.

    Args:
        args: Command line; by default that of the process.
    """

    def __init__(self, args: ArgsType = None) -> None:
        words = sys.argv[1:] if args is None else args
        if isinstance(words, list) and words and words[0] in self.subcommands():
            # Building a parser costs most of the start-up: only that of the command is built.
            command = words[0]
            self.subcommands = lambda: {command: type(self).subcommands()[command]}  # type: ignore[method-assign]
        self._followed: tuple[Recipe, str] | None = None
        self._given: Namespace | None = None
        _quiet_libraries()
        super().__init__(
            StanceModule,
            StanceDataModule,
            subclass_mode_data=True,
            trainer_class=StanceTrainer,
            trainer_defaults={**TRAINER_DEFAULTS, "callbacks": [LastCheckpoint(), PredictionWriter(), ScoreTable()]},
            seed_everything_default=0,
            save_config_callback=RunFolder,
            parser_class=OneSentenceParser,
            parser_kwargs={"prog": "gatbert"},
            load_from_checkpoint_support=False,
            args=args,
        )

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        """Return the commands, each with the arguments of its trainer method that are no flags."""
        return {**LightningCLI.subcommands(), "fit_and_test": {"model", "datamodule"}}

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the arguments of the whole, and link what model and data must agree on."""
        parser.add_argument(
            "--pretrained_model",
            default=DEFAULT_MODEL,
            help="Encoder: a hub id, a folder, pkg:PACKAGE/FOLDER, or a gatbert checkpoint to start from.",
        )
        parser.add_argument(
            "--classifier", type=type[StanceClassifier], default=TextClassifier, help="Class path of the classifier."
        )
        parser.link_arguments("pretrained_model", "model.pretrained_model")
        parser.link_arguments("pretrained_model", "data.init_args.tokenizer")
        parser.link_arguments("classifier", "model.classifier")
        parser.link_arguments("classifier", "data.init_args.classifier")
        parser.link_arguments("data.init_args.stances", "model.stances")
        options = (*FLAT_OPTIONS, "classifier_args")
        parser.link_arguments(
            tuple(f"model.{name}" for name in options), "data.init_args.classifier_options", _classifier_options
        )
        parser.link_arguments("data", "model.relations", self._relations, apply_on="instantiate")
        for callback, key, defaults in (
            (EarlyStopping, "early_stopping", EARLY_STOPPING_DEFAULTS),
            (ModelCheckpoint, "checkpoint", CHECKPOINT_DEFAULTS),
        ):
            parser.add_lightning_class_args(callback, key)
            parser.set_defaults({f"{key}.{name}": value for name, value in defaults.items()})

    def parse_arguments(self, parser: LightningArgumentParser, args: ArgsType) -> None:
        """Parse; where a checkpoint is given, parse again with its recipe as the defaults."""
        for command in ("validate", "test"):
            if command in self._subcommand_parsers:
                # ScoreTable prints the scores; Lightning's own table would repeat them.
                self._parser(command).set_defaults({"verbose": False})
        self._parse(parser, args)
        command = self.config["subcommand"]
        path = self.config[command].get("ckpt_path")
        if command in EVALUATIONS and path is None:
            raise UserError(f"{command} needs a trained model; give --ckpt_path PATH (a .ckpt file that fit wrote)")
        if path is None or (path in ("best", "last", "hpc") and command not in EVALUATIONS):
            return
        path = str(resolve(path))
        recipe = Recipe.read(path)
        given = self.config[command].clone()
        self._followed = (recipe, path)
        self._parser(command).set_defaults(_recipe_defaults(recipe))
        self._parse(parser, args)
        follow_checkpoint(self.config[command], recipe, path)
        if command not in EVALUATIONS:
            # A run that goes on keeps the config of one that never stopped, so that reports see them as the same.
            self._given = given

    def _relations(self, data: StanceDataModule) -> list[str] | None:
        """Return the relations that the model is to know: those of the checkpoint, if there is one."""
        relations = data.relations
        if self._followed is None:
            return relations
        recipe, path = self._followed
        recipe.check_relations(relations, path)
        return relations if relations is None else recipe.relations

    def _parse(self, parser: LightningArgumentParser, args: ArgsType) -> None:
        try:
            super().parse_arguments(parser, args)
        except (ImportError, AttributeError) as error:
            raise UserError(f"a class path among the arguments cannot be imported: {error}") from error

    def _parse_ckpt_path(self) -> None:
        """Do nothing: ``parse_arguments`` has read the checkpoint, and has refused flags that contradict it."""

    def instantiate_trainer(self, **kwargs: Any) -> pl.Trainer:
        """Build the trainer; metrics.csv joins the TensorBoard events in the same folder."""
        trainer = super().instantiate_trainer(**kwargs)
        for callback in trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, RunFolder) and self._given is not None:
                callback.config = self._given
        for logger in trainer.loggers:
            if isinstance(logger, TensorBoardLogger):
                _refuse_used_folder(Path(logger.log_dir))
                beside = CSVLogger(logger.root_dir, name="", version=logger.version)
                trainer.loggers = [*trainer.loggers, beside]
                trainer.callbacks.append(LearningRateMonitor("step"))  # type: ignore[attr-defined]
                break
        return trainer

    def _run_subcommand(self, subcommand: str) -> None:
        folders = [c for c in self.trainer.callbacks if isinstance(c, RunFolder)]  # type: ignore[attr-defined]
        try:
            super()._run_subcommand(subcommand)
        except Exception as error:
            if any(folder.interrupted for folder in folders):  # what a worker or another process left behind
                raise KeyboardInterrupt from error
            raise
        for folder in folders:
            folder.finish(self.trainer)
        # No process leaves on the heels of a broadcast: gloo frees its tensors on a thread, which aborts the process
        # once the interpreter ends (https://github.com/pytorch/pytorch/pull/179291). A barrier has no tensors.
        self.trainer.strategy.barrier()


def is_trial(trainer: pl.Trainer) -> bool:
    """Tell whether this is a ``fast_dev_run``, which writes nothing."""
    return bool(trainer.fast_dev_run)  # type: ignore[attr-defined]


def follow_checkpoint(config: Namespace, recipe: Recipe, path: str) -> None:
    """Make a parsed configuration rebuild the classifier of a checkpoint.

    Args:
        config: Configuration of one command, parsed with the recipe as its defaults; it is changed in place.
        recipe: What the checkpoint says about itself.
        path: The checkpoint.

    Raises:
        UserError: If an argument contradicts the checkpoint.
    """
    options = _classifier_options(*(config.model[name] for name in (*FLAT_OPTIONS, "classifier_args")))
    given = {
        "--classifier": (class_path(config.classifier), recipe.classifier),
        "--pretrained_model": (config.pretrained_model, recipe.pretrained_model),
        "--data.max_length": (config.data.init_args.max_length, recipe.max_length),
        "--data.stances": (config.data.init_args.stances, recipe.stances),
        **{f"--model.{name}": (value, recipe.classifier_options.get(name)) for name, value in options.items()},
    }
    for flag, (value, trained) in given.items():
        if value is not None and value != trained and value != path:
            raise UserError(
                f"{flag} {value} contradicts the checkpoint {path}, which has {trained}; leave the flag out"
            )
    # The checkpoint is itself a source of encoder and tokenizer: no hub, no base weights.
    config.model.pretrained_model = config.data.init_args.tokenizer = path
    config.data.init_args.max_length = recipe.max_length
    config.data.init_args.stances = config.model.stances = list(recipe.stances)
    config.data.init_args.classifier_options = dict(recipe.classifier_options)
    config.model.classifier_args = {
        name: value for name, value in recipe.classifier_options.items() if name not in FLAT_OPTIONS
    }


def _recipe_defaults(recipe: Recipe) -> dict[str, Any]:
    flat = {f"model.{name}": value for name, value in recipe.classifier_options.items() if name in FLAT_OPTIONS}
    classifier = import_classifier(recipe.classifier)
    return {"pretrained_model": recipe.pretrained_model, "classifier": classifier, **flat}


def _classifier_options(*values: Any) -> dict[str, Any]:
    """Return the options that are given, of ``FLAT_OPTIONS`` and a classifier's own."""
    flat = {name: value for name, value in zip(FLAT_OPTIONS, values, strict=False) if value is not None}
    return {**flat, **(values[-1] or {})}


@rank_zero_only
def _refuse_used_folder(folder: Path) -> None:
    if (folder / "config.yaml").exists():
        raise UserError(
            f"{folder} already holds a run, which stays as it is; give another --trainer.logger.init_args.version "
            "or --trainer.logger.init_args.name"
        )


def _quiet_libraries() -> None:
    """Silence hints that do not apply here; warnings about the user's own run stay."""
    quiet_transformers()
    logging.getLogger("lightning.pytorch.utilities.rank_zero").addFilter(_is_no_hint)
    for hint in ("does not have many workers", "exists and is not empty", "ckpt_path=.best.", "isinstance.treespec"):
        warnings.filterwarnings("ignore", f".*{hint}")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="jsonargparse|lightning")


def _is_no_hint(record: logging.LogRecord) -> bool:
    return "litlogger" not in record.getMessage()


def main(args: list[str]) -> None:
    """Run one of the training commands."""
    # sys.argv stays as it is: with several processes, Lightning starts the others by it.
    warnings.filterwarnings("ignore", ".*LightningCLI's args parameter")
    CustomCLI(args)
