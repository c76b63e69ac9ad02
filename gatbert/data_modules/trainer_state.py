"""What a data module asks of Lightning's trainer, if there is one: the command, the process, how far it is."""

import lightning.pytorch as pl

from gatbert.errors.libraries import BATCH_IN_EPOCH

SPLITS_OF_COMMAND = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
    "predict": ("predict",),
}


def running_command(trainer: pl.Trainer | None) -> str:
    """Return the running command, a key of ``SPLITS_OF_COMMAND``; before any, ``fit``."""
    return "fit" if trainer is None or trainer.state.fn is None else str(trainer.state.fn.value)


def processes(trainer: pl.Trainer | None) -> tuple[int, int]:
    """Return the rank of this process, and how many processes there are."""
    return (0, 1) if trainer is None else (trainer.global_rank, trainer.world_size)


def num_batches_trained(trainer: pl.Trainer | None) -> int:
    """Return how many batches an epoch has behind it as it begins: none, unless a training goes on in it."""
    return 0 if trainer is None else int(BATCH_IN_EPOCH.read_from(trainer)) + 1
