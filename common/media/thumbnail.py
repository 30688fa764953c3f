"""Turns a picture on standard input into a smaller JPEG on standard output. It runs as a separate process, by its path.

Its one argument is the longest allowed side in pixels. Pictures are the only untrusted bytes that we feed to a big
library. So the process holds no secret, has little memory and time, and may crash: `opener` reads its exit code, or the
way it died, as the outcome. It imports none of our modules.
"""

from __future__ import annotations

import io
import sys
import warnings

from PIL import Image

RESIZABLE = ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr")
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
QUALITY = 80
DRAFT = 960  # pixels a side at least, from which a JPEG is made smaller: twice a thumbnail
# Pixels. A decoded one takes 4 bytes, and so does a copy. A baseline JPEG, as cameras make it, is decoded at a smaller
# size at once. A progressive one is collected whole before. WebP's own decoder keeps a copy of its own.
MOST_OF_A_JPEG = 110_000_000
MOST_PIXELS = {"JPEG": 12_600_000, "PNG": 12_600_000, "GIF": 12_600_000, "WEBP": 6_500_000}
MEMORY, SECONDS = 256 << 20, 10  # address space in bytes, of which some 160 MB are used at most; processor time

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
DAMAGED, TOO_MANY_PIXELS = 3, 4


class TooManyPixels(Exception):
    """Small as a file, huge once decoded."""


def make_thumbnail(body: bytes, side: int) -> bytes:
    """The first frame, upright, at most so many pixels a side, with pixels only.

    Raises:
        TooManyPixels: no camera makes such a picture.
        Exception: Pillow's exceptions for a file that is not a whole picture.
    """
    picture = _open(body)
    turn = TURNS.get(_orientation(picture))
    picture.draft("RGB", _draft_size(picture, max(side, DRAFT)))
    picture.load()
    small = _resizable(picture)
    del picture  # two copies of a large picture are too much
    small.thumbnail((side, side), reducing_gap=2.0)
    small = _on_white(small if turn is None else small.transpose(turn))
    small.info = {}  # otherwise a comment would be written, too
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def _draft_size(picture: Image.Image, side: int) -> tuple[int, int]:
    """What a JPEG is decoded to, at least: so many pixels a side, but not at its full size if that is too large."""
    longest, pixels = max(picture.size), picture.width * picture.height
    wanted = side if pixels <= MOST_PIXELS["JPEG"] else min(side, longest // 2)
    return max(1, picture.width * wanted // longest), max(1, picture.height * wanted // longest)


def _resizable(picture: Image.Image) -> Image.Image:
    if picture.mode in RESIZABLE:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _open(body: bytes) -> Image.Image:
    """Open the picture: its header is read, its pixels are not decoded yet."""
    try:
        picture = Image.open(io.BytesIO(body), formats=FORMATS)
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    is_scalable = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MOST_OF_A_JPEG if is_scalable else MOST_PIXELS[picture.format or ""]
    if picture.width * picture.height > most:
        raise TooManyPixels
    return picture


def _orientation(picture: Image.Image) -> int:
    """The camera's orientation from EXIF (tag Orientation); an error in EXIF must not cost the photo."""
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:
        return 1


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper, picture = Image.new("RGB", picture.size, "white"), picture.convert("RGBA")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _limit_resources() -> None:
    """Limit memory and time, where the system supports it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    _limit_resources()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MOST_OF_A_JPEG
    try:
        small = make_thumbnail(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (TooManyPixels, MemoryError):
        return TOO_MANY_PIXELS
    except Exception:
        return DAMAGED
    sys.stdout.buffer.write(small)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
