"""Flags of the training commands, known before torch is imported: the twenty that matter, and which there are."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from gatbert.console.one_sentence import one_sentence
from gatbert.errors import UserError

MAIN = {
    "-c FILE": "YAML with any part of the configuration; what stands later on the command line wins",
    "--pretrained_model NAME": "encoder: hub id, folder, pkg:PACKAGE/FOLDER, or a checkpoint of gatbert",
    "--classifier NAME": "Text, Hybrid, Concat, External, or the class path of your own",
    "--data FILE": "YAML with corpus files, columns and labels (configs/*_data.yaml), or a data module",
    "--data.batch_size N": "samples in a batch",
    "--data.max_length N": "most tokens of a sample",
    "--data.transforms [NAME]": "mask_target, mask_text, rm_external, shuffle_graph: controls",
    "--model FILE": "YAML with options of the classifier (configs/*_model.yaml)",
    "--model.learning_rate X": "of the encoder; --model.head_learning_rate of all else",
    "--model.pooling NAME": "first, mean, last, nli; Hybrid also target and concepts",
    "--model.att_type NAME": "edge_as_att, trans_key, rel_mat, hetero: how Hybrid reads relations",
    "--model.graph_gate NAME": "none, or zero: the graph starts silent",
    "--model.lora.rank N": "train an adapter in an encoder that stays as it is",
    "--trainer.max_epochs N": "epochs; --early_stopping.patience ends training sooner",
    "--trainer.precision NAME": "32-true, bf16-mixed, bf16-true, 16-mixed",
    "--trainer.accumulate_grad_batches N": "batches before a step of the optimizer",
    "--trainer.logger.init_args.save_dir FOLDER": "where run folders go; .name and .version name this one",
    "--ckpt_path FILE": "checkpoint: of test, validate, predict; or last.ckpt, from which training goes on",
    "--seed_everything N": "seed of weights, dropout and batch order",
    "--print_config": "print the configuration that all of this makes, and stop",
}
"""The flags that matter, each with its value, and what it is for."""

KNOWN = Path(__file__).with_name("assets") / "training_flags.txt"
"""Versions of the libraries that have a say in the flags, then every flag, a line each."""

LIBRARIES = ("lightning", "jsonargparse")


def main_flags() -> str:
    """Return the flags that matter, as lines."""
    width = max(map(len, MAIN)) + 2
    lines = [f"  {flag:<{width}}{what}" for flag, what in MAIN.items()]
    return "\n".join(["The flags that matter; all follow below:", *lines, ""])


def check_flags(args: Sequence[str]) -> None:
    """Refuse a flag that no training command has, as their parser would, which takes seconds to be there.

    With other versions of the libraries than those that the list of flags was made with, that is left to the parser.

    Raises:
        UserError: With the flag that is most like it.
    """
    versions, flags = _known()
    if versions != library_versions():
        return
    for word in args:
        flag = word.partition("=")[0].removeprefix("--").removesuffix("+")
        if word.startswith("--") and flag and not _is_known(flag, flags):
            raise UserError(one_sentence(f"unrecognized arguments: --{flag}", sorted(flags), args))


def library_versions() -> list[str]:
    """Return the versions of the libraries that have a say in the flags."""
    return [f"{name} {metadata.version(name)}" for name in LIBRARIES]


def listed(flags: Iterable[str]) -> str:
    """Return the text of the list for some flags of the installed libraries."""
    return "\n".join([*library_versions(), *sorted(set(flags)), ""])


@cache
def _known() -> tuple[list[str], frozenset[str]]:
    lines = KNOWN.read_text("utf-8").split("\n")
    return lines[: len(LIBRARIES)], frozenset(filter(None, lines[len(LIBRARIES) :]))


def _is_known(flag: str, flags: frozenset[str]) -> bool:
    """Tell whether there is a flag, or a flag of a class above it, whose options depend on the class."""
    if flag in flags:
        return True
    parents = [flag[:place] for place, letter in enumerate(flag) if letter == "."]
    of_class = (parent for parent in parents if parent in flags)
    return any(not _has_own(parent, flags) for parent in of_class)


def _has_own(parent: str, flags: frozenset[str]) -> bool:
    return any(flag.startswith(f"{parent}.") and flag != f"{parent}.help" for flag in flags)
