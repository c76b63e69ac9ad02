"""The run that somebody is about to start: its arguments, parsed as the run itself would parse them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from gatbert.cli.parsed_cli import ParsedCLI
from gatbert.data_modules import StanceDataModule
from gatbert.stance_classifier.class_paths import import_by_path


@dataclass(frozen=True)
class AskedRun:
    """Hold a run that has not begun.

    Attributes:
        command: ``fit`` or ``fit_and_test``.
        args: Its arguments.
        steps: Training steps that are measured.
    """

    command: str
    args: Sequence[str]
    steps: int = 10

    @cached_property
    def cli(self) -> ParsedCLI:
        """Its parsed arguments.

        Raises:
            UserError: If one of them is wrong.
        """
        return ParsedCLI([self.command, *self.args])

    @property
    def config(self) -> Any:
        """Its whole configuration, by dotted name."""
        return self.cli.config

    @cached_property
    def data(self) -> StanceDataModule:
        """Its data, without the model."""
        data: StanceDataModule = import_by_path(self.config.data.class_path)(**self.config.data.init_args.as_dict())
        return data

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that it needs."""
        return ("train", "val", "test") if self.command == "fit_and_test" else ("train", "val")

    @property
    def save_dir(self) -> Path | None:
        """Where run folders are written; ``None`` if nothing is logged."""
        loggers = self.config.trainer.logger
        for logger in loggers if isinstance(loggers, list) else [loggers]:
            if (init_args := getattr(logger, "init_args", None)) is not None and init_args.get("save_dir"):
                return Path(init_args.save_dir)
        return None
