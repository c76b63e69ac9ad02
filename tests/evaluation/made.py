"""A made report with its samples, as large as one likes."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report import Group, build_report
from gatbert.evaluation.report_record import Report
from gatbert.samples.stances import STANCES

Cells = npt.NDArray[np.int64]

HOSTILE = "</script><script>window.broken = true</script> <b>bold</b> & \u2028"


def made_predictions(random: np.random.Generator, num_samples: int, skill: float) -> Predictions:
    """Return predictions that are right with a probability; golds, targets and flags are the same each time."""
    index = np.arange(num_samples)
    gold = index % 3
    predicted = np.where(random.random(num_samples) < skill, gold, (gold + 1 + index % 2) % 3)
    sure = 0.4 + 0.6 * random.random(num_samples)
    probabilities = np.repeat(((1 - sure) / 2)[:, None], 3, axis=1)
    probabilities[index, predicted] = sure
    return Predictions(
        STANCES,
        np.array([f"p{number}" for number in index]),
        np.array(["zoos", "wind power", "taxes"])[index // 3 % 3],
        gold,
        predicted,
        probabilities,
        {"irony": np.array(["yes", "no"])[index % 2]},
    )


@cache
def made_report(num_samples: int = 300) -> Report:
    """Return a report over two groups of three runs and a baseline without probabilities."""
    random = np.random.default_rng(0)
    groups = [
        Group(name, [made_predictions(random, num_samples, skill) for _ in range(3)])
        for name, skill in (("Hybrid <b>bold</b>", 0.8), ("Text", 0.6))
    ]
    return build_report(groups, "test", "macro_f1", ["A note on </script>."])


def made_samples(num_samples: int = 300, explained: bool = False) -> dict[str, Any]:
    """Return samples with graphs for the explorer; the first text is hostile."""
    graphs = list(generate(SyntheticSettings(num_texts=min(num_samples, 300) // 3, hops=2)))
    random = np.random.default_rng(0)
    predictions = {name: made_predictions(random, num_samples, skill) for name, skill in (("A", 0.8), ("B", 0.6))}
    first = predictions["A"]
    texts = [HOSTILE, *(f"{graphs[i % len(graphs)].text} Post number {i}." for i in range(1, num_samples))]
    samples: dict[str, Any] = {
        "ids": first.ids.tolist(),
        "texts": texts,
        "targets": {"values": ["zoos", "wind power", "taxes"], "index": [i // 3 % 3 for i in range(num_samples)]},
        "gold": first.gold.tolist(),
        "stances": list(STANCES),
        "flags": {"irony": {"values": ["yes", "no"], "index": [i % 2 for i in range(num_samples)]}},
        "predictions": [
            {
                "group": name,
                "predicted": found.predicted.tolist(),
                "probabilities": np.rint(1000 * np.asarray(found.probabilities)).astype(int).tolist(),
            }
            for name, found in predictions.items()
        ],
        "relations": RELATIONS.labels(),
        "graphs": [
            {
                "words": list(graph.words),
                "num_target_words": graph.num_target_words,
                "concepts": list(graph.concepts) if index != 1 else [],
                "edges": graph.edges.T.tolist() if index != 1 else [],
            }
            for index, graph in enumerate(graphs)
        ]
        + [None] * (num_samples - len(graphs)),
        "no_graphs": None,
    }
    if explained:
        samples["explanations"] = [
            {
                "predicted": int(first.predicted[index]),
                "words": [
                    {
                        "text": word,
                        "in_target": place < graph.num_target_words,
                        "scores": {"leave_one_out": 1.0 - place, "attention_mass": 0.1 * place},
                    }
                    for place, word in enumerate(graph.words)
                ],
                "concepts": [
                    {"text": concept, "scores": {"leave_one_out": 0.5 * place, "attention_mass": 0.0}}
                    for place, concept in enumerate(graph.concepts)
                ],
            }
            for index, graph in enumerate(graphs)
        ]
    return samples


def groups(skills: list[float], num_samples: int = 600, name: str = "group") -> list[Group]:
    random = np.random.default_rng(0)
    return [
        Group(f"{name} {number}", [made_predictions(random, num_samples, skill)]) for number, skill in enumerate(skills)
    ]


def made_cells(
    random: np.random.Generator, skills: tuple[float, ...], num_samples: int = 200, seed_std: float = 0.0
) -> Cells:
    """Return cells of runs that are right with a probability of their own, on samples of different difficulty."""
    gold = random.integers(3, size=num_samples)
    easiness = random.normal(0, 1.5, num_samples)
    runs = []
    for skill in skills:
        right = random.random(num_samples) < 1 / (1 + np.exp(-(skill + random.normal(0, seed_std) + easiness)))
        wrong = (gold + random.integers(1, 3, num_samples)) % 3
        runs.append(3 * gold + np.where(right, gold, wrong))
    return np.stack(runs)
