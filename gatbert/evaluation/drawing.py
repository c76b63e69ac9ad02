"""Pictures of small graphs: columns of nodes and labelled curves between them, as SVG or a self-contained page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import zip_longest
from statistics import fmean
from typing import Literal

from gatbert.samples import FIRST_TOKEN, GraphSample
from gatbert.samples.relations import WORD_CONCEPT, Relations

Kind = Literal["target", "concept", "text"]

COLORS: dict[Kind, str] = {"target": "#1f5f99", "concept": "#3d7a35", "text": "#8a4b08"}
ROW, CHARACTER, PADDING, GAP = 30, 7.2, 20, 150
HEADING = 34

MOST_LABELS = 40
"""Edges of which each has its relation as a label; of more, relations are told by colours, in a legend."""

RELATION_COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#e377c2", "#8c564b")
"""Of the most frequent relations, and of all others:"""

OTHER_COLOR = "#999"

CONCEPT_COLUMNS = {(True, False): 1, (True, True): 1, (False, False): 2, (False, True): 3}
"""Column of a concept by whether target and text mention it."""


@dataclass(frozen=True)
class Node:
    """Describe one node: its label, what it is, and the column in which it stands, from the left."""

    label: str
    kind: Kind
    column: int


@dataclass(frozen=True)
class Edge:
    """Describe one edge between two nodes, by their positions; an empty label marks a link of a word."""

    head: int
    tail: int
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """Hold what is drawn: nodes, edges, and a heading for each column."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    headings: Sequence[str]


def sample_picture(sample: GraphSample, relations: Relations) -> Picture:
    """Return the picture of a tagged sample, from the target's words over concepts to the words of the text.

    Concepts that the target mentions stand beside its words, those of the text beside the others, and what ties them
    between. A column without a node is left out.
    """
    num_words = len(sample.words)
    mentions = {(head, tail) for head, tail, relation in sample.edges.T.tolist() if relation == WORD_CONCEPT}
    linked = sorted({head for head, _ in mentions if head != FIRST_TOKEN and head < num_words})
    nodes: list[Node] = []
    place: dict[int, int] = {}
    for word in linked:
        in_target = word < sample.num_target_words
        place[word] = len(nodes)
        nodes.append(Node(sample.words[word], "target" if in_target else "text", 0 if in_target else 4))
    for index, concept in enumerate(sample.concepts, start=num_words):
        heads = [head for head in linked if (head, index) in mentions]
        sides = any(head < sample.num_target_words for head in heads), any(h >= sample.num_target_words for h in heads)
        place[index] = len(nodes)
        nodes.append(Node(concept, "concept", CONCEPT_COLUMNS[sides]))
    edges = [Edge(place[head], place[tail], label) for head, tail, label in _shown_edges(sample, relations)]
    return _without_empty_columns(nodes, edges, ("target", "its concepts", "between", "concepts of the text", "text"))


def _shown_edges(sample: GraphSample, relations: Relations) -> Iterator[tuple[int, int, str]]:
    """Yield the edges that are drawn: of one and its reverse one, and none of the first token, which is no word."""
    labels, reverse = relations.labels(), relations.reverse_ids()
    for head, tail, relation in sample.edges.T.tolist():
        if FIRST_TOKEN in (head, tail):
            continue
        if relation == WORD_CONCEPT:
            if head < len(sample.words):
                yield head, tail, ""
        elif relation < reverse[relation] or (relation == reverse[relation] and head < tail):
            yield head, tail, labels[relation]


def _without_empty_columns(nodes: Sequence[Node], edges: Sequence[Edge], headings: Sequence[str]) -> Picture:
    kept = sorted({node.column for node in nodes})
    moved = [replace(node, column=kept.index(node.column)) for node in nodes]
    return Picture(moved, edges, [headings[column] for column in kept])


