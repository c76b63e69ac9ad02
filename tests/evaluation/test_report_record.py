"""A report is plain values: JSON has a word for each, and they come back as the same report."""

import json

from gatbert.evaluation.report_record import FORMAT_VERSION, Overview, Report
from gatbert.files.records import to_plain
from gatbert.version import __version__
from tests.evaluation.made import made_report


def test_a_report_is_json_without_numbers_that_are_none() -> None:
    report = made_report(60)
    assert isinstance(report, Report)
    plain = to_plain(report)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert (plain["format_version"], plain["gatbert"]) == (FORMAT_VERSION, __version__)
    assert {len(row) for group in plain["groups"] for row in group["confusion"]} == {len(plain["stances"])}


def test_reports_and_overviews_say_which_version_made_them_and_when() -> None:
    for kind in (Report, Overview):
        fields = kind.__dataclass_fields__
        assert {"format_version", "created", "gatbert"} <= set(fields)
