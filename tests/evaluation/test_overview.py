"""An overview has the main scores of every report, by the folder in which it lies."""

from dataclasses import replace

from gatbert.evaluation.overview import overview
from gatbert.evaluation.report import build_report
from tests.evaluation.made import groups


def test_every_report_has_its_place_and_its_main_scores() -> None:
    first = build_report(groups([0.5, 0.7], 90), "test", "accuracy", [])
    second = replace(build_report(groups([0.6], 30), "test", "accuracy", []), test_set="taxes", files=["taxes.csv"])
    found = overview({"one": first, "two": second}, ["a note"])
    assert [place.folder for place in found.test_sets] == ["one", "two"]
    assert [place.num_samples for place in found.test_sets] == [90, 30]
    assert found.test_sets[0].groups == {row.name: row.scores["accuracy"] for row in first.groups}
    assert (found.test_sets[1].test_set, found.test_sets[1].files) == ("taxes", ["taxes.csv"])
    assert (found.split, found.main_score, found.notes, found.created) == (
        "test",
        "accuracy",
        ["a note"],
        first.created,
    )
