"""``gatbert predict MODEL FILE``: a file of one's own, with the stance of each of its texts."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from gatbert.console.given_files import data_options
from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.corpora.background_file import read_backgrounds
from gatbert.corpora.own_file import OwnFile, OwnType, own_type
from gatbert.corpora.row_tables import table_type
from gatbert.errors import UserError
from gatbert.files.paths import output_folder, resolve
from gatbert.files.shards import Shard
from gatbert.ranges import PositiveInt, Share, check_ranges
from gatbert.samples import LANGUAGE
from gatbert.tagging.corpus_files import CorpusFiles

if TYPE_CHECKING:  # torch takes seconds to import: mistakes in the arguments are told before
    from gatbert.predictor import StancePredictor


@dataclass(frozen=True)
class PredictArguments:
    """Predict the stance of each text in a file of your own.

    Attributes:
        model: A run folder, a checkpoint (.ckpt), an exported folder, or the id of an export on the hub.
        file: The texts: .csv, .tsv, .jsonl or .parquet, in any columns; a tagged corpus, too.
        output: File for the same rows with the columns predicted and prob_STANCE: .csv, .tsv, .jsonl or .parquet; it
            must not exist.
        data: A --data file of training, which says how files are read: columns, delimiter, encoding, background_file.
        corpus: Which corpus of that file, if it mixes several.
        corpus_type: Format of the file; by default that of its ending.
        columns: Column of each field that is read: text, target, context, background, language.
        delimiter: The character between two cells; by default that of the format.
        encoding: Encoding of the file; by default that of the format.
        target: The target of all texts, in place of a column.
        language: Language of all texts, for a graph of several.
        background_file: JSON lines of {target: text}, for classifiers that read a background.
        graph: Folder of the knowledge graph, if it is no longer where it was in training.
        classifier: Class path of the classifier, if it is not of gatbert.
        concept_vectors: Where the vectors of concepts, or the encoder of definitions, are by now.
        pretrained_model: Where the encoder of an adapter is by now.
        device: Where it computes: cpu, cuda, cuda:1; by default on a GPU, if there is one.
        batch_size: Most texts that are computed together.
        abstain_below: Probability of the likeliest stance below which the predicted stance is left empty.
        shard: Predict only one part of the rows, such as 1/4, for Slurm arrays; its file is OUTPUT.1-of-4.
        resume: Go on with what a process that was ended has left.
        merge: Join the shards of the output.
    """

    model: str
    file: str
    output: str
    data: str | None = None
    corpus: str | None = None
    corpus_type: OwnType | None = None
    columns: dict[str, str | None] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    target: str | None = None
    language: str | None = None
    background_file: str | None = None
    graph: str | None = None
    classifier: str | None = None
    concept_vectors: str | None = None
    pretrained_model: str | None = None
    device: str = "auto"
    batch_size: PositiveInt = 64
    abstain_below: Share | None = None
    shard: str | None = None
    resume: bool = False
    merge: bool = False

    def __post_init__(self) -> None:
        check_ranges(PredictArguments, vars(self), "--")

    def whole(self) -> Path:
        """Return the file of the whole output.

        Raises:
            UserError: If its ending tells no format, or it cannot be written.
        """
        path = resolve(self.output)
        table_type(path)
        output_folder(path.parent)
        return path

    def input(self) -> OwnFile:
        """Return how the file is read: as the options say, else as the ``--data`` file does, else by its ending.

        Raises:
            UserError: If it is not there, or options are wrong.
        """
        path, given = resolve(self.file), self._of_data()
        kind = own_type(path, self.corpus_type, given.get("corpus_type"))
        how = {name: getattr(self, name) for name in ("delimiter", "encoding")}
        if kind == given.get("corpus_type"):  # a comma of csv is none of jsonl
            how = {name: value if value is not None else given[name] for name, value in how.items()}
        constants = {"target": self.target, LANGUAGE: self.language}
        return OwnFile(
            path=path,
            corpus_type=kind,
            columns={**given.get("columns", {}), **(self.columns or {})},
            constants={name: value for name, value in constants.items() if value is not None},
            **how,
        )

    def backgrounds(self) -> Mapping[str, str]:
        """Return the background of each target by its folded form; none without a file of them."""
        given = self.background_file
        if given is None and self.data is not None:
            given = data_options(self.data).get("background_file")
        return {} if given is None else read_backgrounds(resolve(given))

    def _of_data(self) -> dict[str, Any]:
        """Return how a ``--data`` file says that corpus files are read."""
        if self.data is None:
            return {}
        corpus = CorpusFiles.from_config(self.data, self.corpus).corpus
        reading = {name: getattr(corpus, name) for name in ("corpus_type", "delimiter", "encoding")}
        return {**reading, "columns": corpus.columns or {}}


def predict(arguments: PredictArguments) -> None:
    """Predict the rows of a file or of a part of it, or join its parts, and print what came out.

    Args:
        arguments: What to predict, with which model.
    """
    whole, file, backgrounds = arguments.whole(), arguments.input(), arguments.backgrounds()
    shard = None if arguments.shard is None else Shard.from_text(arguments.shard)
    output = whole if shard is None else shard.file(whole)
    if output.exists():
        if not arguments.resume:
            raise UserError(f"{output} exists already; it stays as it is; give another output, or remove it")
        _print(f"{output} is there already")
        return
    model = _load(arguments)
    from gatbert.predictor.file_prediction import FilePrediction

    work = FilePrediction(
        model=model,
        file=file,
        batch_size=arguments.batch_size,
        abstain_below=arguments.abstain_below,
        backgrounds=backgrounds,
    )
    if arguments.merge:
        work.join(whole)
        _print(f"The shards were joined in {whole}")
    else:
        counts = work.write(output, shard, arguments.resume)
        _print(f"{_told(counts, model.stances)}; they were written to {output}")


def _load(arguments: PredictArguments) -> "StancePredictor":
    from gatbert.predictor import load

    # Texts that are too long would be told anew with each thousand.
    logging.getLogger("gatbert").setLevel(logging.ERROR)
    names = ("graph", "classifier", "concept_vectors", "pretrained_model", "device")
    return load(arguments.model, **{name: getattr(arguments, name) for name in names})


def _told(counts: Counter[str | None], stances: tuple[str, ...]) -> str:
    """Return how many rows have each stance, in words."""
    said = [f"{counts[stance]:,} {stance}" for stance in stances]
    said += [f"{counts[None]:,} without a stance"] if counts[None] else []
    return f"{counts.total():,} rows: {', '.join(said)}"


def _print(sentence: str) -> None:
    Console().print(visible(sentence), soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("predict", "Predict the stance of each text in a file of your own.")
    parser.add_argument("model", help="A run folder, a checkpoint (.ckpt), an exported folder, or an id on the hub.")
    parser.add_argument("file", help="The texts: .csv, .tsv, .jsonl or .parquet, in any columns.")
    parser.add_class_arguments(PredictArguments, skip={"model", "file"})
    config = parser.parse_args(args)
    del config["config"]
    predict(PredictArguments(**config.as_dict()))
