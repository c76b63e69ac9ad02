"""A command line of training that is read and checked, and builds nothing until it is told to."""

from collections.abc import Sequence

from gatbert.cli.custom_cli import CustomCLI


class ParsedCLI(CustomCLI):
    """Read and check a command line as ``CustomCLI`` does; its ``config`` is then known, and nothing is built.

    Args:
        args: A command and its arguments.

    Raises:
        UserError: If there is no such command, or an argument of it is wrong.
    """

    def __init__(self, args: Sequence[str]) -> None:
        super().__init__(args, run=False)

    def instantiate_classes(self) -> None:
        """Build nothing yet."""

    def build(self) -> None:
        """Build trainer, model and data as the command would have them.

        Raises:
            UserError: If the command would refuse them.
        """
        super().instantiate_classes()

    @property
    def resolved(self) -> str:
        """The whole configuration as YAML, but for what is null."""
        return str(self.parser.dump(self.config))
