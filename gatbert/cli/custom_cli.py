"""The command line of training: every value of trainer, model and data from YAML and flags."""

import sys
from pathlib import Path
from signal import SIGINT
from typing import Any, cast

import lightning.pytorch as pl
from jsonargparse import Namespace
from jsonargparse.typing import register_type
from lightning.fabric.plugins.environments.slurm import SLURMEnvironment
from lightning.pytorch.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint
from lightning.pytorch.cli import ArgsType, LightningArgumentParser, LightningCLI
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.utilities import rank_zero_only

from gatbert.callbacks import GracefulStop, LastCheckpoint, PredictionWriter, RunFolder, ScoreTable
from gatbert.callbacks.run_folder import used_folder
from gatbert.cli.followed_checkpoint import follow_checkpoint, recipe_defaults
from gatbert.cli.limits import check_limits
from gatbert.cli.quiet import quiet_libraries
from gatbert.cli.trainer import StanceTrainer, lightnings_refusals, refuse_fewer_processes, refuse_foreign_checkpoints
from gatbert.console.given_files import refuse_options_without_their_class
from gatbert.console.parser import OneSentenceErrors
from gatbert.data_modules import StanceDataModule
from gatbert.errors import UserError
from gatbert.evaluation.run_record import Status
from gatbert.files.paths import resolve
from gatbert.modules import StanceModule
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.ranges import check_ranges
from gatbert.samples import Relations
from gatbert.stance_classifier import TextClassifier
from gatbert.stance_classifier.option_groups import OPTION_NAMES, ClassifierOptions, classifier_options
from gatbert.stance_classifier.options import (
    class_path,
    classifier_of_checkpoint,
    full_path,
    import_by_path,
    import_classifier,
)

DEFAULT_MODEL = "bert-base-uncased"

TRAINER_DEFAULTS = {
    "max_epochs": 10,
    # The samplers of StanceDataModule share the batches among processes themselves.
    "use_distributed_sampler": False,
    "num_sanity_val_steps": 0,
    "log_every_n_steps": 10,
    "logger": {"class_path": "TensorBoardLogger", "init_args": {"save_dir": "results", "name": "gatbert"}},
}

# A training that ends within an epoch has no validation to stop by; names that are never logged are refused anyway.
EARLY_STOPPING_DEFAULTS = {"monitor": "val_macro_f1", "mode": "max", "patience": 5, "strict": False}

CHECKPOINT_DEFAULTS = {
    "monitor": "val_macro_f1",
    "mode": "max",
    "filename": "{epoch}-{val_macro_f1:.4f}",
    "save_weights_only": True,  # and the recipe: last.ckpt keeps what going on needs, three times as much
}

# The model's relations come from the data: as a plain class, they would have options of their own.
register_type(Relations)

EVALUATIONS = ("validate", "test", "predict")


