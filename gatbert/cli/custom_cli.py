"""The command line of training: every value of trainer, model and data from YAML and flags."""

import inspect
import sys
from collections.abc import Sequence
from typing import Any, final

import lightning.pytorch as pl
from jsonargparse import Namespace
from jsonargparse.typing import register_type
from lightning.fabric.plugins.environments.slurm import SLURMEnvironment
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from lightning.pytorch.cli import ArgsType, LightningArgumentParser, LightningCLI

from gatbert.callbacks import Decisions, RunFolder
from gatbert.cli.followed_checkpoint import follow_checkpoint, recipe_defaults
from gatbert.cli.limits import check_limits
from gatbert.cli.quiet import quiet_libraries
from gatbert.cli.recorded_run import RecordedRun
from gatbert.cli.trainer import (
    EVALUATIONS,
    StanceTrainer,
    equip,
    lightnings_refusals,
    refuse_fewer_processes,
    refuse_foreign_checkpoints,
    trainer_defaults,
)
from gatbert.cli.zero_shot import give_nli_templates, zero_shot_defaults
from gatbert.console.given_files import check_sections, with_checkpoint_last
from gatbert.console.parser import OneSentenceErrors
from gatbert.data_modules import StanceDataModule
from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.modules import StanceModule
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.hub import DEFAULT_MODEL
from gatbert.ranges import check_ranges
from gatbert.samples import Relations
from gatbert.stance_classifier import TextClassifier
from gatbert.stance_classifier.class_paths import (
    class_path,
    classifier_of_checkpoint,
    full_path,
    import_by_path,
    import_classifier,
)
from gatbert.stance_classifier.option_groups import OPTION_NAMES, ClassifierOptions, classifier_options

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

TRAINER_COMMANDS = {**LightningCLI.subcommands(), "fit_and_test": {"model", "datamodule"}}
"""The commands, each with the arguments of its trainer's method that are no flags."""


class OneSentenceParser(OneSentenceErrors, LightningArgumentParser):
    """Lightning's parser of arguments, whose errors are one sentence."""


