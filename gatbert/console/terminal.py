"""What is shown on the terminal: the progress of long commands, and what others wrote, never obeyed."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text


def visible(text: object) -> Text:
    """Return a text for ``rich`` whose markup is text, and whose control characters are seen by their codes."""
    letters = (letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(text))
    return Text("".join(letters))


class Steps:
    """Show one bar for each step of a command, as its name first comes up."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description:<28}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        self._bars = Progress(*columns, console=Console(stderr=True))
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Steps":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, step: str, done: float) -> None:
        """Say that a share of a step is done, 0 to 1."""
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(str(visible(step)), total=1.0)
        self._bars.update(self._tasks[step], completed=min(1.0, done))
