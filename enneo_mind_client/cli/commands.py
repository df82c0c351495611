"""The list of commands: each is one file with one function, added here by one line."""

from typing import Annotated

import typer

from enneo_mind_client._version import __version__
from enneo_mind_client.cli import serve

commands = typer.Typer(
    help="Read an Enneo Mind instance, or stand in for one.", no_args_is_help=True, add_completion=False
)


@commands.callback()
def enneo_mind(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Read an Enneo Mind instance, or stand in for one."""
    if version:
        typer.echo(f"enneo-mind-client {__version__}")
        raise typer.Exit


commands.command()(serve.serve)


def run() -> None:
    """Run the command that the arguments name."""
    commands(prog_name="enneo-mind")
