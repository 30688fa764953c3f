"""Reading a Bot API request: query, urlencoded, JSON and multipart, as the real server does."""

import msgspec
from aiohttp import BodyPartReader, web
from aiohttp.multipart import MultipartReader

from sandbox import errors
from sandbox.api.parameters import Parameters, Upload
from sandbox.errors import ApiError, bad_request
from sandbox.values import Json

MAX_BODY = 50 * 1024 * 1024  # uploads end at 50 MB; docs, "Sending files"


async def read_parameters(request: web.Request) -> Parameters:
    """An unreadable JSON body counts as missing: the real server goes on without it (td HttpReader.cpp:222)."""
    values: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Parameters(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    if kind == "application/json":
        return Parameters(values | decode_object(await request.read()))
    values.update((await request.post()).items())
    return Parameters(values)


def decode_object(body: bytes) -> Json:
    """The values unchanged; a null becomes the word "null", as in the server (td HttpReader.cpp:684-698)."""
    try:
        values = msgspec.json.decode(body, type=Json)
    except msgspec.MsgspecError:
        return {}
    return {name: "null" if value is None else value for name, value in values.items()}


async def _read_multipart(request: web.Request, values: Json) -> Parameters:
    files: dict[str, Upload] = {}
    size = 0
    reader = await request.multipart()
    async for part in reader:
        if isinstance(part, MultipartReader) or part is None:
            raise bad_request("nested multipart is not supported")
        data = bytes(await part.read(decode=True))
        size += len(data)
        if size > MAX_BODY:
            raise ApiError(413, errors.TOO_LARGE)
        _keep(part, data, values, files)
    return Parameters(values, files)


def _keep(part: BodyPartReader, data: bytes, values: Json, files: dict[str, Upload]) -> None:
    name = part.name or ""
    if part.filename is None:
        values[name] = data.decode("utf-8", "replace")
    else:
        kind = part.headers.get("Content-Type", "application/octet-stream")
        files[name] = Upload(part.filename, kind, data)
