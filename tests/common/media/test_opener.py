"""Pictures made smaller: upright, without metadata, and no harm from what only looks like a picture."""

from __future__ import annotations

import io
import sys
import threading
from pathlib import Path

import psutil
import pytest
from PIL import Image, UnidentifiedImageError

from bot_daemon.media.thumbnails import make_thumbnail
from common.bulkhead import Bulkhead
from common.errors import Busy, InvalidInput
from common.media import desk_photos, opener, thumbnail
from common.media.opener import LARGE, SMALL
from common.media.thumbnail import TooManyPixels
from tests.support.pictures import bomb, picture, voice

KINDS = [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1")]
KINDS += [("GIF", "P"), ("WEBP", "RGBA"), ("WEBP", "RGB"), ("PNG", "LA")]


def made(body: bytes) -> bytes:
    return thumbnail.make_thumbnail(body, SMALL)


def opened(small: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(small))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_every_kind_of_picture_becomes_a_small_jpeg(kind: str, mode: str) -> None:
    small = opened(made(picture(kind, (1200, 900), mode=mode)))

    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (SMALL, 360))


def test_a_small_picture_stays_as_small_as_it_is() -> None:
    assert opened(made(picture(size=(20, 10)))).size == (20, 10)


def test_a_picture_of_one_pixel_width_stays_visible() -> None:
    assert opened(made(picture("PNG", size=(4000, 1)))).size == (SMALL, 1)


CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


@pytest.mark.parametrize(("orientation", "corner"), CORNERS.items())
def test_it_is_upright_however_the_phone_was_held(orientation: int, corner: tuple[int, int]) -> None:
    small = opened(made(picture(size=(1200, 900), orientation=orientation)))
    width, height = small.size
    at = (10 if corner[0] == 0 else width - 10, 10 if corner[1] == 0 else height - 10)

    assert (width > height) is (orientation < 5)
    pixel = small.getpixel(at)
    assert isinstance(pixel, tuple)
    assert min(pixel) > 200, f"the white corner is not at {corner}"


def test_nothing_but_pixels_is_kept() -> None:
    small = made(picture(orientation=6))

    assert b"Secret camera" not in small
    assert b"Exif" not in small
    assert dict(opened(small).getexif()) == {}


def test_a_broken_orientation_is_no_reason_to_lose_a_photo() -> None:
    body = bytearray(picture(orientation=6))
    at = body.index(b"Exif\0\0") + 6
    body[at : at + 8] = b"\xff" * 8

    assert opened(made(bytes(body))).format == "JPEG"


def test_transparent_is_white() -> None:
    pixel = opened(made(picture("PNG", colour="#ff000000", mode="RGBA", size=(400, 400)))).getpixel((390, 390))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("cut", [40, 500, -200])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_damaged(kind: str, cut: int) -> None:
    noisy = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(noisy, kind)

    with pytest.raises(Exception, match=r"."):
        made(noisy.getvalue()[:cut])


def test_what_is_huge_once_decoded_is_not_decoded() -> None:
    with pytest.raises(TooManyPixels):
        made(bomb())


def test_only_formats_of_ours_are_even_tried() -> None:
    tiff = io.BytesIO()
    Image.new("RGB", (9, 9)).save(tiff, "TIFF")
    with pytest.raises(UnidentifiedImageError):
        made(tiff.getvalue())


# In a process of its own


async def test_a_process_makes_it() -> None:
    small = await make_thumbnail(picture(size=(1000, 500)))

    assert isinstance(small, bytes)
    assert opened(small).size == (SMALL, SMALL // 2)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (bomb(), "too_many_pixels"),
        (picture()[:300], "damaged"),
        (b"", "damaged"),
        (b"\xff\xd8\xff" + bytes(10_000), "damaged"),
        (voice(), "damaged"),
    ],
)
async def test_what_is_no_picture_is_told_apart(body: bytes, why: str) -> None:
    assert await make_thumbnail(body) == why


def program(directory: Path, text: str) -> Path:
    """A program in the place of ours."""
    (directory / "program.py").write_text(text)
    return directory / "program.py"


