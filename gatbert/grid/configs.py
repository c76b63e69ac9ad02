"""The configurations of the runs of a grid, checked before the first of them starts."""

import json
import subprocess
import sys
from collections.abc import Sequence

from gatbert.errors import UserError


def resolved_configs(command_lines: Sequence[Sequence[str]]) -> list[str | UserError]:
    """Return the resolved configuration of each command line of ``fit_and_test``, or why it is refused."""
    command = [sys.executable, "-m", "gatbert.cli.resolved_configs"]
    done = subprocess.run(command, input=json.dumps(command_lines), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise RuntimeError(f"the configurations could not be checked:\n{done.stderr}")
    return [UserError(error) if error else config for config, error in json.loads(done.stdout.splitlines()[-1])]
