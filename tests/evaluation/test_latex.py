"""Tables for LaTeX, whatever the names of groups."""

import re
from dataclasses import replace

import pytest

from gatbert.evaluation.latex import latex, latex_comparisons, latex_table
from gatbert.evaluation.report import build_report
from tests.evaluation.made import groups


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("[bold] a", "{}[bold] a & "),
        ("* a", "{}* a & "),
        ("π of é ß ő Ā½", r"\ensuremath{\pi} of \'{e} \ss{} \H{o} \={A}1/2 & "),
        ("a\x07b\x1b[31m\u200b\u202e\nc\u2028d", "ab[31m c d & "),
        ("中 😀", "U+4E2D U+1F600 & "),
        ('<a> "b" \N{EN DASH} x|y', r"$<$a$>$ ''b'' \textendash{} x$|$y & "),
        ("50% & $x_1^2$ #~{}\\\\", r"50\% \& \$x\_1\textasciicircum{}2\$ \#\textasciitilde{}\{\}"),
    ],
)
def test_any_name_stands_in_a_latex_table(name: str, written: str) -> None:
    (group,) = groups([0.5], 90)
    table = latex_table(build_report([replace(group, name=name)], "test", "accuracy", []))
    assert table.isascii()
    (row,) = [line for line in table.splitlines() if line.startswith(written)]
    assert row.endswith(r" \\")
    assert len(re.findall(r"(?<!\\)&", row)) == 3
    assert all(line.isprintable() for line in table.splitlines())


def test_comparisons_stand_in_a_latex_table() -> None:
    (first, second), (_, baseline) = groups([0.5, 0.9], 300, "[a] & b"), groups([0.5, 0.4], 300, "c")
    report = build_report([first, second, replace(baseline, baseline=True)], "test", "accuracy", [])
    table = latex_comparisons(report)
    assert table.isascii()
    assert table.count(r"\midrule") == 2, "a rule above each family"
    rows = [line for line in table.splitlines() if line.startswith(r"{}[a] \& b 0 & ")]
    assert [line.count("&") for line in rows] == [10, 9]
    assert rf"$-${100 * abs(report.main_comparisons[0].difference):.1f}* & $-$" in rows[0]
    assert r"\% of experiments" in table.split(r"\begin{tabular}")[0]


def test_no_letter_is_left_to_latex() -> None:
    for code in (*range(0x3100), *range(0xA000, 0xA700), *range(0xE000, 0x10000, 7), *range(0x1F000, 0x1FB00)):
        written = latex(f"x{chr(code)}x")
        assert written.isascii(), hex(code)
        assert written.isprintable(), hex(code)