def svg(picture: Picture) -> str:
    """Return a picture as SVG; where the mouse is over a node, its edges alone are seen."""
    colors = _colors(picture.edges)
    edges = picture.edges if colors else _merged(picture.edges)
    boxes, width, height = _boxes(picture)
    legend = list(_legend(colors, height))
    total = height + (PADDING if legend else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {total:.0f}" width="{width:.0f}" '
        f'height="{total:.0f}" font-family="Helvetica, Arial, sans-serif" font-size="13">',
        f"<style>{_focus(len(picture.nodes))}</style>",
        f'<rect width="{width:.0f}" height="{total:.0f}" fill="white"/>',
    ]
    for column, heading in enumerate(picture.headings):
        left, _, own = next(boxes[index] for index, node in enumerate(picture.nodes) if node.column == column)
        parts.append(f'<text x="{left + own / 2:.0f}" y="20" text-anchor="middle" fill="#555">{escape(heading)}</text>')
    parts += [_curve(edge, picture.nodes, boxes, colors) for edge in edges]
    parts += [_box(node, index, *boxes[index]) for index, node in enumerate(picture.nodes)]
    return "\n".join([*parts, *legend, "</svg>"])


def _colors(edges: Sequence[Edge]) -> dict[str, str]:
    """Return the colour of each relation, the most frequent first; none where all edges have labels."""
    counts = Counter(edge.label for edge in edges if edge.label)
    if counts.total() <= MOST_LABELS:
        return {}
    ordered = [label for label, _ in counts.most_common()]
    return dict(zip_longest(ordered, RELATION_COLORS[: len(ordered)], fillvalue=OTHER_COLOR))


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Return one edge for each two nodes, with the labels of all."""
    found: dict[frozenset[int], Edge] = {}
    for edge in edges:
        first = found.setdefault(frozenset((edge.head, edge.tail)), edge)
        if edge.label not in first.label.split(", "):
            found[frozenset((edge.head, edge.tail))] = replace(first, label=f"{first.label}, {edge.label}")
    return list(found.values())


def _boxes(picture: Picture) -> tuple[dict[int, tuple[float, float, float]], float, float]:
    """Return left, top and width of each node's box, and width and height of the whole."""
    columns = range(len(picture.headings))
    rows = _ordered_columns(picture)
    # Boxes of a column are as wide as its longest label, and its heading has room.
    longest = [max([len(picture.nodes[i].label) for i in rows[c]] + [len(picture.headings[c])]) for c in columns]
    widths = [length * CHARACTER + PADDING for length in longest]
    lefts = [PADDING + sum(widths[:column]) + column * GAP for column in columns]
    height = HEADING + PADDING + max(1, *map(len, rows.values())) * ROW
    boxes = {}
    for column, members in rows.items():
        # Shorter columns stand in the middle.
        top = HEADING + (height - HEADING - len(members) * ROW) / 2
        for row, index in enumerate(members):
            boxes[index] = (lefts[column], top + row * ROW, widths[column])
    # A last column needs room to its right for the arcs between its own nodes.
    within = any(picture.nodes[e.head].column == picture.nodes[e.tail].column == columns[-1] for e in picture.edges)
    return boxes, lefts[-1] + widths[-1] + (GAP if within else PADDING), height


def _ordered_columns(picture: Picture) -> dict[int, list[int]]:
    """Return the nodes of each column from the top; in one that stands between others, near to what they are tied to.

    Source: the barycenter method (Sugiyama, Tagawa and Toda 1981, doi:10.1109/TSMC.1981.4308636), one sweep.
    """
    rows: dict[int, list[int]] = {column: [] for column in range(len(picture.headings))}
    for index, node in enumerate(picture.nodes):
        rows[node.column].append(index)
    height = {index: row / len(members) for members in rows.values() for row, index in enumerate(members)}
    around: dict[int, list[float]] = {index: [] for index in height}
    for edge in picture.edges:
        for one, other in ((edge.head, edge.tail), (edge.tail, edge.head)):
            if picture.nodes[one].column != picture.nodes[other].column:
                around[one].append(height[other])
    for column in list(rows)[1:-1]:
        rows[column].sort(key=lambda index: fmean(around[index]) if around[index] else 1.0)
    return rows


