"""A cluster in a folder: stand-ins for sbatch, module, conda and python, which write down how they were called."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SBATCH = """#!/usr/bin/env bash
script=$1; shift
cp "$script" "$SPOOL/slurm_script"
SLURM_JOB_ID=7 SLURM_JOB_NAME=gatbert SLURM_SUBMIT_DIR=$PWD SLURM_TMPDIR=$SPOOL bash "$SPOOL/slurm_script" "$@"
"""
CONDA = """#!/usr/bin/env bash
echo "conda $*" >>"$LOG"
[ "$1" = shell.bash ] && echo 'conda() { echo "conda $*" >>"$LOG"; [ "$2" != missing ]; }'
exit 0
"""
MODULE = """#!/usr/bin/env bash
echo "module $*" >>"$LOG"
"""
PYTHON = """#!/usr/bin/env bash
{ echo "python"; printf '  %s\\n' "$@"; } >>"$LOG"
case " $* " in *" gatbert doctor "*"${DOCTOR_FAILS_ON:-no such classifier}"*) exit 1 ;; esac
case " $* " in *" --print_config "* | *" gatbert doctor "*) exit 0 ;; esac
case " $* " in *"${FAIL_ON:-no such classifier}"*) exit 3 ;; esac
exit 0
"""


@dataclass
class Cluster:
    """A folder with a checkout, a spool, and stand-ins on the PATH."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def repo(self) -> Path:
        """The checkout."""
        return self.folder / "my repo"

    def sbatch(self, script: str, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Submit a script of slurm/, as its README says."""
        command = ["sbatch", f"slurm/{script}", *args]
        environment = {**self.environment, **variables}
        return subprocess.run(command, cwd=self.repo, env=environment, capture_output=True, text=True, check=False)

    def log(self) -> list[str]:
        """Return the lines of the log: every call of conda and module, and the arguments of every call of python."""
        return (self.folder / "log").read_text().splitlines()

    def runs(self) -> list[list[str]]:
        """Return the arguments of every call of python but those of gatbert doctor, in order."""
        return [call for call in self._calls() if "doctor" not in call]

    def examined(self) -> list[list[str]]:
        """Return the arguments of every call of gatbert doctor, in order."""
        return [call[3:] for call in self._calls() if call[:3] == ["-m", "gatbert", "doctor"]]

    def _calls(self) -> list[list[str]]:
        calls = re.split(r"^python$", (self.folder / "log").read_text(), flags=re.MULTILINE)[1:]
        return [[line[2:] for line in call.splitlines() if line.startswith("  ")] for call in calls]


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    """A cluster whose commands are stand-ins."""
    made = Cluster(tmp_path)
    commands = tmp_path / "bin"
    for folder in (commands, tmp_path / "spool", made.repo / "gatbert"):
        folder.mkdir(parents=True)
    for name, text in {"sbatch": SBATCH, "conda": CONDA, "module": MODULE, "python": PYTHON}.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    for name in ("slurm", "configs"):
        shutil.copytree(ROOT / name, made.repo / name)
    (made.repo / "gatbert" / "__init__.py").touch()
    made.environment = {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LOG": str(tmp_path / "log"),
        "SPOOL": str(tmp_path / "spool"),
    }
    return made
