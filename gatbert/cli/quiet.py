"""What libraries say that does not apply here."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

from gatbert.pretrained.encoders import quiet_transformers

HINTS = (
    "does not have many workers",
    "could not find the monitored key",
    "exists and is not empty",
    "ckpt_path=.best.",
    "isinstance.treespec",
    "smaller than the logging interval",
)
"""Words of warnings of libraries that do not apply here, or that gatbert says itself."""

NOTICES = ("litlogger", "TPU available", "Loading `train_dataloader`")
"""Words of what Lightning says beside them."""


def quiet_libraries() -> None:
    """Silence hints that do not apply here; warnings about the user's own run stay."""
    quiet_transformers()
    logging.getLogger("lightning.pytorch.utilities.rank_zero").addFilter(_is_no_hint)
    # Where it is installed, transformers loads it for any training, and it names a package for faster 4 bits.
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    for hint in HINTS:
        warnings.filterwarnings("ignore", f".*{hint}")
    # sys.argv stays as it is: with several processes, Lightning starts the others by it.
    warnings.filterwarnings("ignore", ".*LightningCLI's args parameter")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="jsonargparse|lightning")


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Print nothing of what a run and its libraries say, for commands that only look at the run."""
    before = logging.root.manager.disable
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


def _is_no_hint(record: logging.LogRecord) -> bool:
    return not any(notice in record.getMessage() for notice in NOTICES)
