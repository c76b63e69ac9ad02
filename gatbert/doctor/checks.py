"""All checks, in the order in which they are made; what they have in common is how they are told."""

from collections.abc import Iterator

from gatbert.cli.quiet import silence
from gatbert.console.given_files import check_files
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.data import look_at_data, look_at_graph
from gatbert.doctor.device import look_at_device, look_at_precision
from gatbert.doctor.encoder import look_at_encoders
from gatbert.doctor.findings import Check, Finding
from gatbert.doctor.room import look_at_cache, look_at_output
from gatbert.doctor.slurm import look_at_slurm
from gatbert.doctor.training import look_at_training
from gatbert.doctor.workers import look_at_workers


def look_at_files(run: AskedRun) -> Iterator[Finding]:
    """Look for the files among the arguments; whether all is well is told by the next check."""
    check_files(run.args)
    yield from ()


def look_at_arguments(run: AskedRun) -> Iterator[Finding]:
    """Parse the arguments as the run would."""
    classifier = run.config.classifier.rpartition(".")[2]
    yield Finding("ok", f"{run.command} of {classifier}, {run.config.data.class_path.rpartition('.')[2]}")


STAGES = (
    (Check("files", look_at_files),),
    (Check("arguments", look_at_arguments),),
    (
        Check("device", look_at_device),
        Check("precision", look_at_precision),
        Check("encoder", look_at_encoders),
        Check("data", look_at_data),
        Check("graph", look_at_graph),
        Check("save_dir", look_at_output),
        Check("cache", look_at_cache),
        Check("slurm", look_at_slurm),
        Check("workers", look_at_workers),
    ),
    (Check("training", look_at_training),),
)
"""A stage is looked at if those before it have no fault: it leans on what they have found to be well."""


def examine(run: AskedRun) -> Iterator[tuple[str, Finding]]:
    """Yield what all checks find of a run, each with the name of the check."""
    for stage in STAGES:
        found = []
        for check in stage:
            with silence():
                findings = check.findings(run)
            found += findings
            yield from ((check.name, finding) for finding in findings)
        if any(finding.state == "fault" for finding in found):
            return
