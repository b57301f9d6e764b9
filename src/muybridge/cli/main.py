"""`muybridge`: the one command, whose subcommands load only when they are called.

A subcommand is a module with either `app`, a typer app of its own commands, or a function of
the subcommand's name. Limits: what stands here in words is what `--help` shows of it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from muybridge.cli import text
from muybridge.errors import Cancelled, MuybridgeError

COMMANDS = {
    "generate": "Make one video from a picture and a sentence, without a server.",
    "serve": "Start the server: the API, its durable tasks and a worker.",
    "worker": "Start one more worker for a server's tasks.",
    "keys": "Create, list and revoke API keys.",
    "callbacks": "List what was told to callback addresses, and send it again.",
    "listen": "Start a receiver for development: answers challenges, prints events.",
    "engines": "Show the engines: what is here, what is ready, and what is missing.",
    "tasks": "List, show, cancel and retry every key's tasks.",
    "weights": "Pull, verify and list the model files.",
    "storyboard": "Show what would be acted for a prompt, without making it.",
    "doctor": "Say what works on this machine, and what to do about what does not.",
}


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The app, with only the called subcommand loaded; the others are there for `--help`."""
    app = typer.Typer(
        help="One picture of a character and one sentence in, a video of that very character out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_everywhere)
    called = next((argument for argument in arguments if not argument.startswith("-")), "")
    for name, line in COMMANDS.items():
        if name == called:
            _load(app, name, line)
        else:
            app.command(name, help=line)(_unloaded)
    return app


def main() -> None:
    """The entry point: run a command; an error becomes one text and its exit status."""
    arguments = sys.argv[1:]
    try:
        app_for(arguments)(args=arguments, prog_name="muybridge")
    except MuybridgeError as error:
        print(text.said(error), file=sys.stderr)  # noqa: T201  # this is where an error is said
        sys.exit(text.exit_status(error))
    except (Cancelled, KeyboardInterrupt):
        print("muybridge: called off", file=sys.stderr)  # noqa: T201  # as above
        sys.exit(text.CALLED_OFF)


def _load(app: typer.Typer, name: str, line: str) -> None:
    module = importlib.import_module(f"muybridge.cli.{name}")
    found: typer.Typer | Callable[..., Any] = getattr(module, "app", None) or getattr(module, name)
    if isinstance(found, typer.Typer):
        app.add_typer(found, name=name, help=line)
    else:
        app.command(name, help=line)(found)


def _unloaded() -> None:
    raise MuybridgeError("a subcommand was called that had not been loaded")


def _version(asked: bool) -> None:
    if asked:
        from muybridge import __version__

        typer.echo(f"muybridge {__version__}")
        raise typer.Exit


def _everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass
