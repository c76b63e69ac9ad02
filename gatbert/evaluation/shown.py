"""Numbers as they are shown: a difference always says which way it goes."""


def percent(value: float, sign: bool = False) -> str:
    """Return a share in percent, with one decimal; a difference with its sign, and 0 without any."""
    if value == 0:
        return "0.0"
    return f"{100 * value:+.1f}" if sign else f"{100 * value:.1f}"


def p_value(value: float) -> str:
    """Return a p value with three decimals."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def signed(value: float) -> str:
    """Return a difference with three decimals and its sign, and 0 without any."""
    return "0.000" if value == 0 else f"{value:+.3f}"


def moves(difference: float) -> str:
    """Return in words which way something goes, and how far: ``rises by 0.012``."""
    if difference == 0:
        return "does not change"
    far = f"{abs(difference):.3f}" if abs(difference) >= 0.0005 else "less than 0.001"
    return f"{'rises' if difference > 0 else 'falls'} by {far}"


def plain(text: str) -> str:
    """Return a text in one line, without what a terminal would take for a command."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
