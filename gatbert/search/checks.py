"""What a search is asked to try, checked before the first trial starts."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from gatbert.errors import UserError
from gatbert.evaluation.scores import metric_names
from gatbert.grid.configs import resolved_configs
from gatbert.samples.stances import STANCES
from gatbert.search.record import SearchRecord

OWN = {
    r"trainer\.logger(\..+)?|checkpoint\.dirpath": "each trial has a folder of its own",
    r"checkpoint\.(monitor|mode)": "--score gives it",
    r"ckpt_path": "an unfinished trial goes on from its own checkpoint",
    r"seed_everything": "a seed that is lucky on validation is no better setting; --seeds trains the best with several",
    r"data\.(init_args\.)?test": "no trial reads test",
    r"config|print_config": "it is no option of a training",
}
"""Options that are no matter of chance, each with the reason."""


def check_search(record: SearchRecord, where: str) -> dict[str, Any]:
    """Look at arguments, space and score of a search; the ends of all ranges and all choices are tried.

    Args:
        record: What the search is asked for.
        where: Name of the space file, for messages.

    Returns:
        The configuration of its trials.

    Raises:
        UserError: With the first mistake.
    """
    for name in record.space:
        for pattern, reason in OWN.items():
            if re.fullmatch(pattern, name):
                raise UserError(f"{where}: {name} cannot be searched: {reason}")
    first, *others = resolved_configs([[*record.grid.arguments, *flags] for flags in _probes(record)])
    if isinstance(first, UserError):
        raise first
    for found in others:
        if isinstance(found, UserError):
            raise UserError(f"{where}: {found}") from found
        _check_whole_numbers(record, yaml.safe_load(found), where)
    config: dict[str, Any] = yaml.safe_load(first)
    _check_score(record.score, _data_options(config).get("stances") or STANCES)
    return config


def names_test_files(config: Mapping[str, Any]) -> bool:
    """Tell whether the data of a configuration name files of test."""
    return bool(_data_options(config).get("test"))


def _probes(record: SearchRecord) -> list[list[str]]:
    """Return no flags, and then such that each value that is to be checked is among some."""
    count = max(len(dimension.probes) for dimension in record.space.values())
    return [
        [],
        *(
            [
                word
                for name, dimension in record.space.items()
                for word in (f"--{name}", _word(dimension.probes[number % len(dimension.probes)]))
            ]
            for number in range(count)
        ),
    ]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _check_whole_numbers(record: SearchRecord, config: Mapping[str, Any], where: str) -> None:
    """Refuse a range from 0 to 1 for an option that takes fractions: it would be 0 or 1, and nothing between."""
    for name, dimension in record.space.items():
        found: Any = config
        for part in re.sub(r"^data\.(?!init_args)", "data.init_args.", name).split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if dimension.is_whole and dimension.step is None and isinstance(found, float):
            raise UserError(
                f"{where}: {name} takes fractions, and {dimension.low} to {dimension.high} are whole numbers; give "
                f"{float(dimension.low or 0)} and {float(dimension.high or 0)}, or step: 1"
            )


def _check_score(score: str, stances: Sequence[str]) -> None:
    names = ["val_loss", *(f"val_{name}" for name in metric_names(stances))]
    if score not in names:
        raise UserError(f"--score {score} is never logged; logged are {', '.join(names)}")


def _data_options(config: Mapping[str, Any]) -> Mapping[str, Any]:
    data = config.get("data")
    options = data.get("init_args") if isinstance(data, Mapping) else None
    return options if isinstance(options, Mapping) else {}
