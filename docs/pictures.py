"""Small PNG files: a picture reduced to its best 256 colours, chosen by median cut in a browser."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Browser

# The script counts the colours. It cuts the box with the widest channel and the most pixels at its median until there
# are 256 boxes. Each colour becomes the mean of its box.
TO_PALETTE = """
async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  const channel = (colour, which) => (colour >>> (8 * which)) & 255;
  const widest = (box) => [0, 1, 2].map((which) => {
    let low = 255, high = 0;
    for (const colour of box) {
      low = Math.min(low, channel(colour, which));
      high = Math.max(high, channel(colour, which));
    }
    return [high - low, which];
  }).sort((a, b) => b[0] - a[0])[0];
  const weigh = (box) => {
    const [width, which] = widest(box);
    return { box, which, weight: width * Math.log2(1 + box.reduce((sum, colour) => sum + counts.get(colour), 0)) };
  };
  let boxes = [weigh([...counts.keys()])];
  while (boxes.length < 256) {
    boxes.sort((a, b) => b.weight - a.weight);
    const { box, which, weight } = boxes[0];
    if (weight === 0) break;
    box.sort((a, b) => channel(a, which) - channel(b, which));
    boxes.splice(0, 1, weigh(box.slice(0, box.length >> 1)), weigh(box.slice(box.length >> 1)));
  }
  const palette = [], place = new Map();
  boxes.forEach(({ box }, index) => {
    const total = box.reduce((sum, colour) => sum + counts.get(colour), 0);
    const mean = (which) => box.reduce((sum, colour) => sum + channel(colour, which) * counts.get(colour), 0) / total;
    palette.push(...[0, 1, 2].map((which) => Math.round(mean(which))));
    for (const colour of box) place.set(colour, index);
  });
  let text = "";
  for (const pixel of pixels) text += String.fromCharCode(place.get(pixel));
  return { width: image.width, height: image.height, palette, indices: btoa(text) };
}
"""


def palette_png(browser: Browser, taken: bytes) -> bytes:
    """The same picture, as a PNG with a palette."""
    page = browser.new_page()
    try:
        drawn = page.evaluate(TO_PALETTE, base64.b64encode(taken).decode())
    finally:
        page.close()
    return encoded(drawn["width"], drawn["height"], bytes(drawn["palette"]), base64.b64decode(drawn["indices"]))


def encoded(width: int, height: int, palette: bytes, indices: bytes) -> bytes:
    """PNG, colour type 3 (PNG specification, 11.2): one byte per pixel, no filter."""
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = b"".join(b"\0" + indices[row * width : (row + 1) * width] for row in range(height))
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
