"""``gatbert prefetch``: the encoders of a training, loaded into the cache where there is a network."""

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.run_arguments import parse_run_command
from gatbert.console.terminal import visible

ANY_DATA = ("--data", "SplitDataModule")
"""Stands before all that is given, and gives way to it: which encoders a run needs, its data do not decide."""


def prefetch(command: str, arguments: list[str]) -> None:
    """Load encoder and tokenizer of a training, and the encoder of definitions, into the cache of the hub.

    Args:
        command: fit or fit_and_test.
        arguments: Its arguments.

    Raises:
        UserError: If an encoder is on no hub, or the hub is out of reach.
    """
    from gatbert.cli.encoders import encoders_of
    from gatbert.cli.parsed_cli import ParsedCLI
    from gatbert.cli.quiet import silence
    from gatbert.files.paths import resolve
    from gatbert.pretrained.encoders import load_tokenizer
    from gatbert.pretrained.hub import fetch, is_cached, is_hub_id

    console = Console()
    with silence():
        config = ParsedCLI([command, *ANY_DATA, *arguments]).config
    for source in encoders_of(config):
        there = not is_hub_id(source)
        was_cached = not there and is_cached(source)
        place = resolve(source) if there else fetch(source)
        load_tokenizer(source)
        told = (
            "nothing is to be loaded, as it lies in" if there else "was in the cache" if was_cached else "was loaded to"
        )
        console.print(visible(f"{source}: {told} {place}"), soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    description = "Load the encoders of a training into the cache of the hub (HF_HOME), where there is a network."
    parser = CommandParser("prefetch", description, files=False)
    _, command, arguments = parse_run_command(parser, args)
    prefetch(command, arguments)
