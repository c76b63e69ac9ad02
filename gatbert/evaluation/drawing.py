"""Pictures of small graphs: columns of nodes and labelled curves between them, as SVG or a self-contained page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from gatbert.samples import FIRST_TOKEN, GraphSample
from gatbert.samples.relations import WORD_CONCEPT, Relations

Kind = Literal["target", "concept", "text"]

COLORS: dict[Kind, str] = {"target": "#1f5f99", "concept": "#3d7a35", "text": "#8a4b08"}
ROW, CHARACTER, PADDING, GAP = 30, 7.2, 20, 230
HEADING = 34


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
    """Return the picture of a tagged sample: its linked words to the left and right, its concepts between them."""
    num_words = len(sample.words)
    labels, reverse = relations.labels(), relations.reverse_ids()
    mentions = (head for head, _, relation in sample.edges.T.tolist() if relation == WORD_CONCEPT)
    linked = sorted({head for head in mentions if head != FIRST_TOKEN and head < num_words})
    nodes: list[Node] = []
    place: dict[int, int] = {}
    for word in linked:
        in_target = word < sample.num_target_words
        place[word] = len(nodes)
        nodes.append(Node(sample.words[word], "target" if in_target else "text", 0 if in_target else 2))
    for index, concept in enumerate(sample.concepts):
        place[num_words + index] = len(nodes)
        nodes.append(Node(concept, "concept", 1))
    edges = []
    for head, tail, relation in sample.edges.T.tolist():
        if FIRST_TOKEN in (head, tail):
            continue  # it is no word that could be shown
        if relation == WORD_CONCEPT:
            if head < num_words:
                edges.append(Edge(place[head], place[tail]))
        # Of an edge and its reverse one is drawn, and of one that is its own reverse, one direction.
        elif relation < reverse[relation] or (relation == reverse[relation] and head < tail):
            edges.append(Edge(place[head], place[tail], labels[relation]))
    return Picture(nodes, edges, ("target", "concepts", "text"))


def svg(picture: Picture) -> str:
    """Return a picture as SVG."""
    columns = range(len(picture.headings))
    rows = {column: [i for i, node in enumerate(picture.nodes) if node.column == column] for column in columns}
    widths = [max([len(picture.nodes[i].label) for i in rows[c]] + [6]) * CHARACTER + PADDING for c in columns]
    # Each column begins a gap after the one before it ends; boxes of a column are as wide as its longest label.
    lefts = [PADDING + sum(widths[:column]) + column * GAP for column in columns]
    height = HEADING + PADDING + max(1, *map(len, rows.values())) * ROW
    boxes = {}
    for column, members in rows.items():
        # Shorter columns stand in the middle.
        top = HEADING + (height - HEADING - len(members) * ROW) / 2
        for row, index in enumerate(members):
            boxes[index] = (lefts[column], top + row * ROW, widths[column])
    # A single column needs room to its right for the arcs between its own nodes.
    width = lefts[-1] + widths[-1] + (GAP if len(columns) == 1 else PADDING)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="Helvetica, Arial, sans-serif" font-size="13">',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
    ]
    for column, heading in enumerate(picture.headings):
        middle = lefts[column] + widths[column] / 2
        parts.append(f'<text x="{middle:.0f}" y="20" text-anchor="middle" fill="#555">{escape(heading)}</text>')
    parts += [_curve(edge, picture.nodes, boxes) for edge in picture.edges]
    parts += [_box(node, *boxes[index]) for index, node in enumerate(picture.nodes)]
    return "\n".join([*parts, "</svg>"])


def page(title: str, subtitle: str, picture: Picture) -> str:
    """Return a picture as an HTML page that needs no other file."""
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font:15px/1.5 Helvetica,Arial,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "svg{max-width:100%;height:auto}g:hover path,path:hover{stroke:#c00;stroke-width:2}</style>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(subtitle)}</p>\n{svg(picture)}\n</html>\n"
    )


def _box(node: Node, left: float, top: float, width: float) -> str:
    color = COLORS[node.kind]
    return (
        f'<g><rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="22" rx="6" fill="{color}"/>'
        f'<text x="{left + width / 2:.0f}" y="{top + 15:.0f}" text-anchor="middle" fill="white">{escape(node.label)}'
        "</text></g>"
    )


def _curve(edge: Edge, nodes: Sequence[Node], boxes: dict[int, tuple[float, float, float]]) -> str:
    """Return a curve from head to tail; two nodes of one column are joined by an arc to their right."""
    (left, top, width), (other_left, other_top, other_width) = boxes[edge.head], boxes[edge.tail]
    top, other_top = top + 11, other_top + 11  # the middle of a box, which is 22 high
    right, other_right = left + width, other_left + other_width
    if nodes[edge.head].column == nodes[edge.tail].column:
        start, end = (right, top), (other_right, other_top)
        # Arcs between nodes that are far apart reach further out, and so do not lie upon each other.
        bend = right + 20 + min(GAP - 110, 9 * abs(top - other_top) / ROW + 12)
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
    tip = (
        f"<title>{escape(nodes[edge.head].label)} {escape(edge.label or '-')} {escape(nodes[edge.tail].label)}</title>"
    )
    drawn = f'<path d="{path}" fill="none" stroke="#999"{dash}/>'
    words = (
        f'<text x="{label:.0f}" y="{(top + other_top) / 2 + 3:.0f}" font-size="10" text-anchor="{anchor}" fill="#333" '
        f'stroke="white" stroke-width="3" paint-order="stroke">{escape(edge.label)}</text>'
    )
    return f"<g>{drawn}{words if edge.label else ''}{tip}</g>"
