"""What the page shows of an answer, as HTML in which every text is escaped: by the templates, or by the picture."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gatbert.app.shown_model import ShownModel
from gatbert.evaluation.drawing import sample_picture, svg
from gatbert.evaluation.shown import percent, signed
from gatbert.explanations import Explanation
from gatbert.explanations.explain import LEAVE_ONE_OUT
from gatbert.samples.words import word_spans

ASSETS = Path(__file__).parent / "assets"

MOST_DECIDING = 5
"""Concepts that are named as those that decide."""

NOTICED = 0.0005
"""Log-odds below which a contribution is none."""

READABLE = 0.8
"""Share of its size to which a picture may be made smaller; a narrower place has it in full behind a scroll bar."""

FOR, AGAINST = "0, 114, 178", "213, 94, 0"
"""Colours of what speaks for the predicted stance and against it, as in the page of explanations."""


@dataclass(frozen=True)
class Piece:
    """Hold a piece of a text, which is a word or stands between words.

    Attributes:
        text: The piece.
        tint: Its background, in CSS; empty for none.
        told: What is said where the mouse is over it.
        is_read: Whether it reaches the answer, as far as it is a word.
    """

    text: str
    tint: str = ""
    told: str = ""
    is_read: bool = True


def answer(
    name: str,
    model: ShownModel,
    probabilities: Mapping[str, float],
    explanation: Explanation | None = None,
    no_explanation: str = "",
) -> str:
    """Return what is shown of a model's answer.

    Args:
        name: Name of the model.
        model: The model.
        probabilities: Probability of each stance.
        explanation: Why it answers so; ``None`` while that is not known.
        no_explanation: Why there is none, if there will be none.
    """
    stance = max(probabilities, key=probabilities.__getitem__)
    return rendered(
        "answer.html",
        name=name,
        classifier=type(model.predictor.classifier).__name__,
        stance=stance,
        bars=[(label, percent(value), f"{100 * value:.1f}", label == stance) for label, value in probabilities.items()],
        why=None if explanation is None else _why(model, explanation),
        no_explanation=no_explanation,
        colors={"for": FOR, "against": AGAINST},
    )


def rendered(template: str, **values: Any) -> str:
    """Return HTML from a template; what it forgets is an error, and texts are escaped."""
    return _environment().get_template(template).render(**values)


def problem(message: str) -> str:
    """Return a sentence about what went wrong."""
    return rendered("problem.html", message=message)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(ASSETS)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _why(model: ShownModel, explanation: Explanation) -> dict[str, Any]:
    """Return what the template shows of an explanation."""
    sample = explanation.sample
    # (nodes,)
    scores, read = explanation.scores[LEAVE_ONE_OUT], set(explanation.read.tolist())
    largest = float(abs(scores).max(initial=NOTICED))
    half, num_words = sample.num_target_words, len(sample.words)
    concepts = range(num_words, num_words + len(sample.concepts))
    deciding = sorted((node for node in concepts if abs(scores[node]) > NOTICED), key=lambda node: -abs(scores[node]))
    reads_text = not read or any(node < num_words for node in read) or not sample.concepts
    of_words = [(float(scores[node]), node in read) for node in range(num_words)]
    return {
        "target": pieces(sample.target, sample.words[:half], of_words[:half], largest),
        "text": pieces(sample.text, sample.words[half:], of_words[half:], largest),
        "num_unread": sum(node not in read for node in range(num_words)) if reads_text else 0,
        "reads_text": reads_text,
        "reads_concepts": model.relations is not None,
        **_drawn(model, explanation, deciding[:MOST_DECIDING]),
        "num_concepts": len(sample.concepts),
        "num_read": sum(node in read for node in concepts),
        "deciding": [
            (sample.concepts[node - num_words], signed(float(scores[node])), tint(scores[node], largest))
            for node in deciding[:MOST_DECIDING]
        ],
        "gates": [(layer, percent(value), f"{100 * value:.1f}") for layer, value in enumerate(model.gates(), start=1)],
    }


def pieces(text: str, words: Sequence[str], of_words: Sequence[tuple[float, bool]], largest: float) -> list[Piece]:
    """Return a text in pieces, one a word and one for what stands between two.

    Args:
        text: The text.
        words: Its words.
        of_words: What each contributes, in log-odds, and whether it reaches the answer.
        largest: Contribution with the strongest tint.
    """
    found, position = [], 0
    for word, (start, end), (score, is_read) in zip(words, word_spans(text, words), of_words, strict=True):
        if start > position:
            found.append(Piece(text[position:start]))
        told = f"{word}: {signed(score)} in log-odds" if is_read else f"{word}: not read"
        found.append(Piece(text[start:end], tint(score, largest), told, is_read))
        position = end
    return [*found, Piece(text[position:])] if position < len(text) else found


def tint(score: float, largest: float) -> str:
    """Return the background of what contributes that much, in CSS; none for what contributes nothing."""
    if abs(score) <= NOTICED:
        return ""
    return f"rgba({FOR if score > 0 else AGAINST}, {0.7 * min(1.0, abs(score) / largest):.3f})"


def _drawn(model: ShownModel, explanation: Explanation, deciding: Sequence[int]) -> dict[str, Any]:
    """Return the picture of the concepts, in which those that decide have a frame, and the width that it needs."""
    sample = explanation.sample
    if model.relations is None or not sample.concepts:
        return {"picture": None}
    picture = sample_picture(sample, model.relations)
    # Nodes of a picture are the linked words, then all concepts.
    first = len(picture.nodes) - len(sample.concepts) - len(sample.words)
    framed = ", ".join(f".n{first + node} rect" for node in deciding)
    drawn = svg(picture)
    width = int(re.search(r' width="(\d+)"', drawn)[1])  # type: ignore[index]  # every picture has one
    # Within the picture, the rules hold in it alone: in one beside it, another node has that number.
    place = f"p{uuid4().hex}"
    if framed:
        drawn = drawn.replace("<style>", f"<style>#{place} :is({framed}) {{stroke:#e0a100;stroke-width:3}}", 1)
    drawn = drawn.replace("<svg ", f'<svg id="{place}" ', 1)
    # The picture escapes its labels.
    return {"picture": Markup(drawn), "least_width": round(READABLE * width)}  # noqa: S704
