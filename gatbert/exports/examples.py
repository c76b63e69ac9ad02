"""How a model is used, as lines of Python that no name in them can leave."""

import json

from gatbert.exports.inputs import PipelineInput
from gatbert.pretrained.checkpoints import Recipe
from gatbert.stance_classifier.class_paths import known_classifiers

EXAMPLE = {
    "target": "wind power",
    "text": "Turbines everywhere, and the birds pay for it.",
    "context": "",
    "background": "",
}


def python_example(name: str, recipe: Recipe, has_graph: bool) -> str:
    """Return how gatbert predicts with a model.

    Args:
        name: Name of the model.
        recipe: What it reads.
        has_graph: Whether its graph lies in its folder.
    """
    options, given = "", ""
    if recipe.classifier not in known_classifiers():
        options += f", classifier={quoted(recipe.classifier)}"
    if recipe.reads_concepts and not has_graph:
        options += ', graph="FOLDER OF THE GRAPH"'
    if "context" in recipe.pair.fields:
        given += ', contexts="what it answers"'
    if "background" in recipe.pair.fields:
        given += f', backgrounds={{{quoted(EXAMPLE["target"])}: "what is known of it"}}'
    call = f"model.predict({quoted(EXAMPLE['text'])}, {quoted(EXAMPLE['target'])}{given})"
    answer = "{" + ", ".join(f"{quoted(stance)}: ..." for stance in recipe.stances) + "}"
    return f"import gatbert\n\nmodel = gatbert.load({quoted(name)}{options})\n{call}  # {answer}"


def pipeline_example(name: str, given: PipelineInput, max_length: int | None, own_code: bool) -> str:
    """Return how a pipeline of transformers predicts with a model.

    Args:
        name: Name of the model.
        given: What it is given.
        max_length: Most tokens of a sample.
        own_code: Whether the model brings code.
    """
    fields = {"text": given.text.format(**EXAMPLE)}
    if given.text_pair:
        fields["text_pair"] = given.text_pair.format(**EXAMPLE)
    shown = ", ".join(f'"{name}": {quoted(value)}' for name, value in fields.items())
    cut = ""
    if max_length is not None:
        cut = f', truncation="{given.truncation or "longest_first"}", max_length={max_length}'
    trust = ", trust_remote_code=True" if own_code else ""
    start = f'classify = pipeline("text-classification", model={quoted(name)}{trust})'
    return f"from transformers import pipeline\n\n{start}\nclassify({{{shown}}}, top_k=None{cut})"


def quoted(text: str) -> str:
    """Return a text as a string of Python that ends no block of code."""
    return json.dumps(text, ensure_ascii=False).replace("`", "\\u0060")


def in_words(template: str) -> str:
    """Return in words what is given in a field of a pipeline's input."""
    return {"": "", "{target}": "the target", "{text}": "the text"}.get(template, f"this, filled in: {template}")
