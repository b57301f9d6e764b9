"""Speaking to a Temporal server, ours or a cluster's; the connection heals by itself once made."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from muybridge.errors import Unavailable
from muybridge.units import Seconds

_PROBE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Temporal server is (`host:port`), and how to be let in."""

    target: str
    namespace: str = "default"
    api_key: str = ""
    tls: bool = False


async def connect(
    address: Address, *, identity: str | None = None, within: Seconds = Seconds(30.0)
) -> Client:
    """A connected client; keeps trying for a while where the server is not up yet.

    Raises:
        Unavailable: no such server within that time, or it has no such namespace.
    """
    deadline = time.monotonic() + within
    wait = 0.05
    while True:
        try:
            client = await _connect(address, identity)
            await _see_namespace(client)
            return client
        except (RPCError, RuntimeError) as error:  # the SDK raises RuntimeError for no connection
            if time.monotonic() + wait > deadline:
                raise Unavailable(f"no Temporal server at {address.target}: {error}") from error
        await asyncio.sleep(wait)
        wait = min(wait * 1.5, 2.0)


async def answers(address: Address) -> bool:
    """Whether a server is there, with the namespace; waits 2 s at most and never raises."""
    try:
        await asyncio.wait_for(_see_namespace(await _connect(address, None)), 2.0)
    except (RPCError, RuntimeError, TimeoutError):
        return False
    return True


async def connect_later(address: Address) -> Client:
    """A client that connects with its first call, so that the server may be away just now."""
    return await _connect(address, None, lazy=True)


async def _connect(address: Address, identity: str | None, *, lazy: bool = False) -> Client:
    return await Client.connect(
        address.target,
        namespace=address.namespace,
        api_key=address.api_key or None,
        tls=address.tls or None,
        data_converter=pydantic_data_converter,
        identity=identity,
        lazy=lazy,
        connect_timeout=_PROBE,
    )


async def _see_namespace(client: Client) -> None:
    # a server answers before its namespace is there, and a worker that starts then fails
    request = DescribeNamespaceRequest(namespace=client.namespace)
    await client.workflow_service.describe_namespace(request, retry=False, timeout=_PROBE)
