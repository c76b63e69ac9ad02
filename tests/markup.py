"""A graph and posts whose texts hold markup and control characters, which a terminal must show and not obey."""

from pathlib import Path

from tests.knowledge.dump import graph_of

TRIPLES = [("zoo", "RelatedTo", "animal"), ("cage", "AtLocation", "zoo"), ("x", "Is[/blue]A\x1b[31m", "zoo [/bold]")]


def write_graph(folder: Path) -> Path:
    """Write the graph below a folder, and return where it is."""
    (folder / "mine").mkdir()
    return graph_of(folder / "mine", TRIPLES).folder


def write_posts(folder: Path) -> Path:
    """Write the posts into a folder, and return the file."""
    path = folder / "posts.csv"
    path.write_text(
        "id,text,target,stance\n"
        '[/red],"The cage [/blue] \x1b[31mred\x07 zoo [bold]\nnext",zoos [/blue] \x1b]0;t\x07 x,against\n'
        "2,A cage,zoos,favor\n"
    )
    return path