class OneSentenceParser(OneSentenceErrors, LightningArgumentParser):
    """Lightning's parser of arguments, whose errors are one sentence."""


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
        self._words: list[str] = words if isinstance(words, list) else []
        if self._words and self._words[0] in self.subcommands():
            # Building a parser costs most of the start-up: only that of the command is built.
            command = self._words[0]
            self.subcommands = lambda: {command: type(self).subcommands()[command]}  # type: ignore[method-assign]
        self._stop = GracefulStop()
        self._followed: tuple[Recipe, str] | None = None
        self._given: Namespace | None = None
        quiet_libraries()
        super().__init__(
            StanceModule,
            StanceDataModule,
            subclass_mode_data=True,
            trainer_class=StanceTrainer,
            trainer_defaults={**TRAINER_DEFAULTS, "callbacks": [LastCheckpoint(), PredictionWriter(), ScoreTable()]},
            seed_everything_default=0,
            save_config_callback=RunFolder,
            parser_class=OneSentenceParser,
            parser_kwargs={
                "prog": "gatbert",
                "allow_abbrev": False,
                **{command: {"allow_abbrev": False} for command in self.subcommands()},
            },
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
            "--classifier",
            type=_classifier_path,
            default=class_path(TextClassifier),
            help="Text, External, Concat, Hybrid, or the class path of a classifier of your own.",
        )
        parser.link_arguments("pretrained_model", "model.pretrained_model")
        parser.link_arguments("pretrained_model", "data.init_args.tokenizer")
        parser.link_arguments("classifier", "model.classifier", import_classifier)
        parser.link_arguments("classifier", "data.init_args.classifier", import_classifier)
        parser.link_arguments("data.init_args.stances", "model.stances")
        parser.link_arguments(
            tuple(f"model.{name}" for name in OPTION_NAMES), "data.init_args.classifier_options", classifier_options
        )
        parser.link_arguments("data", "model.relations", self._relations, apply_on="instantiate")
        for callback, key, defaults in (
            (EarlyStopping, "early_stopping", EARLY_STOPPING_DEFAULTS),
            (ModelCheckpoint, "checkpoint", CHECKPOINT_DEFAULTS),
        ):
            parser.add_lightning_class_args(callback, key)
            parser.set_defaults({f"{key}.{name}": value for name, value in defaults.items()})

    def parse_arguments(self, parser: OneSentenceParser, args: ArgsType) -> None:  # type: ignore[override]
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
        if path is None:
            return
        path = str(resolve(path))
        checkpoint = read_checkpoint(path)
        recipe = Recipe.from_checkpoint(checkpoint, path)
        if command not in EVALUATIONS and "optimizer_states" not in checkpoint:
            raise UserError(
                f"{path} keeps weights for tests and predictions, and not what training goes on from; give last.ckpt, "
                f"or start anew from its encoder with --pretrained_model {path}"
            )
        given = self.config[command].clone()
        self._followed = (recipe, path)
        self._parser(command).set_defaults(self._recipe_defaults(recipe, path))
        self._parse(parser, args)
        follow_checkpoint(self.config[command], recipe, path)
        if command not in EVALUATIONS:
            # A run that goes on keeps the config of one that never stopped, so that reports see them as the same.
            self._given = given

    def _recipe_defaults(self, recipe: Recipe, path: str) -> dict[str, Any]:
        """Return the defaults that a checkpoint sets; its classifier is imported only if the user names it."""
        named = self.config[self.config["subcommand"]].classifier
        trusted = named if named == recipe.classifier else None
        return recipe_defaults(recipe, class_path(classifier_of_checkpoint(recipe.classifier, path, trusted)))

    def _relations(self, data: StanceDataModule) -> Relations | None:
        """Return the relations that the model is to know: those of the checkpoint, if there is one."""
        relations = data.relations
        if self._followed is None:
            return relations
        recipe, path = self._followed
        recipe.check_relations(relations, path)
        recipe.check_tagging(data.tagging, path)
        return None if relations is None else recipe.relations

    def _parse(self, parser: OneSentenceParser, args: ArgsType) -> None:
        """Parse; a value that no parser of a library knows to be wrong is refused here."""
        for one in (parser, *self._subcommand_parsers.values()):
            cast(OneSentenceParser, one).words = self._words
        refuse_options_without_their_class(self._words)
        try:
            super().parse_arguments(parser, args)
        except (ImportError, AttributeError) as error:
            raise UserError(f"a class path among the arguments cannot be imported: {error}") from error
        config = self.config[self.config["subcommand"]]
        check_limits(config)
        for takes in (StanceModule.__init__, ClassifierOptions):
            check_ranges(takes, config.model, "--model.")
        if (data := config.get("data")) is not None:
            check_ranges(import_by_path(data.class_path).__init__, data.init_args, "--data.")

    def _parse_ckpt_path(self) -> None:
        """Do nothing: ``parse_arguments`` has read the checkpoint, and has refused flags that contradict it."""

    def instantiate_trainer(self, **kwargs: Any) -> pl.Trainer:
        """Build the trainer; metrics.csv joins the TensorBoard events in the same folder."""
        if SLURMEnvironment.detect():
            # Lightning would answer SIGUSR1 with a checkpoint of its own, from which later trainings go on in silence.
            own = self._get(self.config_init, "trainer").get("plugins")
            kwargs["plugins"] = [*(own if isinstance(own, list) else filter(None, [own])), SLURMEnvironment(False)]
        with lightnings_refusals():
            trainer = super().instantiate_trainer(**kwargs)
        refuse_fewer_processes(trainer)
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
        trainer.callbacks.append(self._stop)  # type: ignore[attr-defined]
        return trainer

    def _run_subcommand(self, subcommand: str) -> None:
        """Run the command, and record how it ended, whatever ends it.

        Raises:
            SystemExit: If a signal ended it, with 128 and the number of the signal.
        """
        with self._stop as stop:
            try:
                if subcommand not in EVALUATIONS and self._followed is None:
                    refuse_foreign_checkpoints(self.trainer)
                with lightnings_refusals():
                    super()._run_subcommand(subcommand)
            except BaseException as error:
                interrupted = stop.received is not None or isinstance(error, KeyboardInterrupt)
                self._finish("interrupted" if interrupted else "failed")
                if isinstance(error, UserError):
                    self._forget()
                if not interrupted:
                    raise
                if self.trainer.is_global_zero:
                    cause = "Ctrl-C" if stop.received in (None, SIGINT) else stop.received.name
                    print(f"gatbert: interrupted by {cause}; {self._what_next()}", file=sys.stderr)  # noqa: T201
                raise SystemExit(stop.exit_status) from error
        self._finish("finished")
        # No process leaves on the heels of a broadcast: gloo frees its tensors on a thread, which aborts the process
        # once the interpreter ends (https://github.com/pytorch/pytorch/pull/179291). A barrier has no tensors.
        self.trainer.strategy.barrier()

    def _finish(self, status: Status) -> None:
        signal_name = None if self._stop.received is None else self._stop.received.name
        for callback in self.trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, RunFolder):
                callback.finish(self.trainer, status, signal_name)

    def _forget(self) -> None:
        for callback in self.trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, RunFolder):
                callback.forget(self.trainer)

    def _what_next(self) -> str:
        """Return what is left of an interrupted run, and how it goes on."""
        if self._words[0] in EVALUATIONS:
            return "no predictions were written; the same command starts again"
        callbacks = [c for c in self.trainer.checkpoint_callbacks if isinstance(c, ModelCheckpoint)]
        kept = [callback for callback in callbacks if callback.best_model_path]
        if self._stop.trained and kept:
            return f"training was finished; test it with gatbert test --ckpt_path {kept[0].best_model_path} --data ..."
        last = [callback.best_model_path for callback in kept if isinstance(callback, LastCheckpoint)]
        if last:
            return f"go on in a new folder with --ckpt_path {last[0]}"
        return "no step was kept; the same command starts again"


def _classifier_path(name: str) -> str:
    """Return the class path of a classifier, which may be named in short.

    Raises:
        UserError: If it cannot be imported, or is no classifier.
    """
    return class_path(import_classifier(full_path(name)))


@rank_zero_only
def _refuse_used_folder(folder: Path) -> None:
    if (holds := used_folder(folder)) is not None:
        raise UserError(
            f"{folder} already holds {holds}; give another --trainer.logger.init_args.version or "
            "--trainer.logger.init_args.name"
        )


def main(args: list[str]) -> None:
    """Run one of the training commands."""
    CustomCLI(args)
