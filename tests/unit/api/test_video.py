from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from fakes.house import House, request
from fakes.pictures import data_url, picture
from muybridge.domain.key import Terms
from muybridge.domain.task import TaskState
from muybridge.ports.fetcher import Reply

RECEIVER = "http://127.0.0.1:8001/callback"


def echo(body: bytes) -> Reply:
    return Reply(200, json.dumps({"challenge": json.loads(body)["challenge"]}).encode())


def says(answer: dict[str, Any], code: int, *words: str) -> None:
    assert answer["base_resp"]["status_code"] == code, answer
    for word in words:
        assert word in answer["base_resp"]["status_msg"]


async def test_a_documented_request_becomes_a_task(house: House) -> None:
    response = await house.client.post("/v1/video_generation", json=request())
    answer = response.json()
    assert response.status_code == 200
    assert answer["base_resp"] == {"status_code": 0, "status_msg": "success"}
    assert re.fullmatch(r"[1-9]\d{14}", answer["task_id"])
    assert house.orchestrator.started == [answer["task_id"]]


async def test_the_picture_is_kept_as_a_file_byte_for_byte(house: House) -> None:
    raw = picture()
    task = house.tasks.tasks[(await house.create(request(data_url(raw))))["task_id"]]
    assert house.files.bytes[task.reference] == raw


async def test_a_task_keeps_what_was_asked(house: House) -> None:
    body = request(prompt="女孩", prompt_optimizer=False, aigc_watermark=True)
    task = house.tasks.tasks[(await house.create(body))["task_id"]]
    assert (task.prompt, task.prompt_optimizer, task.aigc_watermark) == ("女孩", False, True)
    assert (task.model, task.state, task.callback_url) == ("S2V-01", TaskState.PREPARING, None)


async def test_a_picture_url_is_kept_to_be_fetched_later(house: House) -> None:
    answer = await house.create(request("https://example.org/me.png"))
    assert house.tasks.tasks[answer["task_id"]].reference == "https://example.org/me.png"


async def test_a_picture_url_that_may_not_be_fetched_is_refused_at_once(house: House) -> None:
    house.fetcher.refused.add("http://169.254.169.254/latest")
    answer = await house.create(request("http://169.254.169.254/latest"))
    says(answer, 2013, "invalid params, subject_reference[0].image[0]", "not public")
    assert house.tasks.tasks == {}


async def test_an_uploaded_picture_stands_for_itself_by_its_file_id(house: House) -> None:
    files = {"file": ("me.png", picture(), "image/png")}
    sent = await house.client.post("/v1/files/upload", data={"purpose": "character"}, files=files)
    file_id = str(sent.json()["file"]["file_id"])
    answer = await house.create(request(file_id))
    assert house.tasks.tasks[answer["task_id"]].reference == file_id


async def test_anothers_uploaded_picture_is_as_unknown_as_none(house: House) -> None:
    files = {"file": ("me.png", picture(), "image/png")}
    other = await house.other_key()
    sent = await house.client.post(
        "/v1/files/upload", data={"purpose": "character"}, files=files, headers=other
    )
    theirs = await house.create(request(str(sent.json()["file"]["file_id"])))
    says(theirs, 2013, "uploaded picture of this key")
    says(await house.create(request("361721749176519")), 2013, "uploaded picture of this key")


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"<svg/>", "JPG, JPEG, PNG or WebP"),
        (b"", "JPG"),
        (picture((400, 300)), "short side above 300"),
        (picture((301, 800)), "aspect ratio"),
        (picture()[:200], "decoded"),
        (picture(kind="GIF"), "GIF"),
    ],
    ids=["svg", "empty", "small", "long", "cut", "gif"],
)
async def test_what_is_no_usable_picture_is_refused_and_nothing_is_kept(
    house: House, raw: bytes, word: str
) -> None:
    says(
        await house.create(request(data_url(raw))),
        2013,
        "invalid params, subject_reference[0].image[0]: got",
        word,
    )
    assert (house.tasks.tasks, house.files.rows, house.orchestrator.started) == ({}, {}, [])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_judged_by_its_bytes_whatever_its_label(house: House, kind: str) -> None:
    says(await house.create(request(data_url(picture(kind=kind)))), 0)


