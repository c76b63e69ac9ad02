"""``gatbert export``: a trained model as a folder to hand on, or on the hub."""

import re

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.errors import UserError
from gatbert.files.paths import new_folder


def export(
    run: str,
    output: str,
    classifier: str | None = None,
    pretrained_model: str | None = None,
    concept_vectors: str | None = None,
    with_graph: bool = False,
    graph: str | None = None,
    onnx: bool = False,
    onnx_int8: bool = False,
    ablation: str | None = None,
    language: list[str] | None = None,
    license: str | None = None,  # noqa: A002  (its name on the hub)
    push_to_hub: str | None = None,
    public: bool = False,
) -> None:
    """Write a trained model as a folder that gatbert, and transformers where it can, load without network.

    Args:
        run: Run folder, of which the best checkpoint is taken, or a checkpoint.
        output: Folder to write; it must not exist, or be empty.
        classifier: Class path of the classifier, if it is not of gatbert.
        pretrained_model: Where the encoder of an adapter is, if no longer where it was in training.
        concept_vectors: Where the vectors of concepts are, if no longer where they were in training.
        with_graph: Whether the knowledge graph, and vectors of concepts, go along.
        graph: Where the graph is, if no longer where it was when the training corpus was tagged.
        onnx: Whether model.onnx goes along; of TextClassifier alone.
        onnx_int8: Whether it goes along in 8 bits, too.
        ablation: Folder of gatbert ablate, for the model card; by default ablation in the run folder, if it is there.
        language: Languages of the texts by their codes, such as [en], for the model card.
        license: Licence of the model by its name on the hub, such as mit, for the model card.
        push_to_hub: Repository to which the folder is sent, NAME or ORGANISATION/NAME; the token is that in HF_TOKEN.
        public: Whether a new repository can be read by everybody.
    """
    folder = new_folder(output, may_be_empty=True)
    if public and push_to_hub is None:
        raise UserError("--public says who may read a repository, and none is given; give --push_to_hub, too")
    if graph is not None and not with_graph:
        raise UserError(f"--graph {graph} says where the graph is that goes along; give --with_graph true, too")
    for name, codes in {"license": [license] if license else [], "language": language or []}.items():
        for code in codes:
            if not re.fullmatch(r"[\w.-]+", code):
                raise UserError(
                    f"--{name} {code!r} is no name of the hub; accepted are letters, digits, '.', '_' and '-'"
                )
    from gatbert.exports.upload import check_upload, upload

    token = None if push_to_hub is None else check_upload(push_to_hub)
    from gatbert.cli.quiet import quiet_libraries
    from gatbert.exports import Choices, Extras, export_model

    quiet_libraries()
    choices = Choices(classifier, pretrained_model, concept_vectors, graph)
    extras = Extras(with_graph, onnx, onnx_int8, ablation, language or (), license)
    model = export_model(run, folder, push_to_hub or folder.resolve().name, choices, extras)
    said = [f"The model was written to {folder}; gatbert.load({str(folder)!r}) loads it"]
    if model.classifies:
        trust = " with trust_remote_code=True" if model.own_code else ""
        said.append(f"transformers.pipeline loads it{trust}, too; README.md says how")
    if push_to_hub is not None and token is not None:
        said.append(f"It was sent to {upload(folder, push_to_hub, token, public)}")
    console = Console()
    for sentence in said:
        console.print(sentence, highlight=False, soft_wrap=True, markup=False)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("export", "Write a trained model as a folder to hand on: weights, tokenizer, model card.")
    parser.add_argument("run", help="Run folder, of which the best checkpoint is taken, or a checkpoint.")
    parser.add_argument("output", help="Folder to write; it must not exist, or be empty.")
    parser.add_function_arguments(export, skip={"run", "output"})
    config = parser.parse_args(args)
    del config["config"]
    export(**config.as_dict())
