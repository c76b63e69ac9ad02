"""A checkpoint and its data, for commands whose further arguments are those of ``gatbert test --ckpt_path CKPT``."""

from collections.abc import Sequence
from typing import cast

from gatbert.cli.custom_cli import CustomCLI
from gatbert.data_modules import StanceDataModule
from gatbert.errors import UserError
from gatbert.files.manifest import has_manifest
from gatbert.files.paths import resolve
from gatbert.samples import Sample
from gatbert.stance_classifier.trained import TrainedClassifier

ONE_PROCESS = ("--trainer.devices=1", "--trainer.num_nodes=1")
"""Without these, Lightning would start the whole command once for each GPU of a node."""


def run_test(checkpoint: str, others: Sequence[str]) -> CustomCLI:
    """Run ``gatbert test`` in this process."""
    return _start(checkpoint, others)


def open_test(checkpoint: str, others: Sequence[str]) -> tuple[TrainedClassifier, StanceDataModule]:
    """Open a checkpoint on the device of the trainer, and the data on which ``gatbert test`` would test it.

    Args:
        checkpoint: Path of a ``.ckpt`` file or an export.
        others: Further arguments of ``gatbert test``.

    Raises:
        UserError: If ``gatbert test`` would refuse them.
    """
    cli = _start(checkpoint, others, run=False)
    data = cast(StanceDataModule, cli.datamodule)
    # The module that was built has refused what does not fit; it lacks the trained weights. The arguments name the
    # classifier, without which one of the user's own is not imported, and tell where vectors and base are by now.
    vectors, base = data.classifier_options.get("concept_vectors"), cli.config.pretrained_model
    model = TrainedClassifier.from_checkpoint(checkpoint, data.classifier, vectors, base)
    model.classifier.to(cli.trainer.strategy.root_device)
    return model, data


def read_samples(data: StanceDataModule, split: str) -> Sequence[Sample]:
    """Return the samples of a split with their graphs and all their changes, as they are before they are encoded.

    Raises:
        UserError: If the split has none.
    """
    samples = data.read_splits(labelled=split != "predict").get(split, [])
    if not samples:
        raise UserError(f"the {split} split has no samples; give data.{split}, or another --split")
    return data.as_encoded(samples)


def _start(checkpoint: str, others: Sequence[str], run: bool = True) -> CustomCLI:
    if not (path := resolve(checkpoint)).is_file() and not has_manifest(path):
        raise UserError(f"checkpoint {path} does not exist")
    return CustomCLI(["test", "--ckpt_path", checkpoint, *others, *ONE_PROCESS], run)
