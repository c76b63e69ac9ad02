"""What tagging found and what it missed, by split and by target."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from gatbert.console.terminal import visible
from gatbert.corpora.graph_corpus import Tagged, read_graph_corpus
from gatbert.samples import LANGUAGE

MOST_UNLINKED = 50
"""Unlinked words that a report names, most frequent first."""

SHARES = ("target_linked", "target_in_part", "text_linked", "bridged", "any_concept")
"""What is reported as a share of the samples."""

FOUND = SHARES[:-1]
"""Those that a tagged sample tells itself."""

SIZES = ("concepts", "edges")
"""What is reported as median and 95th percentile over the samples."""


class Coverage:
    """Count what the samples of one split, or of one target, found in the graph.

    Args:
        with_words: Whether the words that link to nothing are counted, too.
    """

    def __init__(self, with_words: bool = False) -> None:
        self.with_words = with_words
        self.num_samples = 0
        self.found: Counter[str] = Counter()
        self.sizes: dict[str, list[int]] = {name: [] for name in SIZES}
        self.num_cut = 0
        self.num_samples_cut = 0
        self.unlinked: Counter[str] = Counter()

    def add(self, tagged: Tagged) -> None:
        """Count one sample."""
        self.num_samples += 1
        self.found.update({name: getattr(tagged, name) for name in FOUND})
        self.found["any_concept"] += bool(tagged.sample.concepts)
        self.sizes["concepts"].append(len(tagged.sample.concepts))
        self.sizes["edges"].append(tagged.sample.edges.shape[1])
        self.num_cut += tagged.num_cut
        self.num_samples_cut += tagged.num_cut > 0
        if self.with_words:
            # Each once for a sample. A set would have another order in each process, and so would equal counts.
            self.unlinked.update(dict.fromkeys(tagged.unlinked, 1))

    def plain(self) -> dict[str, Any]:
        """Return shares (0 to 1), sizes (median and 95th percentile), what was cut, and the unlinked words."""
        summary: dict[str, Any] = {"num_samples": self.num_samples}
        summary |= {name: round(self.found[name] / max(1, self.num_samples), 6) for name in SHARES}
        for name, sizes in self.sizes.items():
            median, high = np.percentile(sizes or [0], [50, 95])
            summary[f"{name}_median"], summary[f"{name}_p95"] = float(median), float(high)
        summary |= {"concepts_cut": self.num_cut, "samples_cut": self.num_samples_cut}
        return summary | ({"unlinked": self.unlinked.most_common(MOST_UNLINKED)} if self.with_words else {})


class CoverageReport:
    """Count the coverage of every split, and of every target and every language in it."""

    def __init__(self) -> None:
        self.splits: dict[str, Coverage] = defaultdict(lambda: Coverage(with_words=True))
        self.targets: dict[str, dict[str, Coverage]] = defaultdict(lambda: defaultdict(Coverage))
        self.languages: dict[str, dict[str, Coverage]] = defaultdict(lambda: defaultdict(Coverage))

    def add(self, split: str, tagged: Tagged) -> None:
        """Count one sample of a split."""
        self.splits[split].add(tagged)
        self.targets[split][tagged.sample.target].add(tagged)
        if language := tagged.sample.meta.get(LANGUAGE):
            self.languages[split][language].add(tagged)

    def plain(self) -> dict[str, Any]:
        """Return the report as plain values; the unlinked words stand with the splits alone."""
        report: dict[str, Any] = {}
        for split, coverage in self.splits.items():
            report[split] = {**coverage.plain(), "targets": _by_size(self.targets[split])}
            if split in self.languages:
                report[split]["languages"] = _by_size(self.languages[split])
        return report


def _by_size(parts: Mapping[str, Coverage]) -> dict[str, Any]:
    """Return the coverage of parts of a split, those of most samples first."""
    return {name: counted.plain() for name, counted in sorted(parts.items(), key=lambda item: -item[1].num_samples)}


def measure_coverage(files: Mapping[str, Path]) -> dict[str, Any]:
    """Return the coverage of graph corpora, by split, as ``CoverageReport.plain`` has it."""
    report = CoverageReport()
    for split, path in files.items():
        for tagged in read_graph_corpus(path):
            report.add(split, tagged)
    return report.plain()


def print_coverage(report: Mapping[str, Any], num_targets: int = 8) -> None:
    """Print a report: one table of splits with their most frequent targets, and the most frequent unlinked words."""
    table = Table(
        title="coverage (concepts, edges: median/95th percentile)",
        title_justify="left",
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
    )
    table.add_column("split, target", overflow="ellipsis", no_wrap=True, max_width=21)
    for column in ("n", "target", "part", "text", "bridge", "concepts", "edges", "cut"):
        table.add_column(column, justify="right", no_wrap=True)
    for split, said in report.items():
        table.add_section()
        table.add_row(split, *_cells(said), style="bold")
        for language, counted in said.get("languages", {}).items():
            table.add_row(visible(f"  language {language}"), *_cells(counted))
        for target, counted in list(said["targets"].items())[:num_targets]:
            table.add_row(visible(f"  {target}"), *_cells(counted))
    console = Console()
    console.print(table)
    for split, said in report.items():
        words = ", ".join(f"{word} ({count})" for word, count in said["unlinked"][:15])
        console.print(visible(f"{split}: most frequent unlinked words: {words or 'none'}"))


def _cells(said: Mapping[str, Any]) -> list[str]:
    """Return the cells of a row of the table, but for the first."""
    shares = [f"{100 * said[name]:.0f}%" for name in FOUND]
    sizes = [f"{said[f'{name}_median']:.0f}/{said[f'{name}_p95']:.0f}" for name in SIZES]
    return [str(said["num_samples"]), *shares, *sizes, str(said["concepts_cut"])]
