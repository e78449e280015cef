// One picked photo, judged as far as a browser can cheaply: kind, bytes and pixels. The server
// judges again and has the last word; the titles are its own.

const KINDS = [
  ["JPEG", [0xff, 0xd8, 0xff]],
  ["PNG", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];
const ASPECT_MAX = 4;
const ASPECT_SQUARE = 1.02;

const megabytes = (count) => `${(count / 1e6).toFixed(1)} MB`;

async function kindOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  if (text.startsWith("RIFF") && text.slice(8) === "WEBP") return "WebP";
  return KINDS.find(([, magic]) => magic.every((byte, place) => bytes[place] === byte))?.[0] ?? "";
}

export async function checkKind(file, limits) {
  const kind = await kindOf(file);
  return kind
    ? { state: "good", title: "Kind of file", measured: kind }
    : { state: "error", title: "This file is not a photo we can use", measured: `Wanted: ${limits.kinds}` };
}

export function checkBytes(file, limits) {
  const measured = megabytes(file.size);
  if (!file.size) return { state: "error", title: "The file is empty", measured: "0 bytes" };
  return file.size > limits.bytesMax
    ? { state: "error", title: "The file is too big", measured: `${measured}, at most ${megabytes(limits.bytesMax)}` }
    : { state: "good", title: "Size of the file", measured };
}

export function checkPixels(width, height, limits) {
  const short = Math.min(width, height);
  const measured = `${width} x ${height} pixels`;
  const at = (state, title) => ({ state, title, measured });
  if (width * height > limits.pixelsMax) return at("error", "The photo has too many pixels");
  if (short < limits.shortSideMin) return at("error", "The photo is too small");
  if (short < limits.shortSideAdvised) return at("advice", "The photo is rather small");
  return at("good", "Pixels");
}

export function checkShape(width, height) {
  const ratio = Math.max(width, height) / Math.min(width, height);
  const measured = `${ratio.toFixed(1)} to 1, best a square`;
  if (ratio > ASPECT_MAX) return { state: "error", title: "The photo is too narrow", measured };
  if (ratio > ASPECT_SQUARE) return { state: "advice", title: "The photo is not square", measured };
  return { state: "good", title: "Shape", measured: "square" };
}

// "IMG_mia-schneider (2).final.JPG" -> "Mia schneider 2 final": a start, not a verdict.
export function nameFrom(file, longest) {
  const stem = file.name.replace(/\.[^.]*$/, "").replace(/^(img|dsc|dscn|pxl|photo)[-_ ]*(?=\p{L})/iu, "");
  const words = stem.replace(/[^\p{L}\p{N}']+/gu, " ").trim().slice(0, longest).trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
