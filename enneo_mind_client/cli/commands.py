"""The list of commands: each is one file with one function, added here by one line."""

from typing import Annotated

import typer

from enneo_mind_client._version import __version__
from enneo_mind_client.cli import attachments, contract, doctor, export, serve, show
from enneo_mind_client.cli import list as listing
from enneo_mind_client.cli.output import whole_output

# Typer's own tracebacks show source and may show values: a token has no place on a screen.
commands = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"enneo-mind-client {__version__}")
        raise typer.Exit


@commands.callback()
def enneo_mind(
    _: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Read an Enneo Mind instance, or stand in for one."""


commands.command()(show.show)
commands.command("list")(listing.list_)
commands.command()(attachments.attachments)
commands.command()(export.export)
commands.command()(doctor.doctor)
commands.command()(contract.contract)
commands.command()(serve.serve)


def run() -> None:
    """Run the command that the arguments name."""
    with whole_output():
        commands(prog_name="enneo-mind")