async def test_a_process_that_dies_says_nothing_about_the_picture(tmp_path: Path) -> None:
    dies = program(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(opener.OpenerFailed, match="exit code -11"):
        await make_thumbnail(picture(), dies)


async def test_a_process_that_hangs_is_ended(tmp_path: Path) -> None:
    hangs = program(tmp_path, "import time; time.sleep(600)")
    with pytest.raises(opener.OpenerFailed, match="not within"):
        await make_thumbnail(picture(), hangs, 0.3)


async def test_the_process_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    tells = program(tmp_path, "import os, sys; sys.stdout.write(' '.join(os.environ))")

    told = await make_thumbnail(picture(), tells)
    assert isinstance(told, bytes)
    assert set(told.decode().split()) <= {*opener.PASSED_VARIABLES, "LC_CTYPE"}


def test_the_program_imports_nothing_of_ours() -> None:
    """It runs without our package on its path, and must stay so."""
    with open(thumbnail.__file__) as source:
        assert not any(word in source.read() for word in ("from bot_daemon", "from common", "import bot_daemon"))


def test_the_exit_codes_are_the_programs() -> None:
    assert opener.REFUSALS == {thumbnail.DAMAGED: "damaged", thumbnail.TOO_MANY_PIXELS: "too_many_pixels"}


# For the desk, which waits


def test_a_photo_is_made_as_small_as_telegram_would_make_it() -> None:
    large = opened(opener.shrink_picture(picture(size=(6000, 4000), orientation=6), LARGE))

    assert large.size == (1707, LARGE)
    assert dict(large.getexif()) == {}


@pytest.mark.parametrize(("body", "code"), [(bomb(), "photo_too_many_pixels"), (voice(), "photo_damaged")])
def test_what_is_no_photo_is_refused_by_name(body: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        opener.shrink_picture(body, LARGE)
    assert refused.value.code == code


def test_a_program_that_dies_is_a_photo_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dies = program(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(opener, "command", lambda side: [sys.executable, str(dies)])
    with pytest.raises(InvalidInput) as refused:
        opener.shrink_picture(picture(), LARGE)
    assert refused.value.code == "photo_unopened"


# Memory

FITS, TOO_MUCH = (4200, 3000), (4300, 3000)  # pixels; what is decoded at its full size takes at most 160 MB


@pytest.mark.parametrize(
    ("kind", "mode", "how"),
    [
        ("PNG", "RGBA", {}),
        ("PNG", "P", {"transparency": 0}),
        ("GIF", "P", {}),
        ("JPEG", "CMYK", {"progressive": True}),
    ],
)
def test_the_largest_pictures_that_are_decoded_whole_fit_into_the_memory(
    kind: str, mode: str, how: dict[str, object]
) -> None:
    assert max(opened(opener.shrink_picture(encoded(kind, FITS, mode, **how), LARGE)).size) == LARGE
    with pytest.raises(InvalidInput, match="photo_too_many_pixels"):
        opener.shrink_picture(encoded(kind, TOO_MUCH, mode, **how), LARGE)


@pytest.mark.parametrize("frames", [1, 3])
def test_webp_has_fewer_pixels_because_its_decoder_takes_more(frames: int) -> None:
    for size, fits in (((2500, 2500), True), ((2700, 2500), False)):
        more = [Image.new("RGBA", size, (number, 9, 9, 99)) for number in range(frames - 1)]
        body = encoded("WEBP", size, "RGBA", save_all=True, append_images=more)
        if fits:
            assert opened(opener.shrink_picture(body, LARGE)).size == size
        else:
            with pytest.raises(InvalidInput, match="photo_too_many_pixels"):
                opener.shrink_picture(body, LARGE)


def test_a_photo_of_a_good_camera_is_never_decoded_at_its_full_size() -> None:
    assert max(opened(opener.shrink_picture(encoded("JPEG", (12_000, 9_000), "RGB"), LARGE)).size) == LARGE


def encoded(kind: str, size: tuple[int, int], mode: str, **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **how)
    return out.getvalue()


def test_photos_are_opened_one_at_a_time() -> None:
    most: list[int] = []
    threads = [threading.Thread(target=desk_photos.read, args=(picture(), None)) for _ in range(5)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        children = psutil.Process().children()
        most.append(sum(str(opener.PROGRAM) in argument for child in children for argument in arguments(child)))
    assert max(most) == 1


def arguments(child: psutil.Process) -> list[str]:
    try:
        return list(child.cmdline())
    except psutil.Error:
        return []


def test_whoever_finds_too_many_waiting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Bulkhead(at_once=1, waiting=0, patience=0.0)
    monkeypatch.setattr(desk_photos, "OPENED", full)
    with full.enter(), pytest.raises(Busy):
        desk_photos.read(picture(), None)
