"""Whether the corpus files can be read, make splits of use, and have graphs of the graph that they name."""

from collections.abc import Iterator
from dataclasses import replace

from gatbert.data_modules.summary import summarize
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.findings import Finding
from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.knowledge.graph_files import read_meta
from gatbert.stance_classifier.options import reads_graph

WARNINGS = ("warning: ", "near-duplicates warn: ")
"""What begins a line of a summary that somebody should read."""


def look_at_data(run: AskedRun) -> Iterator[Finding]:
    """Read all samples as the run would, and look at what is in its splits; nothing is encoded."""
    corpus = run.data.corpus
    resolved = corpus.resolved()
    resolved = replace(resolved, splits={name: samples for name, samples in resolved.splits.items() if samples})
    summary = summarize(resolved, dict.fromkeys(resolved.splits, ()), corpus)
    problems = [*filter(None, map(summary.problem, run.splits))]
    yield from (Finding("fault", problem) for problem in problems)
    for line in summary.lines(run.splits, 0):
        for prefix in WARNINGS:
            if line.startswith(prefix):
                yield Finding("warning", line.removeprefix(prefix))
    if not problems:
        counts = ", ".join(f"{name} {summary.splits[name].num_samples:,}" for name in run.splits)
        yield Finding("ok", f"{counts} samples, from {', '.join(file for file, _ in corpus.typed_files())}")


def look_at_graph(run: AskedRun) -> Iterator[Finding]:
    """Compare the checksum in a tagged corpus with that of the graph which it names."""
    if reads_graph(run.data.classifier) and run.data.relations is None:
        name = run.data.classifier.__name__
        raise UserError(
            f"{name} reads a graph, and the corpus has none; tag it with gatbert tag, or give --classifier Text"
        )
    info = run.data.tagging
    if info is None:
        return
    folder = resolve(info.graph)
    if not folder.is_dir():
        yield Finding("ok", f"tagged with {info.graph_name()}, which is not here, and not needed for training")
    elif (found := read_meta(folder).checksum) != info.graph_checksum:
        what = f"the corpus was tagged with another graph than lies in {folder} by now"
        remedy = "tag it again: its classifier could not tag texts with this graph"
        yield Finding("fault", f"{what} (checksums {info.graph_checksum[:12]} and {found[:12]})", remedy)
    else:
        yield Finding("ok", f"tagged with {info.graph_name()}")
