"""A report as a LaTeX table that every engine sets, with no package but booktabs."""

import unicodedata
from collections.abc import Iterator

from gatbert.evaluation.report_record import Report
from gatbert.evaluation.shown import COMPARISON, comparison_cells

ESCAPES = {
    "\\": r"\textbackslash{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"${character}$" for character in "<>|"},
    '"': "''",
    "\N{FRACTION SLASH}": "/",
    "\N{MINUS SIGN}": "$-$",
}

COMMANDS = """
ß ss æ ae Æ AE œ oe Œ OE ø o Ø O ł l Ł L ı i – textendash — textemdash ‘ textquoteleft ’ textquoteright … ldots † dag
“ textquotedblleft ” textquotedblright
"""  # noqa: RUF001

MATH_COMMANDS = """
α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma
ς varsigma τ tau υ upsilon φ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi
Ψ Psi Ω Omega × times ± pm · cdot → rightarrow ← leftarrow ≤ leq ≥ geq ≠ neq ≈ approx ∞ infty
"""  # noqa: RUF001


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = iter(text.split())
    return zip(words, words, strict=True)


LETTERS = {
    **ESCAPES,
    **{letter: rf"\{name}{{}}" for letter, name in _pairs(COMMANDS)},
    **{letter: rf"\ensuremath{{\{name}}}" for letter, name in _pairs(MATH_COMMANDS)},
}

ACCENTS = {
    unicodedata.lookup(f"COMBINING {name}"): accent
    for name, accent in {
        "GRAVE ACCENT": "`",
        "ACUTE ACCENT": "'",
        "CIRCUMFLEX ACCENT": "^",
        "TILDE": "~",
        "DIAERESIS": '"',
        "MACRON": "=",
        "DOT ABOVE": ".",
        "BREVE": "u",
        "CARON": "v",
        "DOUBLE ACUTE ACCENT": "H",
        "RING ABOVE": "r",
        "CEDILLA": "c",
        "DOT BELOW": "d",
    }.items()
}


def latex_table(report: Report) -> str:
    """Return the scores of each group as a table for the package booktabs, in percent, the best of each column bold."""
    names = report.scores
    # As they are shown: what rounds to the best is as good.
    means = {name: max(round(100 * group.scores[name].mean, 1) for group in report.groups) for name in names}
    lines = [
        f"% {report.num_samples} samples of {report.split}; mean and standard deviation over seeds, in percent",
        "% Needs the package booktabs. Greek and accented letters are commands, and letters of other scripts their",
        "% numbers (U+4E2D), so that pdfLaTeX sets them, too; characters without a shape are left out.",
        r"\begin{tabular}{l" + "r" * len(names) + "}",
        r"\toprule",
        " & ".join(["", *(latex(name.replace("_", " ")) for name in names)]) + r" \\",
        r"\midrule",
    ]
    for group in report.groups:
        cells = []
        for name in names:
            score = group.scores[name]
            mean = f"{100 * score.mean:.1f}"
            shown = rf"\textbf{{{mean}}}" if float(mean) == means[name] else mean
            cells.append(shown if score.std is None else rf"{shown} $\pm$ {100 * score.std:.1f}")
        lines.append(" & ".join([_first_cell(group.name), *cells]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def latex_comparisons(report: Report) -> str:
    """Return the comparisons in the main score as a table for the package booktabs, with a rule between families."""
    lines = [
        f"% Differences in {latex(report.main_score)} in points; p corrected by Holm in each family, * if both < 0.05",
        *(f"% {latex(sentence)}" for sentence in report.about_comparisons),
        r"\begin{tabular}{ll" + "r" * len(COMPARISON) + "}",
        r"\toprule",
        " & ".join(map(latex, ["", "", *COMPARISON])) + r" \\",
    ]
    family = ""
    for row in report.main_comparisons:
        if row.family != family:
            lines.append(r"\midrule")
        family = row.family
        cells = [latex(cell.replace("-", "\N{MINUS SIGN}")) for cell in comparison_cells(row)]
        lines.append(" & ".join([_first_cell(row.first), latex(row.second), *cells]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _first_cell(text: str) -> str:
    name = latex(text)
    # What ends the line before, \\ or \midrule, would take a bracket or a star for its own.
    return "{}" + name if name.startswith(("[", "*")) else name


def latex(text: str) -> str:
    """Return a text in ASCII that any LaTeX sets: what means something to it is escaped.

    Control characters and others without a shape go; line breaks become blanks.
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", " ".join(text.split()))))


def _letter(letter: str) -> str:
    """Return a letter in ASCII: as it is, by its command, as its base with an accent, or by its number."""
    if letter in LETTERS:
        return LETTERS[letter]
    if letter.isascii() and letter.isprintable():
        return letter
    base, *rest = list(unicodedata.normalize("NFKD", letter))
    if rest and rest[0] in ACCENTS and base.isalpha():
        return rf"\{ACCENTS[rest[0]]}{{{base}}}" if base.isascii() else _letter(base)
    if base != letter:  # a ligature, a fraction
        parts = [_letter(part) for part in (base, *rest)]
        if not any(part.startswith("U+") for part in parts):
            return "".join(parts)
    return "" if unicodedata.category(letter)[0] in "CMZ" else f"U+{ord(letter):04X}"
