"""The model card of an export: what the hub shows of a model, filled from its run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCardData
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gatbert.errors import UserError
from gatbert.evaluation.ablation import Ablation
from gatbert.evaluation.markdown import escaped, table
from gatbert.evaluation.shown import percent
from gatbert.exports.examples import in_words, pipeline_example, python_example
from gatbert.exports.hub_model import CODE, HubModel
from gatbert.exports.inputs import pipeline_input
from gatbert.exports.measured import AblationSubject, Measured
from gatbert.exports.onnx import OnnxModel
from gatbert.exports.source import Opened, Source
from gatbert.files.paths import resolve
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples.decision import Decision
from gatbert.stance_classifier.options import reads_graph
from gatbert.version import __version__

ASSETS = Path(__file__).parent / "assets"
ANSWERS = {"favor": "in favor", "against": "against", "neutral": "neutral"}
MOST_FILES = 20
"""Corpus files that are named; a folder may have thousands."""


class Markdown(str):
    """A text that is Markdown already; every other text in a card stays what it is."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Card:
    """Hold all that a card is about.

    Attributes:
        name: Name of the model: of its repository, or of the folder.
        opened: The classifier.
        source: Where it comes from.
        model: What transformers loads of it.
        measured: What its run measured.
        ablation: An ablation of it.
        onnx: Its form in ONNX.
        language: Codes of the languages of its texts.
        license: Its licence, by the hub's name.
        has_graph: Whether the graph lies in the folder.
    """

    name: str
    opened: Opened
    source: Source
    model: HubModel
    measured: Measured | None = None
    ablation: tuple[AblationSubject, Ablation] | None = None
    onnx: OnnxModel | None = None
    language: Sequence[str] = ()
    license: str | None = None
    has_graph: bool = False


def card_text(card: Card) -> str:
    """Return a card in Markdown; what a template forgets is an error, and every text in it is no more than a text."""
    environment = Environment(  # noqa: S701  (HTML is escaped with all else that means something to Markdown)
        loader=FileSystemLoader(ASSETS),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markdown) else escaped(str(value)),
    )
    text = environment.get_template("card.md").render(**_values(card))
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _values(card: Card) -> dict[str, Any]:
    """Return what the template shows."""
    recipe, record = card.opened.recipe, card.source.record
    given = pipeline_input(recipe.pair, recipe.max_length, recipe.transforms)
    names = [ANSWERS.get(stance, stance) for stance in recipe.stances]
    data = None if record is None else record.data
    return {
        "front_matter": Markdown(front_matter(card)),
        "name": card.name,
        "stances": f"{', '.join(names[:-1])} or {names[-1]}",
        "classifier": recipe.classifier.rpartition(".")[2],
        "encoder": _name(recipe.pretrained_model),
        "version": __version__ if record is None or record.gatbert is None else record.gatbert,
        "commit": None if record is None else record.git_commit,
        "python_example": Markdown(python_example(card.name, recipe, card.has_graph)),
        "pipeline_example": Markdown(pipeline_example(card.name, given, recipe.max_length, card.model.own_code)),
        "hub": card.model,
        "code_file": Markdown(CODE.name),
        "input": {"text": in_words(given.text), "text_pair": in_words(given.text_pair), "limits": given.limits},
        "decided": recipe.decision != Decision(),
        "reads_graph": reads_graph(type(card.opened.predictor.classifier)),
        "onnx": card.onnx,
        "data": bool(data and data.files),
        "data_table": Markdown("" if data is None else _data_table(data.files)),
        "splits": "" if data is None else _splits(data.splits),
        "graph": _graph(card),
        "scores": None if card.measured is None else _scores(card.measured),
        "ablation": None if card.ablation is None else _ablation(*card.ablation),
        "temperature": _temperature(recipe.decision),
        "length_limit": f"It reads {recipe.max_length or 'so many'} tokens; what is beyond is cut.",
        "licence": _licence(card),
    }


