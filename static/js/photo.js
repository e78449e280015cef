// One picked photo, judged as far as a browser can cheaply, before anything is uploaded. The server
// judges again and has the last word; titles and advice are its own. A check is
// {state: good|advice|error|wait, title, measured} and, for an error, the `code` of the rule.

const KINDS = [
  ["JPEG", /^\xff\xd8\xff/],
  ["PNG", /^\x89PNG\r\n\x1a\n/],
  ["WebP", /^RIFF[^]{4}WEBP/],
  ["HEIC", /^[^]{4}ftyp(hei|hev|mif1|msf1)/],
];
const LOOKALIKES = [["GIF", /^GIF8/], ["PDF", /^%PDF/], ["AVIF", /^[^]{4}ftypavi/], KINDS[3], ["video", /^[^]{4}ftyp/]];

const size = (count) => (count < 1e5 ? `${Math.ceil(count / 1e3)} KB` : `${(count / 1e6).toFixed(1)} MB`);
const good = (title, measured) => ({ state: "good", title, measured });
const error = (code, title, measured) => ({ state: "error", code, title, measured });

export async function checkKind(file, { kinds }) {
  const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const beginning = String.fromCharCode(...bytes);
  const kind = KINDS.find(([name, magic]) => kinds.includes(name) && magic.test(beginning));
  if (kind) return good("Kind of file", kind[0]);
  const lookalike = LOOKALIKES.find(([, magic]) => magic.test(beginning))?.[0];
  return { ...error("not-a-photo", "Kind of file", "a file of another kind"), lookalike };
}

export function checkBytes({ size: count }, { bytesMax }) {
  if (!count) return error("empty-file", "Size of the file", "0 bytes");
  if (count > bytesMax) return error("too-many-bytes", "Size of the file", size(count));
  return good("Size of the file", size(count));
}

// What only a frame could mend (a strip of a picture) is left to the server, which offers one.
export function checkPixels({ naturalWidth: width, naturalHeight: height }, limits) {
  const short = Math.min(width, height);
  const measured = `${width} x ${height} pixels`;
  if (width * height > limits.pixelsMax) return error("too-many-pixels", "Pixels", measured);
  if (short < limits.shortSideMin) return error("too-few-pixels", "Pixels", measured);
  return { ...good("Pixels", measured), state: short < limits.shortSideAdvised ? "advice" : "good" };
}