def _focus(count: int) -> str:
    """Return the style by which edges fade that do not touch the node under the mouse."""
    rules = [f"svg:has(.n{node}:hover) .edge:not(.e{node}){{opacity:.08}}" for node in range(count)]
    return "".join([*rules, ".edge:hover path{stroke:#c00;stroke-width:2}"])


def _legend(colors: Mapping[str, str], top: float) -> Iterator[str]:
    """Yield the legend of relations and their colours, side by side."""
    left = float(PADDING)
    named = [label for label, color in colors.items() if color != OTHER_COLOR]
    for label in [*named, *(["others"] if len(named) < len(colors) else [])]:
        color = colors.get(label, OTHER_COLOR)
        yield (
            f'<g><rect x="{left:.0f}" y="{top:.0f}" width="12" height="4" fill="{color}"/>'
            f'<text x="{left + 16:.0f}" y="{top + 7:.0f}" font-size="11" fill="#333">{escape(label)}</text></g>'
        )
        left += 32 + len(label) * 6.6


def page(title: str, subtitle: str, picture: Picture) -> str:
    """Return a picture as an HTML page that needs no other file."""
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font:15px/1.5 Helvetica,Arial,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "svg{max-width:100%;height:auto}</style>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(subtitle)}</p>\n{svg(picture)}\n</html>\n"
    )


def _box(node: Node, index: int, left: float, top: float, width: float) -> str:
    color = COLORS[node.kind]
    return (
        f'<g class="n{index}"><rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="22" rx="6" '
        f'fill="{color}"/><text x="{left + width / 2:.0f}" y="{top + 15:.0f}" text-anchor="middle" fill="white">'
        f"{escape(node.label)}</text></g>"
    )


def _curve(
    edge: Edge, nodes: Sequence[Node], boxes: Mapping[int, tuple[float, float, float]], colors: Mapping[str, str]
) -> str:
    """Return a curve from head to tail; two nodes of one column are joined by an arc to their right."""
    (left, top, width), (other_left, other_top, other_width) = boxes[edge.head], boxes[edge.tail]
    top, other_top = top + 11, other_top + 11  # the middle of a box, which is 22 high
    right, other_right = left + width, other_left + other_width
    if nodes[edge.head].column == nodes[edge.tail].column:
        start, end = (right, top), (other_right, other_top)
        # Arcs between nodes that are far apart reach further out, and so do not lie upon each other.
        bend = right + 20 + min(GAP - 40, 9 * abs(top - other_top) / ROW + 12)
        label, anchor = right + 0.75 * (bend - right), "start"
    else:
        start, end = (
            ((right, top), (other_left, other_top)) if left < other_left else ((left, top), (other_right, other_top))
        )
        bend = label = (start[0] + end[0]) / 2
        anchor = "middle"
    path = (
        f"M{start[0]:.0f},{start[1]:.0f} C{bend:.0f},{start[1]:.0f} {bend:.0f},{end[1]:.0f} {end[0]:.0f},{end[1]:.0f}"
    )
    dash = "" if edge.label else ' stroke-dasharray="3 3"'
    names = nodes[edge.head].label, edge.label or "-", nodes[edge.tail].label
    drawn = f'<path d="{path}" fill="none" stroke="{colors.get(edge.label, OTHER_COLOR)}"{dash}/>'
    words = (
        f'<text x="{label:.0f}" y="{(top + other_top) / 2 + 3:.0f}" font-size="10" text-anchor="{anchor}" fill="#333" '
        f'stroke="white" stroke-width="3" paint-order="stroke">{escape(edge.label)}</text>'
    )
    told = f"{drawn}{words if edge.label and not colors else ''}<title>{escape(' '.join(names))}</title>"
    return f'<g class="edge e{edge.head} e{edge.tail}">{told}</g>'
