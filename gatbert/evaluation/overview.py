"""What is said of the reports on several test sets together."""

from collections.abc import Mapping, Sequence

from gatbert.evaluation.layout import FORMAT_VERSION, Overview, Report


def overview(reports: Mapping[str, Report], notes: Sequence[str]) -> Overview:
    """Return what is said of several reports together.

    Args:
        reports: The reports, by the folder in which each lies.
        notes: Sentences for the reader.
    """
    first = next(iter(reports.values()))
    return {
        "format_version": FORMAT_VERSION,
        "created": first["created"],
        "gatbert": first["gatbert"],
        "split": first["split"],
        "main_score": first["main_score"],
        "notes": list(notes),
        "test_sets": [
            {
                "folder": folder,
                "test_set": found["test_set"],
                "files": found["files"],
                "num_samples": found["num_samples"],
                "groups": {group["name"]: group["scores"][found["main_score"]] for group in found["groups"]},
            }
            for folder, found in reports.items()
        ],
    }
