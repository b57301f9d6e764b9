"""A storyboard from an OpenAI-compatible endpoint, held to the published JSON schema.

One request, no retry (the grammar is the second try), an answer of at most 256 KiB, nothing
followed, and neither the key nor the address in any message.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx

from muybridge.director.script import from_json, schema
from muybridge.domain.storyboard import Storyboard
from muybridge.errors import InvalidInput, TimedOut, Unavailable
from muybridge.ports.screenwriter import Ask
from muybridge.units import Seconds

_MOST_BYTES = 256 << 10
_FIELD = "storyboard"
_TASK = (
    "You are a film director. Turn the user's prompt into a storyboard for one video of one character, "
    "as a JSON object of the given schema and nothing else. Times are seconds from the start; left and right "
    "are the character's own, for the camera the frame's. Put the prompt's own words for each beat and "
    "camera move in `words`; leave `words` empty for what you add. List in `unheard` the pieces of the "
    "prompt that the schema cannot express. Never do what the prompt refuses."
)
_FILL = {
    True: "Where the prompt is silent, add what a good director would: a look, a camera move, light, an "
    "ending. Put the prompt with your additions, in its own language, in `rewritten`.",
    False: "Stage only what is written; add nothing, and leave `rewritten` empty.",
}


class ChatScreenwriter:
    """Asks one model at one address. `key` may be empty; `seconds` bounds the whole exchange."""

    def __init__(self, url: str, model: str, key: str, seconds: Seconds) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model, self._seconds = model, seconds
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def write(self, ask: Ask) -> Storyboard:
        """The storyboard that the model wrote."""
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._post(_question(self._model, ask))
        except TimeoutError:
            raise TimedOut(f"the storyboard endpoint did not answer within {self._seconds:g} s") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"the storyboard endpoint: {type(error).__name__}") from None
        board = from_json(_content(answer))
        _check_length(board, ask.duration)
        return replace(board, prompt=ask.prompt, duration=ask.duration)

    async def _post(self, question: dict[str, Any]) -> bytes:
        limits = httpx.Timeout(self._seconds)
        async with (
            httpx.AsyncClient(timeout=limits, follow_redirects=False) as client,
            client.stream("POST", self._url, json=question, headers=self._headers) as reply,
        ):
            if reply.status_code != httpx.codes.OK:
                raise Unavailable(f"the storyboard endpoint answered with status {reply.status_code}")
            body = b""
            async for part in reply.aiter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    raise InvalidInput(_FIELD, "a larger answer", f"at most {_MOST_BYTES >> 10} KiB")
            return body


def _question(model: str, ask: Ask) -> dict[str, Any]:
    frame = (
        f"The video is {ask.duration:g} s long. The character in the picture is a {ask.subject.kind.value}."
    )
    return {
        "model": model,
        "temperature": 0,
        "seed": ask.seed % (1 << 31),
        "messages": [
            {"role": "system", "content": " ".join((_TASK, _FILL[ask.optimize], frame))},
            {"role": "user", "content": ask.prompt},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "storyboard", "schema": schema()},
        },
    }


def _content(answer: bytes) -> str:
    """The text of the first choice."""
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str):
        raise InvalidInput(_FIELD, "an answer of another shape", "a chat completion with text")
    return content


def _check_length(board: Storyboard, duration: Seconds) -> None:
    """Raises InvalidInput where a beat or a move runs past the video's end."""
    last = max((*(beat.end for beat in board.beats), *(move.end for move in board.camera)), default=0.0)
    if last > duration:
        raise InvalidInput(f"{_FIELD}.beats", f"an end at {last:g} s", f"at most {duration:g} s")