async def test_a_model_that_nothing_serves_is_told_which_are(house: House) -> None:
    says(await house.create(request(model="Sora")), 2013, 'model: got "Sora"', "one of S2V-01, I2V-01")


async def test_the_image_to_video_form_takes_a_first_frame(house: House) -> None:
    raw = picture()
    answer = await house.create({"model": "I2V-01", "first_frame_image": data_url(raw)})
    assert house.files.bytes[house.tasks.tasks[answer["task_id"]].reference] == raw


async def test_a_form_of_the_other_model_is_told_what_is_missing(house: House) -> None:
    says(
        await house.create(request(model="I2V-01")), 2013, "first_frame_image: got nothing (subject_reference"
    )
    says(
        await house.create({"model": "S2V-01", "first_frame_image": data_url(picture())}),
        2013,
        "subject_reference: got nothing (first_frame_image is not taken by S2V-01)",
    )
    says(
        await house.create({"model": "S2V-01"}),
        2013,
        "subject_reference: got nothing; allowed: required by S2V-01",
    )


async def test_the_wrong_type_has_its_prescribed_sentence(house: House) -> None:
    body = request()
    body["subject_reference"][0]["type"] = "person"
    answer = await house.create(body)
    assert answer["base_resp"]["status_msg"].startswith("invalid params, subject_reference must be character")


async def test_an_answered_challenge_makes_the_task(house: House) -> None:
    house.fetcher.receivers[RECEIVER] = echo
    answer = await house.create(request(callback_url=RECEIVER))
    assert house.tasks.tasks[answer["task_id"]].callback_url == RECEIVER
    ((url, body, headers),) = house.fetcher.posts
    assert (url, headers) == (RECEIVER, {"content-type": "application/json"})
    assert list(json.loads(body)) == ["challenge"]


@pytest.mark.parametrize(
    ("receiver", "word"),
    [
        (None, "no connection"),
        (lambda _: Reply(404, b""), "answered 404"),
        (lambda _: Reply(204, b""), "answered 204"),
        (lambda _: Reply(200, b"ok"), "not JSON"),
        (lambda _: Reply(200, b'{"status":"success"}'), "without challenge"),
        (lambda _: Reply(200, b'{"challenge":"x"}'), 'wrong challenge "x"'),
    ],
)
async def test_a_challenge_that_fails_makes_no_task_and_says_what_happened(
    house: House, receiver: Any, word: str
) -> None:
    if receiver:
        house.fetcher.receivers[RECEIVER] = receiver
    says(await house.create(request(callback_url=RECEIVER)), 2013, "invalid params, callback_url: got", word)
    assert (house.tasks.tasks, house.files.rows) == ({}, {})


async def test_a_task_waits_where_the_orchestrator_is_away(house: House) -> None:
    house.orchestrator.away = True
    answer = await house.create(request())
    says(answer, 0)
    assert house.tasks.tasks[answer["task_id"]].state is TaskState.PREPARING


