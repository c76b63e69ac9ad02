"""``gatbert init``: a configuration for a corpus of one's own, written by looking at its columns and labels."""

import shlex
from collections.abc import Mapping

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.starter.folder import Said, Seen, write_starter

Paths = str | list[str] | None


def init(
    folder: str,
    corpus: Paths = None,
    train: Paths = None,
    val: Paths = None,
    test: Paths = None,
    columns: dict[str, str | None] | None = None,
    labels: dict[str, str | None] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    split_column: str | None = None,
    pretrained_model: str | None = None,
) -> None:
    """Write data.yaml, base.yaml and train.sh for a corpus, by looking at its files; flags say what they do not show.

    Args:
        folder: Folder to write; it must not exist.
        corpus: Corpus files (csv, tsv, jsonl, parquet), one or several, without splits, with a column that names them,
            or with train, val and test in their names.
        train: Training files, in place of corpus; so are the next two.
        val: Validation files; without any, a share of train is cut off.
        test: Test files.
        columns: Column of each field (text, target, stance, id) or flag, such as {text: Tweet}.
        labels: Stance of each label, such as {yes: favor, no: against, unclear: null}; null skips its rows.
        delimiter: The character between two cells.
        encoding: Encoding of the files.
        split_column: Column that names the split of each row.
        pretrained_model: Encoder; by default bert-base-uncased, or that of the extra demo where only this is here.
    """
    files = {name: _list(paths) for name, paths in (("corpus", corpus), ("train", train), ("val", val), ("test", test))}
    said = Said(columns or {}, labels or {}, delimiter, encoding, split_column, pretrained_model)
    written, seen = write_starter(folder, files, said)
    console = Console()
    for line in _told(seen):
        console.print(visible(line), soft_wrap=True)
    console.print(visible(f"Everything was written to {written}; train with"), soft_wrap=True)
    base, data = (shlex.quote(f"{folder.rstrip('/')}/{name}.yaml") for name in ("base", "data"))
    console.print(visible(f"  python -m gatbert.fit_and_test -c {base} --data {data}"), soft_wrap=True)


def _told(seen: Seen) -> list[str]:
    """Say what was seen, so that a person can tell whether it is right."""
    roles = seen.roles
    named: Mapping[str, str | None] = {
        "text": roles.text,
        "target": roles.target,
        "stance": roles.stance,
        "id": roles.id,
    }
    columns = ", ".join(f"{name} is {column!r}" for name, column in named.items() if column)
    counts = seen.table.columns[roles.stance].values
    labels = ", ".join(
        f"{label} means {seen.labels[label] or 'nothing'} ({count:,})" for label, count in counts.items()
    )
    return [f"{seen.table.num_rows:,} rows; {columns}", f"labels: {labels}"]


def _list(given: Paths) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("init", "Write a configuration for a corpus of your own, by looking at it.", files=False)
    parser.add_argument("folder", type=str, help="Folder to write; it must not exist.")
    parser.add_function_arguments(init, skip={"folder"})
    init(**parser.parse_args(args).as_dict())
