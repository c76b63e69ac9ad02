"""What is said of the reports on several test sets together."""

from collections.abc import Mapping, Sequence

from gatbert.evaluation.report_record import Overview, Report, ReportPlace


def overview(reports: Mapping[str, Report], notes: Sequence[str]) -> Overview:
    """Return what is said of several reports together.

    Args:
        reports: The reports, by the folder in which each lies.
        notes: Sentences for the reader.
    """
    first = next(iter(reports.values()))
    places = [
        ReportPlace(
            folder=folder,
            test_set=report.test_set,
            files=report.files,
            num_samples=report.num_samples,
            groups={group.name: group.scores[report.main_score] for group in report.groups},
        )
        for folder, report in reports.items()
    ]
    # One command made them all: what holds of the first holds of each.
    return Overview(
        created=first.created, split=first.split, main_score=first.main_score, notes=notes, test_sets=places
    )
