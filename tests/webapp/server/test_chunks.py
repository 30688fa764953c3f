"""The chunked coding: however it is cut into pieces, the same body comes out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.server.chunks import ChunkDecoder


@given(chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=8), cuts=st.lists(st.integers(1, 20)))
def test_however_it_is_cut_the_body_is_the_same_and_the_next_request_is_left(
    chunks: list[bytes], cuts: list[int]
) -> None:
    wire = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nX: y\r\n\r\nGET"
    decoder, buffer, body = ChunkDecoder(), bytearray(), b""
    for size in (*cuts, len(wire)):
        buffer += wire[:size]
        wire = wire[size:]
        body += decoder.decode(buffer)
    assert (body, decoder.done, bytes(buffer)) == (b"".join(chunks), True, b"GET")
