"""The layers of the package, in the order of the data's way, and the table of them in CONTRIBUTING.

``python -m tests.layers`` writes the table anew.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gatbert.files.sections import with_section

CONTRIBUTING = Path(__file__).parents[1] / "CONTRIBUTING.md"

LAYERS: Sequence[Mapping[str, str]] = (
    {
        "version": "the version, in one place",
        "errors": "a user's mistake, as one sentence; names that libraries do not promise to keep",
    },
    {
        "files": "where files lie, how they are written whole; documents, records and lines, read with care",
        "ranges": "the ranges of arguments, in their types",
        "samples": "what flows: samples, their stances, words and relations, and changes of them",
    },
    {
        "console": "a command and its user: its arguments, its progress",
        "corpora": "files to samples: one reader a format; which sample is in which split",
        "knowledge": "public dumps to one graph on disk; vectors of its concepts",
        "batches": "the typed contract between data and networks",
    },
    {
        "evaluation": "prediction files to scores, tests, plots and pages; reads run folders, not models",
        "pretrained": "encoders, tokenizers, checkpoints",
        "nn": "networks over packed batches: relational attention, its types, graph convolutions; the loss",
        "__main__": "`python -m gatbert COMMAND`: the table of all commands",
    },
    {
        "grid": "many runs: whose turn each is, how it goes on, Slurm arrays",
        "callbacks": "what goes along with a training: its record, its predictions, its end",
        "tagging": "samples and a graph to samples with their part of it: linking, subgraphs, similarity, shards",
        "stance_classifier": "one file is one classifier: its preprocessor and its network",
        "starter": "a folder to begin with, written by looking at a corpus",
        "fit_and_test": "`python -m gatbert.fit_and_test`",
    },
    {
        "data_modules": "corpora to batches: the encoded cache, samplers, loaders",
        "modules": "loss, optimizer, schedule",
        "search": "options that are tried on validation, trial after trial, and what came of it",
        "explanations": "what each word and concept contributes, and how true that is",
    },
    {
        "predictor": "a trained classifier at work: texts, tables and files to stances and probabilities",
        "exports": "a trained model as a folder to hand on, for gatbert, transformers and ONNX",
        "cli": "the command line of training, and what it starts from",
    },
    {
        "app": "the page on which models are tried: what it shows, and its server",
        "doctor": "what is looked at before a training is queued",
    },
    {"commands": "the other commands: one thin file each"},
)
"""Modules of gatbert from low to high, and what each is for. A layer imports lower ones alone."""


def table() -> str:
    """Return the layers as a table in Markdown."""
    rows = [f"| {floor} | `{name}` | {what} |\n" for floor, row in enumerate(LAYERS, 1) for name, what in row.items()]
    return "".join(["| floor | module | what |\n|---|---|---|\n", *rows])


def with_table(text: str) -> str:
    """Return the text of CONTRIBUTING with the table as it is now."""
    return with_section(text, "layers", table())


if __name__ == "__main__":
    CONTRIBUTING.write_text(with_table(CONTRIBUTING.read_text()))
