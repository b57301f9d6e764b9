"""`muybridge serve`: the API, the durable tasks behind it and a worker, kept running together.

Three processes: this one answers requests and watches over the other two, a Temporal server (none
where the address of one is given) and a worker. Each of them, and the engine's process below the
worker, may die: it is started again, and its tasks go on. They all end with this one.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from muybridge.adapters.folder_lock import FolderLock
from muybridge.cli import logs
from muybridge.cli.server import Server
from muybridge.errors import InvalidInput
from muybridge.settings import Settings

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def serve(  # noqa: PLR0913, PLR0917  # a command line has an argument for each option
    host: Annotated[str | None, typer.Option(help="Where to listen.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0 takes a free one.", show_default="8000")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    engine: Annotated[str | None, typer.Option(help="The engine that serves S2V-01.")] = None,
    temporal_address: Annotated[
        str | None, typer.Option(help="Join this Temporal server, host:port, and start none.")
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="What download URLs start with.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="A certificate in PEM; serves https.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key in PEM.")] = None,
    rehearsal: Annotated[
        bool | None, typer.Option("--rehearsal", help="Obey [[rehearse ...]] in prompts, for tests.")
    ] = None,
) -> None:
    """Start the server: the API, its durable tasks and a worker."""
    given = {"host": host, "port": port, "data": data, "engine": engine, "public_url": public_url}
    joined = {"address": temporal_address} if temporal_address else None
    files = {"tls_cert": tls_cert, "tls_key": tls_key}
    settings = Settings.load(**given, **files, temporal=joined, rehearsal=rehearsal)
    logs.set_up(settings.log_level)
    _check_tls(settings.tls_cert, settings.tls_key)
    lock = FolderLock(settings.data)
    lock.take()
    with _listen(settings.host, settings.port) as door:
        uvloop.run(Server(_open_to_itself(settings)).run(door))
    lock.drop()
    sys.stdout.flush()
    os._exit(0)  # the Temporal client's threads do not always survive an interpreter's end


def _check_tls(certificate: Path | None, key: Path | None) -> None:
    """Raises InvalidInput before anything is started, where TLS is asked for and cannot be had."""
    if certificate is None and key is None:
        return
    if certificate is None:
        raise InvalidInput("--tls-cert", "nothing beside --tls-key", "the certificate of that key, in PEM")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:  # of what is no PEM too: that is an ssl.SSLError
        got = f"{certificate} with {key or 'no key of its own'} ({error.strerror or error})"
        allowed = "a certificate and its key in PEM that can be read"
        raise InvalidInput("--tls-cert, --tls-key", got, allowed) from error


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is started; raises InvalidInput where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        got = f"{host} port {port} ({error.strerror or error})"
        raise InvalidInput(
            "--host, --port", got, "an address of this machine and a free port; 0 takes one"
        ) from error


def _open_to_itself(settings: Settings) -> Settings:
    """A server that only this machine can reach may itself reach this machine."""
    try:
        alone = ip_address(settings.host).is_loopback
    except ValueError:
        alone = settings.host == "localhost"
    if not alone:
        return settings
    allow = tuple(dict.fromkeys((*settings.fetch.allow, *_LOOPBACK)))
    return settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"allow": allow})})
