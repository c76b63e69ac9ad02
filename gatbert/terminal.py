"""What others wrote, on the terminal: shown as it stands, never obeyed."""

from rich.text import Text


def visible(text: object) -> Text:
    """Return a text for ``rich`` whose markup is text, and whose control characters are seen by their codes."""
    letters = (letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(text))
    return Text("".join(letters))
