"""What callbacks may monitor."""

from collections.abc import Iterable, Sequence

from lightning.pytorch import Callback

from gatbert.errors import UserError


def check_monitors(callbacks: Iterable[Callback], logged: Sequence[str]) -> None:
    """Refuse callbacks that monitor what is never logged, or in the wrong direction.

    Args:
        callbacks: Those of a trainer.
        logged: Names of all that is logged; of a loss, less is better, of all else, more.

    Raises:
        UserError: With the callback, and what it may monitor.
    """
    for callback in callbacks:
        monitor, mode = getattr(callback, "monitor", None), getattr(callback, "mode", None)
        if monitor is None:
            continue
        name = type(callback).__name__
        better = "min" if monitor.endswith("_loss") else "max"
        if monitor not in logged:
            raise UserError(f"{name} monitors {monitor!r}, which is never logged; logged are {', '.join(logged)}")
        if mode != better:
            raise UserError(f"{name} monitors {monitor!r} with mode {mode!r}; its mode is {better!r}")