async def test_a_query_shows_a_task_from_its_begin_to_its_end(house: House) -> None:
    task_id = (await house.create(request()))["task_id"]
    fresh = await house.query(task_id)
    assert fresh == {
        "task_id": task_id,
        "status": "Preparing",
        "file_id": "",
        "video_width": 0,
        "video_height": 0,
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    done = {"file_id": "361721749176519", "width": 1280, "height": 720}
    await house.tasks.move(task_id, TaskState.SUCCESS, house.clock.now(), **done)
    shown = await house.query(task_id)
    assert (shown["status"], shown["file_id"], shown["video_width"]) == ("Success", "361721749176519", 1280)


async def test_a_failed_task_has_a_code_of_its_own(house: House) -> None:
    task_id = (await house.create(request()))["task_id"]
    said = {"status_code": 1027, "status_msg": "output new_sensitive"}
    await house.tasks.move(task_id, TaskState.FAIL, house.clock.now(), **said)
    assert (await house.query(task_id))["base_resp"] == said


async def test_another_keys_task_is_as_unknown_as_none(house: House) -> None:
    mine = (await house.create(request()))["task_id"]
    house.client.headers.update(await house.other_key())
    theirs, none = await house.query(mine), await house.query("999999999999999")
    says(theirs, 2013, "the id of a task of this key")
    assert json.dumps(theirs).replace(mine, "999999999999999") == json.dumps(none)


@pytest.mark.parametrize(
    "query", ["", "?task_id=", "?task_id=abc", "?task_id=-1", "?task_id=%00", "?task_id=%FF"]
)
async def test_a_query_for_what_is_no_id_says_so(house: House, query: str) -> None:
    response = await house.client.get("/v1/query/video_generation" + query)
    assert response.status_code == 200
    says(response.json(), 2013, "invalid params, task_id: got")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 1004),
        ("", 1004),
        ("Bearer", 1004),
        ("Bearer   ", 1004),
        ("Bearer wrong", 2049),
        ("Bearer a b", 2049),
        ("Basic dXNlcjpwYXNz", 2049),
        ("Bearer " + "x" * 5000, 2049),
        ("Bearer \xff\xfe", 2049),
    ],
)
@pytest.mark.parametrize("path", ["/v1/query/video_generation?task_id=1", "/v1/files/list", "/v1/models"])
async def test_without_a_key_of_ours_nothing_opens(
    house: House, header: str | None, code: int, path: str
) -> None:
    del house.client.headers["authorization"]
    headers = {} if header is None else {b"authorization": header.encode("latin-1")}
    response = await house.client.get(path, headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 200
    says(response.json(), code, "login fail: Please carry" if code == 1004 else "invalid api key")


async def test_a_key_that_was_revoked_is_refused(house: House) -> None:
    await house.keys.revoke("mine")
    says(await house.create(request()), 2049, "invalid api key")


async def test_a_key_that_has_expired_is_refused(house: House) -> None:
    made = await house.keys.create("short", lifetime=60)  # type: ignore[arg-type]
    house.client.headers["Authorization"] = f"Bearer {made.secret}"
    says(await house.create(request()), 0)
    house.clock.time += 61
    says(await house.create(request()), 2049)


async def test_a_rotated_key_keeps_its_tasks(house: House) -> None:
    task_id = (await house.create(request()))["task_id"]
    rotated = await house.keys.rotate("mine")
    says(await house.query(task_id), 2049)
    house.client.headers["Authorization"] = f"Bearer {rotated.secret}"
    says(await house.query(task_id), 0)


@pytest.mark.parametrize(
    ("terms", "code", "words"),
    [
        (Terms(in_flight=1), 1002, "rate limit: at most 1 tasks of this key in flight"),
        (Terms(rate=1), 1002, "rate limit: at most 1 tasks a minute"),
        (Terms(allowance=1), 1008, "insufficient balance"),
    ],
)
async def test_a_limit_of_a_key_is_told_by_its_name(
    house: House, terms: Terms, code: int, words: str
) -> None:
    house.client.headers.update(await house.other_key(terms))
    says(await house.create(request()), 0)
    says(await house.create(request()), code, words)
    assert len(house.files.rows) == 1


async def test_the_same_idempotency_key_and_body_give_the_same_task(house: House) -> None:
    once = {"Idempotency-Key": "order-1"}
    first = await house.create(request(), **once)
    assert await house.create(request(), **once) == first
    assert len(house.tasks.tasks) == len(house.files.rows) == 1
    says(await house.create(request(prompt="Another."), **once), 2013, "invalid params, Idempotency-Key")


async def test_the_same_request_twice_at_once_makes_one_task_and_one_file(house: House) -> None:
    both = [house.create(request(), **{"Idempotency-Key": "order-1"}) for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first == second
    assert len(house.tasks.tasks) == len(house.files.rows) == 1


@pytest.mark.parametrize("name", ["", "x" * 256])
async def test_an_idempotency_key_that_is_none_is_refused(house: House, name: str) -> None:
    says(await house.create(request(), **{"Idempotency-Key": name}), 2013, "Idempotency-Key", "255 printable")


async def test_a_server_that_stops_takes_no_more_tasks(house: House) -> None:
    house.close()
    says(await house.create(request()), 1000, "unknown error")
    assert house.tasks.tasks == {}


async def test_models_are_listed_with_what_each_takes(house: House) -> None:
    answer = (await house.client.get("/v1/models")).json()
    assert [(one["id"], one["takes"]) for one in answer["data"]] == [
        ("S2V-01", ["subject_reference"]),
        ("I2V-01", ["first_frame_image"]),
    ]
