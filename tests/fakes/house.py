"""The whole API in this process, standing on fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from fakes.clock import FakeClock
from fakes.fetcher import FakeFetcher
from fakes.file_store import FakeFileStore
from fakes.key_store import FakeKeyStore
from fakes.orchestrator import FakeOrchestrator
from fakes.pictures import data_url, picture
from fakes.task_store import FakeTaskStore
from muybridge.api.app import make_app, make_pages
from muybridge.api.parts import Parts
from muybridge.domain.key import Terms
from muybridge.domain.model_card import ModelCard
from muybridge.service.cancel import Cancel
from muybridge.service.files import Files
from muybridge.service.keys import Keyring, Keys, NewKey
from muybridge.service.links import Links
from muybridge.service.query import Query
from muybridge.service.readiness import Readiness
from muybridge.service.submit import Stores, Submit
from muybridge.service.watch import Watch
from muybridge.settings import Settings

OFFER = {
    "S2V-01": ModelCard("puppet", "Acts.", takes=("subject_reference", "first_frame_image")),
    "I2V-01": ModelCard("puppet", "Acts.", takes=("subject_reference", "first_frame_image")),
}
URL = "http://testserver"


def request(image: str | None = None, **changes: Any) -> dict[str, Any]:
    """The documented create request, with changes."""
    reference = [{"type": "character", "image": [image or data_url(picture())]}]
    return {"model": "S2V-01", "prompt": "She smiles.", "subject_reference": reference} | changes


@dataclass
class House:
    """The app's client and everything behind it."""

    client: httpx.AsyncClient
    keys: Keys
    key: NewKey
    app: Any
    pages: Any
    parts: Parts
    tasks: FakeTaskStore = field(default_factory=FakeTaskStore)
    files: FakeFileStore = field(default_factory=FakeFileStore)
    fetcher: FakeFetcher = field(default_factory=FakeFetcher)
    orchestrator: FakeOrchestrator = field(default_factory=FakeOrchestrator)
    clock: FakeClock = field(default_factory=FakeClock)

    async def create(self, body: Any, **headers: str) -> dict[str, Any]:
        return (await self.client.post("/v1/video_generation", json=body, headers=headers)).json()

    async def query(self, task_id: str) -> dict[str, Any]:
        params = {"task_id": task_id}
        return (await self.client.get("/v1/query/video_generation", params=params)).json()

    def close(self) -> None:
        self.parts.submit.close()

    async def other_key(self, terms: Terms | None = None) -> dict[str, str]:
        made = await self.keys.create("other", terms)
        return {"Authorization": f"Bearer {made.secret}"}


async def build(settings: Settings) -> House:
    tasks, files, keys, clock = FakeTaskStore(), FakeFileStore(), FakeKeyStore(), FakeClock()
    fetcher, orchestrator = FakeFetcher(), FakeOrchestrator()
    links = Links(b"secret", clock)
    parts = Parts(
        Keyring(keys, clock),
        Submit(Stores(tasks, files), fetcher, orchestrator, clock, OFFER),
        Query(tasks),
        Cancel(tasks, orchestrator, clock),
        Watch(tasks, orchestrator, clock),
        Files(files, tasks, links, clock),
        Readiness(tasks, orchestrator),
    )
    app = make_app(parts, settings)
    pages = make_pages(parts, settings)
    key = await Keys(keys, clock).create("mine")
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url=URL,
        headers={"Authorization": f"Bearer {key.secret}"},
    )
    return House(
        client, Keys(keys, clock), key, app, pages, parts, tasks, files, fetcher, orchestrator, clock
    )