class CustomCLI(LightningCLI):
    """LightningCLI over ``StanceModule`` and any ``StanceDataModule``.

    ``--pretrained_model`` and ``--classifier`` are arguments of the whole and reach both model and data. With
    ``--ckpt_path``, classifier, encoder and options come from the checkpoint, and a flag that contradicts it is
    refused.

    Args:
        args: A command and its arguments; by default those of the process.
        run: Whether the command is run; otherwise what it would run is built.

    Raises:
        UserError: If there is no such command, or an argument of it is wrong.
        SystemExit: If a signal ended the run, with 128 and the number of the signal.
    """

    def __init__(self, args: Sequence[str] | None = None, run: bool = True) -> None:
        self.command, *self._words = (sys.argv[1:] if args is None else args) or [""]
        if self.command not in TRAINER_COMMANDS:
            raise UserError(f"unknown command {self.command!r}; known are {', '.join(TRAINER_COMMANDS)}")
        self._words = with_checkpoint_last(self._words)
        self._followed: tuple[Recipe, str] | None = None
        self._recorded_config: Namespace | None = None
        quiet_libraries()
        super().__init__(
            StanceModule,
            StanceDataModule,
            subclass_mode_data=True,
            trainer_class=StanceTrainer,
            trainer_defaults=trainer_defaults(),
            seed_everything_default=0,
            save_config_callback=RunFolder,
            parser_class=OneSentenceParser,
            parser_kwargs={"prog": f"gatbert [options] {self.command}", "allow_abbrev": False},
            load_from_checkpoint_support=False,
            args=self._words,
            # Lightning would build a parser for each command, which is most of the start-up, and call the trainer
            # itself; ours is the parser of one command.
            run=False,
        )
        if run:
            self._run_command()

    def setup_parser(
        self, add_subcommands: bool, main_kwargs: dict[str, Any], subparser_kwargs: dict[str, Any]
    ) -> None:
        """Build the parser of the command: last come the arguments of the trainer's method."""
        description = str(inspect.getdoc(getattr(StanceTrainer, self.command))).partition("\n\n")[0]
        super().setup_parser(add_subcommands, {**main_kwargs, "description": description}, subparser_kwargs)
        self._method_arguments = self.parser.add_method_arguments(
            StanceTrainer, self.command, skip=TRAINER_COMMANDS[self.command]
        )
        if "verbose" in self._method_arguments:
            # ScoreTable prints the scores; Lightning's own table would repeat them.
            self.parser.set_defaults({"verbose": False})

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
        names = tuple(f"model.{name}" for name in OPTION_NAMES)
        parser.link_arguments(names, "data.init_args.classifier_options", classifier_options)
        parser.link_arguments("data", "model.relations", self._relations, apply_on="instantiate")
        for callback, key, defaults in (
            (EarlyStopping, "early_stopping", EARLY_STOPPING_DEFAULTS),
            (ModelCheckpoint, "checkpoint", CHECKPOINT_DEFAULTS),
            (Decisions, "decision", {}),
        ):
            parser.add_lightning_class_args(callback, key)
            parser.set_defaults({f"{key}.{name}": value for name, value in defaults.items()})

    def parse_arguments(self, parser: OneSentenceParser, args: ArgsType) -> None:  # type: ignore[override]
        """Parse; a checkpoint, where one is given, decides with its recipe."""
        self._parse(parser, args)
        if (path := self.config.get("ckpt_path")) is not None:
            self._follow(parser, args, str(resolve(path)))
        elif self.command in EVALUATIONS:
            parser.set_defaults(zero_shot_defaults(self.config, self.command))
            self._parse(parser, args)
        give_nli_templates(self.config)

    def _follow(self, parser: OneSentenceParser, args: ArgsType, path: str) -> None:
        """Parse again, with the recipe of a checkpoint as the defaults."""
        checkpoint = read_checkpoint(path)
        recipe = Recipe.from_checkpoint(checkpoint, path)
        trains = self.command not in EVALUATIONS
        if trains and "optimizer_states" not in checkpoint:
            raise UserError(
                f"{path} keeps weights for tests and predictions, and not what training goes on from; give last.ckpt, "
                f"or start anew from its encoder with --pretrained_model {path}"
            )
        given = self.config.clone()
        self._followed = (recipe, path)
        parser.set_defaults(self._recipe_defaults(recipe, path))
        self._parse(parser, args)
        follow_checkpoint(self.config, recipe, path)
        if trains:
            # A run that goes on keeps the config of one that never stopped, so that reports see them as the same.
            self._recorded_config = given

    def _recipe_defaults(self, recipe: Recipe, path: str) -> dict[str, Any]:
        """Return the defaults that a checkpoint sets; its classifier is imported only if the user names it."""
        named = self.config.classifier
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
        parser.words = self._words
        check_sections(self._words)
        try:
            super().parse_arguments(parser, args)
        except (ImportError, AttributeError) as error:
            raise UserError(f"a class path among the arguments cannot be imported: {error}") from error
        check_limits(self.config)
        for takes in (StanceModule.__init__, ClassifierOptions):
            check_ranges(takes, self.config.model, "--model.")
        if (data := self.config.get("data")) is not None:
            check_ranges(import_by_path(data.class_path).__init__, data.init_args, "--data.")

    def instantiate_trainer(self, **kwargs: Any) -> pl.Trainer:
        """Build the trainer, and look that nothing in it is other than the user thinks."""
        if SLURMEnvironment.detect():
            # Lightning would answer SIGUSR1 with a checkpoint of its own, from which later trainings go on in silence.
            own = self.config_init.trainer.get("plugins")
            kwargs["plugins"] = [*(own if isinstance(own, list) else filter(None, [own])), SLURMEnvironment(False)]
        if self._recorded_config is not None:
            # All that it decides is built by now: from here on it is what config.yaml says.
            self.config = self._recorded_config
        with lightnings_refusals():
            trainer = super().instantiate_trainer(**kwargs)
        refuse_fewer_processes(trainer)
        equip(trainer)
        return trainer

    @final
    def _run_command(self) -> None:
        """Run the command with the arguments of the trainer's method."""
        if self.command not in EVALUATIONS and self._followed is None:
            refuse_foreign_checkpoints(self.trainer)
        arguments = {name: self.config_init[name] for name in self._method_arguments}
        RecordedRun(self.command, self.trainer).run(model=self.model, datamodule=self.datamodule, **arguments)


def _classifier_path(name: str) -> str:
    """Return the class path of a classifier, which may be named in short.

    Raises:
        UserError: If it cannot be imported, or is no classifier.
    """
    return class_path(import_classifier(full_path(name)))


def main(args: list[str]) -> None:
    """Run one of the training commands."""
    CustomCLI(args)
