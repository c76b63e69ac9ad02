"""What a user names as a model: a run folder, a checkpoint, an exported folder, or one on the hub."""

import re
from pathlib import Path

from gatbert.errors import UserError
from gatbert.evaluation.run_record import RECORD, best_checkpoint
from gatbert.files.paths import resolve
from gatbert.pretrained.hub import first_line

HUB_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def checkpoint_of(source: str | Path) -> Path:
    """Return the checkpoint, or exported folder, that a source names.

    Args:
        source: A run folder, which stands for the checkpoint that validation chose, else for its last one; any other
            file or folder; or, where nothing lies there, the id of an export on the hub of Hugging Face.

    Raises:
        UserError: If there is none, or it cannot be fetched.
    """
    path = resolve(source)
    if (path / RECORD).is_file():
        return best_checkpoint(path)
    if path.exists():
        return path
    # A path below a folder that is there is a slip, and nothing to look for elsewhere.
    if HUB_ID.fullmatch(str(source)) and path.suffix != ".ckpt" and not path.parent.is_dir():
        return _fetched(str(source))
    raise UserError(
        f"there is no model {path}; accepted are a run folder, a checkpoint (.ckpt), an exported folder, and the id of "
        "an export on the hub, such as OWNER/NAME"
    )


def _fetched(name: str) -> Path:
    """Return the folder of an export on the hub, in the cache of Hugging Face."""
    from huggingface_hub import snapshot_download  # nobody else needs it

    try:
        return Path(snapshot_download(name))
    except Exception as error:  # of the hub, of the network, or of the disk: they have no base in common
        raise UserError(
            f"there is no folder {name}, and the model {name} cannot be fetched from the hub of Hugging Face "
            f"({first_line(error)}); give a path, or load it once where there is a network"
        ) from error
