"""The Files API, and the signed links that it hands out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from muybridge.api.answers import answer, error_answer
from muybridge.api.base_url import BaseUrl
from muybridge.api.bodies import parse, read_body, read_upload
from muybridge.api.openapi import UPLOAD, body_of, parameter
from muybridge.api.parts import Parts
from muybridge.api.ranges import serve
from muybridge.errors import InvalidInput, InvalidPicture
from muybridge.service.links import PREFIX
from muybridge.settings import Settings
from muybridge.wire.answers import Answer, DeleteAnswer, FileAnswer, FileListAnswer, FileObject
from muybridge.wire.requests import DeleteRequest

_FILE_ID = parameter("file_id", "query", "as the query gave it")
_PURPOSE = parameter("purpose", "query", "only files of this purpose", required=False)
_BYTES = {"description": "the bytes", "content": {"video/mp4": {}, "image/png": {}, "application/json": {}}}


def routes(parts: Parts, settings: Settings) -> APIRouter:
    """The routes under /v1/files and the download links."""
    router = APIRouter(tags=["files"])
    files = parts.files
    base_url = BaseUrl(settings.public_url, settings.api.trusted_proxies)

    @router.get(
        "/v1/files/retrieve",
        summary="Describe a file",
        responses={200: {"model": FileAnswer | Answer}},
        openapi_extra={"parameters": [_FILE_ID]},
    )
    async def retrieve(request: Request) -> Response:
        """Describe one file, with a fresh download URL."""
        key = await parts.owner(request)
        file = await files.retrieve(key, request.query_params.get("file_id"))
        return answer(FileAnswer(file=FileObject.of(file, base_url.of(request) + files.links.path(file))))

    @router.get(
        "/v1/files/retrieve_content",
        summary="Download a file with a key",
        responses={200: _BYTES, 206: _BYTES, 304: {}, 416: {}},
        openapi_extra={"parameters": [_FILE_ID]},
    )
    async def retrieve_content(request: Request) -> Response:
        """Send the bytes; Range and ETag are understood."""
        key = await parts.owner(request)
        file = await files.retrieve(key, request.query_params.get("file_id"))
        return serve(request, files.store, file)

    @router.get(
        "/v1/files/list",
        summary="List files",
        responses={200: {"model": FileListAnswer | Answer}},
        openapi_extra={"parameters": [_PURPOSE]},
    )
    async def list_files(request: Request) -> Response:
        """List the key's files, the newest first."""
        key = await parts.owner(request)
        found = await files.list(key, request.query_params.get("purpose"))
        return answer(FileListAnswer(files=[FileObject.of(file) for file in found]))

    @router.post(
        "/v1/files/delete",
        summary="Delete a file",
        responses={200: {"model": DeleteAnswer | Answer}},
        openapi_extra=body_of(DeleteRequest),
    )
    async def delete(request: Request) -> Response:
        """Delete one file for good."""
        key = await parts.owner(request)
        wanted = await parse(await read_body(request), DeleteRequest.read)
        file = await files.delete(key, wanted.file_id, wanted.purpose)
        return answer(DeleteAnswer(file_id=int(file.file_id)))

    @router.post(
        "/v1/files/upload",
        summary="Upload a picture",
        responses={200: {"model": FileAnswer | Answer}, 400: {"model": Answer}},
        openapi_extra=UPLOAD,
    )
    async def upload(request: Request) -> Response:
        """Keep a picture; its file_id can stand for it in create requests."""
        key = await parts.owner(request)
        purpose, filename, raw = await read_upload(request, settings.limit.upload_mib << 20)
        try:
            file = await files.upload(key, purpose, filename, raw)
        except InvalidPicture as bad_media:
            return error_answer(request.url.path, bad_media, 400)
        return answer(FileAnswer(file=FileObject.of(file)))

    @router.api_route(PREFIX + "/{file_id}/{filename}", methods=["GET", "HEAD"], include_in_schema=False)
    async def download(request: Request) -> Response:
        """Send the bytes to whoever holds a signed link."""
        file_id = request.path_params["file_id"]
        asked = request.query_params
        try:
            files.links.check(file_id, asked.get("expires", ""), asked.get("signature", ""))
        except InvalidInput as refused:
            return error_answer(request.url.path, refused, 403)
        file = await files.store.get(file_id)
        if file is None:
            gone = InvalidInput("file_id", file_id, "a file that is still kept")
            return error_answer(request.url.path, gone, 404)
        return serve(request, files.store, file)

    return router
