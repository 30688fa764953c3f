"""Files going out: to the bot by its link, to the chat page by the file's own number."""

from aiohttp import web

from sandbox import errors
from sandbox.api.answers import Answer, refusal
from sandbox.api.outages import play, reset
from sandbox.errors import ApiError
from sandbox.telegram.world import World

_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


class Downloads:
    def __init__(self, world: World) -> None:
        self.world = world

    async def for_bot(self, request: web.Request) -> web.StreamResponse:
        """`/file/bot<token>/<file_path>`, while the link is good (docs, File); a fault's method is "file"."""
        if not self.world.network_up:
            return reset(request)
        bot = self.world.bot_for(request.match_info["token"], known_only=True)
        if bot is None:
            return refusal(ApiError(401, errors.UNAUTHORIZED)).response()
        file = self.world.files.open(bot, request.match_info["path"], self.world.clock.wall())
        entry = self.world.journal.open(self.world.clock.wall(), "file", bot.username, request.match_info["path"])
        answer = refusal(ApiError(404, "Not Found")) if file is None else Answer(200, file.data)
        fault = self.world.faults.match("file", None)
        if fault is not None:
            entry.fault = fault.action
            return await play(self.world, request, fault, entry, lambda: _return_answer(answer))
        entry.status = answer.status
        self.world.tell_journal(entry)
        if file is None:
            return answer.response()
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def for_page(self, request: web.Request) -> web.StreamResponse:
        """Pictures are shown, anything else is saved."""
        file = self.world.files.stored.get(request.match_info["unique_id"])
        if file is None:
            raise web.HTTPNotFound
        if file.content_type in _SHOWN:
            return web.Response(body=file.data, content_type=file.content_type, headers=_SAFE)
        headers = _SAFE | {"Content-Disposition": "attachment"}
        return web.Response(body=file.data, content_type="application/octet-stream", headers=headers)


async def _return_answer(answer: Answer) -> Answer:
    return answer
