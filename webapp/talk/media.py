"""Files of orders, for signed-in staff only, by number: no address holds a path that could be forged.

The bytes are a stranger's. They are served only as the type that was sniffed, as a separate document that may not run,
load or reach anything.
"""

from __future__ import annotations

import io
import logging
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from sqlalchemy.orm import Session

from common.errors import NotFound
from common.media import kept_files
from common.media.kept_files import KeptFile
from common.media.media_store import Directory
from webapp.web.access import signed_in
from webapp.web.context import desk

log = logging.getLogger(__name__)

blueprint = Blueprint("media", __name__, url_prefix="/media")
CACHE_SECONDS = 30 * 86_400  # seconds a browser may keep it: the content of a number never changes
POLICY = "default-src 'none'; sandbox"
SAVED = frozenset({"application/pdf"})  # saved and never shown: a document can hold scripts and links


@blueprint.get("/<id:media_id>")
@signed_in
def original(media_id: int) -> Response:
    """A file of an order, as it was sent."""
    with desk().database.read() as session:
        digest, media_type = _find_kept(session, media_id)
        if _is_cached(digest):
            return _add_cache_headers(Response(status=304), digest)
        body = kept_files.body(session, digest)
    place: io.BytesIO | Path = Directory(desk().settings.media_dir).path(digest) if body is None else io.BytesIO(body)
    try:
        return _file_response(place, media_type, digest, f"{media_id}.{kept_files.EXTENSIONS[media_type]}")
    except FileNotFoundError:
        log.error("File %d is not in MEDIA_DIR: do daemon and desk see the same directory?", media_id)
        raise NotFound("media", media_id) from None


@blueprint.get("/<id:media_id>/thumbnail")
@signed_in
def thumbnail(media_id: int) -> Response:
    """A photo of an order, small."""
    with desk().database.read() as session:
        digest, _type = _find_kept(session, media_id)
        tag = f"{digest}-small"
        if _is_cached(tag):
            return _add_cache_headers(Response(status=304), tag)
        small = kept_files.thumbnail(session, digest)
    if small is None:
        raise NotFound("thumbnail", media_id)
    return _file_response(io.BytesIO(small), "image/jpeg", tag, f"{media_id}-small.jpg")


def _find_kept(session: Session, media_id: int) -> KeptFile:
    """Raises: NotFound: there is no such file, or its type is never served."""
    found = kept_files.find(session, media_id)
    if found is None or found.type not in kept_files.EXTENSIONS:
        raise NotFound("media", media_id)
    return found


def _is_cached(tag: str) -> bool:
    """Whether the browser has it already: then its bytes are not read."""
    return request.if_none_match.contains(tag)


def _file_response(place: io.BytesIO | Path, media_type: str, tag: str, name: str) -> Response:
    """The whole file, or the requested range: a voice note can be played from its middle.

    Raises: FileNotFoundError.
    """
    answer = send_file(
        place,
        media_type,
        as_attachment=media_type in SAVED,
        download_name=name,
        conditional=True,
        etag=tag,
        max_age=CACHE_SECONDS,
    )
    return _add_cache_headers(answer, tag)


def _add_cache_headers(answer: Response, tag: str) -> Response:
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
