"""Processes that tag: this one, or several that each have the graph open."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.build import build_tagger
from gatbert.tagging.tagger import CHUNK, Tagger


@contextmanager
def tagging_processes(
    tagger: Tagger, info: GraphCorpusInfo, num_workers: int
) -> Iterator[Callable[[Sequence[Sample]], Iterator[Tagged]]]:
    """Give the function that tags samples, in their order, until it is left.

    Args:
        tagger: Tags them; its graph travels to a worker as a path.
        info: From which a worker builds the same tagger; what is wrong with it was said when this one was built.
        num_workers: Processes that tag; with 0, this one does.
    """
    if num_workers == 0:
        yield tagger.tag_all
        return
    # Spawned, not forked: a forked child inherits the locks of torch's threads.
    with multiprocessing.get_context("spawn").Pool(num_workers, _start_worker, (info, tagger.graph)) as pool:
        yield lambda samples: chain.from_iterable(
            pool.imap(_tag_in_worker, (samples[start : start + CHUNK] for start in range(0, len(samples), CHUNK)))
        )


_worker: list[Tagger] = []
"""The tagger of this process, if it is a worker: the samples alone travel to it."""


def _start_worker(info: GraphCorpusInfo, graph: KnowledgeGraph) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which then ends the workers
    _worker.append(build_tagger(info, graph))


def _tag_in_worker(samples: Sequence[Sample]) -> list[Tagged]:
    return list(_worker[0].tag_all(samples))
