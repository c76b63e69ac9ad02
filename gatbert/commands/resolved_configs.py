"""The configurations that some command lines come to, in a process of its own: it loads torch, once for all of them."""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Sequence

from gatbert.errors import UserError


def resolved_configs(command_lines: Sequence[Sequence[str]]) -> list[str | UserError]:
    """Return the resolved configuration of each command line of ``fit_and_test``, or why it is refused."""
    command = [sys.executable, "-m", "gatbert.commands.resolved_configs"]
    done = subprocess.run(command, input=json.dumps(command_lines), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise RuntimeError(f"the configurations could not be checked:\n{done.stderr}")
    return [UserError(error) if error else config for config, error in json.loads(done.stdout.splitlines()[-1])]


def _resolved(command_line: list[str]) -> tuple[str, str]:
    from gatbert.cli import main

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            main(["fit_and_test", *command_line, "--print_config"])
        except SystemExit:
            pass
        except Exception as error:  # whatever it is, it would end the run
            return "", " ".join(str(error).split())
    return printed.getvalue(), ""


if __name__ == "__main__":
    print(json.dumps([_resolved(command_line) for command_line in json.load(sys.stdin)]))  # noqa: T201
