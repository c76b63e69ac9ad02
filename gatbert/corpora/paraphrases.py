"""Other wordings of targets, from a file of the user's own."""

from collections.abc import Mapping

from gatbert.errors import UserError
from gatbert.files.documents import read_yaml
from gatbert.files.paths import resolve


def read_paraphrases(path: str) -> Mapping[str, str]:
    """Read a YAML or JSON file with another wording of each target: ``{target: wording}``.

    Raises:
        UserError: If it is missing or damaged, or holds anything else.
    """
    file = resolve(path)
    found = read_yaml(file)
    if not isinstance(found, dict) or not found:
        raise UserError(f"{file} holds no wordings of targets; accepted is a mapping, a line TARGET: WORDING each")
    for target, wording in found.items():
        if not isinstance(target, str) or not isinstance(wording, str) or not wording.strip():
            raise UserError(f"{file}: {target!r}: {wording!r} is no wording of a target; put both in quotation marks")
    return found
