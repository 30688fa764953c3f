"""Keeps the world in a directory: written when something changed, read back at the next start."""

import asyncio
import logging
import os
import time
from pathlib import Path

import msgspec

from sandbox.errors import SandboxRefusal
from sandbox.state import snapshot
from sandbox.telegram.world import World

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two writings, at least
SHARE = 20  # and as many times as long as the last one took


class Keeper:
    """Changes of the last second before a kill may be lost; a stop loses nothing."""

    def __init__(self, world: World, directory: Path) -> None:
        self.world = world
        self.directory = directory
        self._state = directory / "state.json"
        self._files = directory / "files"
        self._written: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._writing: asyncio.Future[None] | None = None

    def load(self) -> bool:
        """Read the saved world. Returns whether there was one. Raises SandboxRefusal when it cannot be read."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # webhook secrets are in there
        self._files.mkdir(exist_ok=True)
        if not self._state.exists():
            return False
        try:
            snapshot.restore(self.world, self._state.read_bytes(), self._read_file)
        except (msgspec.MsgspecError, ValueError) as error:
            raise SandboxRefusal(f"{self._state} cannot be read ({error}); move it away to begin anew") from error
        return True

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="keeper")

    async def _run(self) -> None:
        revision = 0
        while True:
            revision = await self.world.hub.changed(revision, 3600)
            begun = time.monotonic()
            try:
                await self.save()
            except OSError:
                logger.exception("Cannot write %s; trying again at the next change", self._state)
            await asyncio.sleep(max(PAUSE, SHARE * (time.monotonic() - begun)))

    async def save(self) -> None:
        """Write the world, one writing at a time: a cancelled one goes on in its thread, and the next waits for it."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        document = snapshot.take(self.world)
        fresh = {name: f.data for name, f in self.world.files.stored.items() if name not in self._written}
        self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, document, fresh))
        await asyncio.shield(self._writing)

    def _write(self, document: bytes, files: dict[str, bytes]) -> None:
        for unique_id, data in files.items():
            (self._files / snapshot.file_name(unique_id)).write_bytes(data)
            self._written.add(unique_id)
        draft = self._state.with_suffix(".new")
        draft.write_bytes(document)
        os.replace(draft, self._state)

    def _read_file(self, unique_id: str) -> bytes | None:
        path = self._files / snapshot.file_name(unique_id)
        if not path.exists():
            return None
        self._written.add(unique_id)
        return path.read_bytes()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.save()
