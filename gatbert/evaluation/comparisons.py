"""The comparisons of a report: which differences are shown, which could have been, and what that does not say."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from gatbert.evaluation.power import POWER, Design
from gatbert.evaluation.report_record import ComparisonRow, Family
from gatbert.evaluation.shown import percent
from gatbert.evaluation.significance import ALPHA, Bootstrap, Comparison, holm

Step = Callable[[str, float], None]
Pair = tuple[str, str]
Places = Mapping[str, Sequence[int]]
Compared = Mapping[Pair, Mapping[str, Comparison]]

WANTED = 0.02
"""The difference whose price in seeds is told."""

GROUPS, BASELINES = "groups", "baselines"
"""Families: of groups with each other, as planned, and of groups with baselines."""


def compare_pairs(
    bootstrap: Bootstrap, places: Places, pairs: Sequence[Pair], progress: Step
) -> dict[Pair, dict[str, Comparison]]:
    """Compare groups in every score: the same samples are exchanged for each.

    Args:
        bootstrap: The drawn samples of all runs.
        places: Positions of the runs of each group.
        pairs: Names of the groups to compare.
        progress: Called with the name of the step and the share of it that is done.
    """
    found = {}
    for number, (first, second) in enumerate(pairs):
        progress("comparisons", number / len(pairs))
        found[first, second] = bootstrap.compare(places[first], places[second])
    progress("comparisons", 1.0)
    return found


def comparison_rows(
    compared: Compared, families: Mapping[str, Sequence[Pair]], scores: Sequence[str]
) -> list[ComparisonRow]:
    """Return the comparisons by score and family; the p values of a family in one score are corrected together."""
    rows = []
    for score in scores:
        for family, pairs in families.items():
            of_pairs = [compared[pair][score] for pair in pairs]
            by_bootstrap = holm([one.p_bootstrap for one in of_pairs])
            by_randomisation = holm([one.p_randomisation for one in of_pairs])
            rows += [
                _row(score, family, pair, one, corrected, ALPHA / len(pairs))
                for pair, one, *corrected in zip(pairs, of_pairs, by_bootstrap, by_randomisation, strict=True)
            ]
    return rows


def _row(
    score: str, family: str, pair: Pair, compared: Comparison, corrected: Sequence[float], level: float
) -> ComparisonRow:
    """Return what was compared as one flat row, and what it could have found at a level of significance."""
    design = compared.design
    endless, seeds = _with_more_seeds(design, family, level)
    return ComparisonRow(
        score=score,
        family=family,
        first=pair[0],
        second=pair[1],
        difference=compared.difference,
        low=compared.low,
        high=compared.high,
        seed_std=design.seed_std,
        effect_size=compared.effect_size,
        p_bootstrap=compared.p_bootstrap,
        p_randomisation=compared.p_randomisation,
        p_bootstrap_holm=corrected[0],
        p_randomisation_holm=corrected[1],
        significant=max(corrected) < ALPHA,
        detectable=design.detectable(level),
        detectable_with_endless_seeds=endless,
        seeds_for_two_points=seeds,
    )


def _with_more_seeds(design: Design, family: str, level: float) -> tuple[float | None, int | None]:
    """Return what endless seeds find, and how many find two points; ``None`` where a group has a single seed."""
    if len(design.runs) < (1 if family == BASELINES else 2):
        return None, None
    return design.detectable_with_endless_seeds(level), design.seeds_for(WANTED, level)


def family_of(name: str, pairs: Sequence[Pair], compared: Compared, places: Places, score: str) -> Family:
    """Say how the p values of a family are corrected, and what its comparisons can find in one score."""
    others = "baselines, a family of their own" if name == BASELINES else "each other"
    count = "1 comparison" if len(pairs) == 1 else f"{len(pairs)} comparisons"
    how = "nothing to correct" if len(pairs) == 1 else "p values corrected together by Holm's method"
    # Of comparisons with as many seeds, the means of what varies are surer than each one's own.
    alike: dict[str, list[Design]] = {}
    for first, second in pairs:
        seeds = [len(places[group]) for group in (first, second)]
        shown = _seeds(seeds[:1] if name == BASELINES else seeds)
        alike.setdefault(shown, []).append(compared[first, second][score].design)
    found = [_power(f"With {seeds}", _mean(designs), name, len(pairs), score) for seeds, designs in alike.items()]
    return Family(name, len(pairs), ALPHA / len(pairs), [f"{count} of groups with {others}: {how}.", *found])


def caution(rows: Sequence[ComparisonRow]) -> list[str]:
    """Return what is to be remembered after some comparisons."""
    if all(row.significant for row in rows):
        return []
    return [
        "What is not significant is not shown to be equal: a true difference below the detectable one of its row is "
        f"missed in more than {100 - 100 * POWER:.0f} % of experiments."
    ]


def _seeds(counts: Sequence[int]) -> str:
    """Return how many seeds each group has: ``3 seeds``, ``3 seeds each``, ``3 and 5 seeds``, ``one seed each``."""
    if len(set(counts)) > 1:
        return f"{' and '.join(map(str, counts))} seeds"
    seeds = "one seed" if counts[0] == 1 else f"{counts[0]} seeds"
    return f"{seeds} each" if len(counts) > 1 else seeds


def _mean(designs: Sequence[Design]) -> Design:
    """Return the mean of what varies in comparisons with as many runs; estimates below 0 count as they are."""
    return Design(
        by_samples=fmean(one.by_samples for one in designs),
        by_own_samples=fmean(one.by_own_samples for one in designs),
        by_seeds=fmean(one.by_seeds for one in designs),
        runs=designs[0].runs,
    )


def _power(with_seeds: str, design: Design, family: str, num_comparisons: int, score: str) -> str:
    """Say which difference comparisons of so many seeds find, and what two points would take."""
    level, wanted = ALPHA / num_comparisons, f"{100 * WANTED:.0f} points"
    corrected = f", corrected for {num_comparisons} comparisons" if num_comparisons > 1 else ""
    least = design.detectable(level)
    what = f"a true difference of {percent(least)} points" if least < 1 else "no true difference, however large,"
    found = (
        f"{with_seeds}, {what} in {score} is found in "
        f"{100 * POWER:.0f} % of experiments (two-sided at {100 * ALPHA:.0f} %{corrected})"
    )
    endless, needed = _with_more_seeds(design, family, level)
    if endless is None:
        return f"{found}, as far as samples go: one seed does not tell what seeds do, or how many would find {wanted}."
    if needed is None:
        price = f"{wanted} would take more samples: on these, endless seeds would find {percent(endless)}"
    else:
        price = f"{wanted} would take {needed} seeds of each group"
    if design.seed_std:
        return f"{found}; {price}."
    return (
        f"{found}; {price}. In these runs seeds add nothing to the draw of samples: if that is chance, it takes more."
    )
