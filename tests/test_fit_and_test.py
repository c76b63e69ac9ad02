"""python -m gatbert.fit_and_test is the command of that name."""

import subprocess
import sys

from tests.command_line import FIRST_LINE, package_environment


def test_module_fit_and_test_takes_the_same_arguments() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-m", *command, *FIRST_LINE, "--print_config"],
            capture_output=True,
            text=True,
            check=True,
            env=package_environment(),
        ).stdout
        for command in (["gatbert.fit_and_test"], ["gatbert", "fit_and_test"])
    ]
    assert runs[0] == runs[1]
