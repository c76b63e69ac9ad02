"""What commands about a checkpoint share: ``gatbert COMMAND CKPT --data ...``, understood as ``gatbert test`` does."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch

from gatbert.cli import CustomCLI
from gatbert.data_modules import StanceDataModule
from gatbert.errors import UserError
from gatbert.explanations import TrainedModel
from gatbert.files.paths import resolve
from gatbert.pretrained.checkpoints import read_checkpoint
from gatbert.samples import Sample
from gatbert.samples.transforms import TRANSFORMS

ONE_PROCESS = ("--trainer.devices=1", "--trainer.num_nodes=1")
"""Without these, Lightning would start the whole command once for each GPU of a node."""


def run_test(checkpoint: str, others: Sequence[str]) -> CustomCLI:
    """Run ``gatbert test`` in this process."""
    return _start(checkpoint, others)


def open_trained(checkpoint: str, others: Sequence[str]) -> tuple[TrainedModel, StanceDataModule]:
    """Build the classifier of a checkpoint, and the data that ``gatbert test`` would test it on.

    Args:
        checkpoint: Path of a ``.ckpt`` file.
        others: Further arguments of ``gatbert test``.
    """
    cli = _start(checkpoint, others, run=False)
    data = cast(StanceDataModule, cli.datamodule)
    classifier = cli.model.classifier
    prefix = "classifier."
    state = read_checkpoint(checkpoint)["state_dict"]
    own = {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
    classifier.load_state_dict(own)
    device: torch.device = cli.trainer.strategy.root_device
    return TrainedModel(classifier.to(device).eval(), data.preprocessor), data


def read_samples(data: StanceDataModule, split: str) -> list[Sample]:
    """Return the samples of a split with their graphs, as they are before they are encoded.

    Raises:
        UserError: If the split has none.
    """
    samples = data.read_splits(labelled=split != "predict").get(split, [])
    if not samples:
        raise UserError(f"the {split} split has no samples; give data.{split}, or another --split")
    for name in data.transforms:
        samples = TRANSFORMS[name](samples, data.preprocessor.mask_token)
    return samples


def _start(checkpoint: str, others: Sequence[str], run: bool = True) -> CustomCLI:
    if not Path(resolve(checkpoint)).is_file():
        raise UserError(f"checkpoint {resolve(checkpoint)} does not exist")
    return CustomCLI(["test", "--ckpt_path", checkpoint, *others, *ONE_PROCESS], run)
