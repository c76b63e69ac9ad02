"""The configurations that some command lines of ``fit_and_test`` come to: JSON from standard input to standard output.

``gatbert.grid.configs`` starts it in a process of its own, as it loads torch, once for all of them.
"""

import contextlib
import io
import json
import sys

from gatbert.cli.parsed_cli import ParsedCLI


def _resolved(command_line: list[str]) -> tuple[str, str]:
    """Return the configuration of a command line, or why it is refused."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return ParsedCLI(["fit_and_test", *command_line]).resolved, ""
        except Exception as error:  # whatever it is, it would end the run
            return "", " ".join(str(error).split())


if __name__ == "__main__":
    print(json.dumps([_resolved(command_line) for command_line in json.load(sys.stdin)]))  # noqa: T201
