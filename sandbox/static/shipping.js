// How files leave, as Telegram's app sends them: which kind each is, and which of them are an album.

import { PICTURES } from "./preview.js";

const ALBUM = 10;

// A picture of any other type is sent as a file.
const kindOf = (type) => {
  if (PICTURES.includes(type)) return "photo";
  return ["video", "audio"].find((kind) => type.startsWith(`${kind}/`)) ?? "document";
};

// Pictures and videos share albums of ten; files have albums of files only, and music of music. Gives { file, kind, album }.
export function shipments(files, asFiles) {
  const kinds = files.map((file) => (asFiles ? "document" : kindOf(file.type)));
  const families = kinds.map((kind) => (kind === "video" ? "photo" : kind));
  const [stamp, counts] = [Date.now(), {}];
  return files.map((file, at) => {
    const family = families[at];
    counts[family] = (counts[family] ?? 0) + 1;
    const alone = families.filter((one) => one === family).length < 2;
    return { file, kind: kinds[at], album: alone ? "" : `${stamp}${family}${Math.ceil(counts[family] / ALBUM)}` };
  });
}
