"""Which numbers the arguments of libraries accept, where they themselves would train on, or end in a traceback."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from gatbert.ranges import Count, NonNegativeFloat, PositiveFloat, PositiveInt, Range, Seed, check_range

EndlessOrSome = Annotated[int, Range(least=1, also=-1)]

LIMITS: Mapping[str, Any] = MappingProxyType(
    {
        "seed_everything": Seed,
        "trainer.max_epochs": EndlessOrSome,
        "trainer.max_steps": EndlessOrSome,
        "trainer.min_epochs": Count,
        "trainer.min_steps": Count,
        "trainer.accumulate_grad_batches": PositiveInt,
        "trainer.check_val_every_n_epoch": PositiveInt,
        "trainer.gradient_clip_val": NonNegativeFloat,
        "trainer.log_every_n_steps": Count,
        "trainer.num_nodes": PositiveInt,
        "trainer.limit_train_batches": PositiveFloat,
        "trainer.limit_test_batches": PositiveFloat,
        "trainer.limit_predict_batches": PositiveFloat,
        "early_stopping.patience": Count,
        "early_stopping.min_delta": NonNegativeFloat,
        "checkpoint.save_top_k": Annotated[int, Range(least=-1)],
        "checkpoint.every_n_epochs": PositiveInt,
        "checkpoint.every_n_train_steps": PositiveInt,
    }
)


def check_limits(config: Any) -> None:
    """Refuse numbers that Lightning's arguments cannot mean.

    Args:
        config: Parsed arguments of one command, by dotted name.

    Raises:
        UserError: ``--NAME VALUE is not accepted; accepted is RANGE``.
    """
    for name, limit in LIMITS.items():
        check_range(f"--{name}", limit, config.get(name))
