// One picked photo, judged as far as a browser can cheaply. The server judges again and has the
// last word; the titles are its own. A check is {state: good|advice|error, title, measured}.

const ASPECT_MAX = 4;
const ASPECT_SQUARE = 1.02;
const KINDS = [
  ["JPEG", /^\xff\xd8\xff/],
  ["PNG", /^\x89PNG\r\n\x1a\n/],
  ["WebP", /^RIFF[^]{4}WEBP/],
];

const check = (state, title, measured) => ({ state, title, measured });
const size = (count) => count < 1e5 ? `${Math.ceil(count / 1e3)} KB` : `${(count / 1e6).toFixed(1)} MB`;

export async function checkKind(file, { kinds }) {
  const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const beginning = String.fromCharCode(...bytes);
  const kind = KINDS.find(([, magic]) => magic.test(beginning));
  if (kind) return check("good", "Kind of file", kind[0]);
  return check("error", "This file is not a photo we can use", `Wanted: ${kinds}`);
}

export function checkBytes({ size: count }, { bytesMax }) {
  if (!count) return check("error", "The file is empty", "0 bytes");
  if (count > bytesMax) return check("error", "The file is too big", `${size(count)}, at most ${size(bytesMax)}`);
  return check("good", "Size of the file", size(count));
}

export function checkPixels({ naturalWidth: width, naturalHeight: height }, limits) {
  const short = Math.min(width, height);
  const measured = `${width} x ${height} pixels`;
  if (width * height > limits.pixelsMax) return check("error", "The photo has too many pixels", measured);
  if (short < limits.shortSideMin) return check("error", "The photo is too small", measured);
  if (short < limits.shortSideAdvised) return check("advice", "The photo is rather small", measured);
  return check("good", "Pixels", measured);
}

export function checkShape({ naturalWidth: width, naturalHeight: height }) {
  const ratio = Math.max(width, height) / Math.min(width, height);
  const measured = `${ratio.toFixed(1)} to 1, best a square`;
  if (ratio > ASPECT_MAX) return check("error", "The photo is too narrow", measured);
  if (ratio > ASPECT_SQUARE) return check("advice", "The photo is not square", measured);
  return check("good", "Shape", "square");
}

// "IMG_mia-schneider (2).JPG" -> "Mia Schneider 2": a start, not a verdict.
export function nameFrom(file, longest) {
  const stem = file.name.replace(/\.[^.]*$/, "").replace(/^(img|dsc|pxl|photo)[-_ ]+(?=\p{L})/iu, "");
  const words = stem.replace(/[^\p{L}\p{N}']+/gu, " ").trim().slice(0, longest).trim();
  return words.replace(/(?<!\S)\p{Ll}/gu, (letter) => letter.toLocaleUpperCase());
}