def front_matter(card: Card) -> str:
    """Return what the hub reads of a card, in YAML."""
    recipe, model = card.opened.recipe, card.model
    results = []
    if card.measured is not None:
        record = card.source.record
        files = [] if record is None or record.data is None else list(record.data.files)
        dataset = " ".join((Path(files[0]).stem if len(files) == 1 else card.name).split())
        for name, score in card.measured.scores.items():
            results.append(
                EvalResult(
                    task_type="text-classification",
                    task_name="Stance classification",
                    dataset_type=re.sub(r"\W+", "-", dataset).strip("-").lower() or "corpus",
                    dataset_name=dataset,
                    dataset_split=card.measured.split,
                    metric_type="accuracy" if name == "accuracy" else "f1",
                    metric_name=name,
                    metric_value=round(score.mean, 4),
                )
            )
    is_hub_id = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", recipe.pretrained_model)
    data = ModelCardData(
        model_name=" ".join(card.name.split()),
        language=[*card.language] or None,
        license=card.license,
        library_name="transformers" if model.classifies else "gatbert",
        pipeline_tag="text-classification",
        tags=["stance-detection", "gatbert", *(["custom_code"] if model.own_code else [])],
        base_model=recipe.pretrained_model if is_hub_id and not resolve(recipe.pretrained_model).exists() else None,
        eval_results=results or None,
    )
    return data.to_yaml()


def _name(source: str) -> str:
    """Return where an encoder came from: a hub id as it is, of a path its last part, as the rest is the user's own."""
    return source if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", source) else Path(source).name


def _data_table(files: Mapping[str, str]) -> str:
    rows = [[Path(path).name, checksum[:12]] for path, checksum in [*files.items()][:MOST_FILES]]
    more = [[f"and {len(files) - MOST_FILES} more", ""]] if len(files) > MOST_FILES else []
    return table(["corpus file", "SHA-256 begins with"], [*rows, *more])


def _splits(splits: Mapping[str, Any]) -> str:
    counts = {name: manifest.num_samples for name, manifest in splits.items() if manifest.num_samples}
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _scores(measured: Measured) -> dict[str, Any]:
    rows = [[name, percent(one.mean), _interval(one.low, one.high)] for name, one in measured.scores.items()]
    return {
        "num_samples": f"{measured.num_samples:,}",
        "split": measured.split,
        "table": Markdown(table(["score", "", "95 % interval"], rows)),
        "ece": None if measured.ece is None else f"{measured.ece:.3f}",
        "ece_before": None if measured.ece_before is None else f"{measured.ece_before:.3f}",
    }


def _ablation(subject: AblationSubject, found: Ablation) -> dict[str, Any]:
    rows = [
        [row.condition, percent(row.score), _interval(row.low, row.high), percent(row.difference, sign=True)]
        for row in found.rows
    ]
    files = ", ".join(Path(path).name for path in subject.files)
    return {
        "about": f"With parts of the input hidden or wrong, on {found.num_samples:,} samples of the {subject.split} "
        f"split of {files}, in percent.",
        "table": Markdown(table(["condition", found.score, "95 % interval", "difference"], rows)),
        "sentences": [row.sentence for row in found.rows],
    }


def _interval(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"


def _temperature(decision: Decision) -> str:
    """Return in words what validation chose; nothing if that changes no probability."""
    parts = [] if decision.temperature == 1 else [f"a temperature of {decision.temperature:.3g}"]
    if decision.thresholds:
        told = ", ".join(f"{stance} {value:.3g}" for stance, value in decision.thresholds.items())
        parts.append(f"thresholds, by which probabilities are divided ({told})")
    return " and ".join(parts)


def _graph(card: Card) -> dict[str, Any] | None:
    """Return what is said of the graph; its licences where it can be opened."""
    info = card.opened.recipe.tagging
    if info is None or not card.opened.recipe.reads_concepts:
        return None
    try:
        licenses = KnowledgeGraph(info.graph).meta.licenses
    except UserError:
        licenses = {}
    linking = info.settings.linking
    return {
        "name": Path(info.graph).name,
        "checksum": info.graph_checksum[:12],
        "inside": card.has_graph,
        "settings": f"{info.settings.sampling}, at most {info.settings.max_concepts} concepts, phrases of up to "
        f"{linking.max_words} words",
        "licenses": ", ".join(f"{name} ({count:,})" for name, count in licenses.items()),
    }


def _licence(card: Card) -> str:
    encoder = _name(card.opened.recipe.pretrained_model)
    others = f"The encoder ({encoder}), the corpora and the graph, where there is one, keep their own licences."
    return f"{card.license or 'None was stated when this folder was written'}. {others}"
