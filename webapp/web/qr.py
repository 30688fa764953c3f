"""QR codes."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG: presentation attributes only, since our policy allows no style."""
    if not text:
        return Markup("")
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", nl=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 drawn by segno of our own link
