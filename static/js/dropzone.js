// The photo desk: drop or pick, look at once, send with progress. Each photo is one request, so one
// that is refused keeps nobody else back.

import { checkBytes, checkKind, checkPixels, checkShape, nameFrom } from "./photo.js";
import { send } from "./sending.js";

const desk = document.getElementById("desk");
const input = desk.elements.image_file;
const nameField = desk.elements.display_name;
const list = desk.querySelector("[data-photos]");
const button = desk.querySelector("[data-send]");
const limits = {
  bytesMax: Number(desk.dataset.bytesMax),
  pixelsMax: Number(desk.dataset.pixelsMax),
  shortSideMin: Number(desk.dataset.shortSideMin),
  shortSideAdvised: Number(desk.dataset.shortSideAdvised),
  kinds: desk.dataset.kinds,
};
let photos = [];
let sending = false;

const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const announce = (text) => { desk.querySelector("[data-said]").textContent = text; };
const megabytes = (count) => (count / 1e6).toFixed(1);

// Picking ---------------------------------------------------------------------------------------

function add(files) {
  for (const file of files) {
    const row = copyOf("photo-template");
    const photo = { file, row, made: null, name: row.querySelector(".photo-name input") };
    photo.name.value = nameFrom(file, nameField.maxLength);
    photo.name.id = `name-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    row.querySelector(".photo-name label").htmlFor = photo.name.id;
    row.querySelector(".photo-file strong").textContent = file.name;
    row.querySelector(".photo-remove").addEventListener("click", () => remove(photo));
    row.querySelector("[data-cancel]").addEventListener("click", () => photo.abort?.abort());
    photos.push(photo);
    list.append(row);
    judge(photo);
  }
  arrange();
  announce(`${photos.length} photo${photos.length === 1 ? "" : "s"} on the desk.`);
}

function remove(photo) {
  photo.abort?.abort();
  URL.revokeObjectURL(photo.preview);
  photo.row.remove();
  photos = photos.filter((other) => other !== photo);
  arrange();
  input.focus();
}

// One photo uses the form's own name field; several have one each.
function arrange() {
  const several = photos.length > 1;
  if (several && !photos[0].own && nameField.value) photos[0].name.value = nameField.value;
  if (!several && photos.length && (!nameField.value || photos[0].own)) nameField.value = photos[0].name.value;
  for (const photo of photos) {
    photo.own = several;
    photo.row.querySelector(".photo-name").hidden = !several;
  }
  nameField.closest(".field").hidden = several;
  list.hidden = !photos.length;
  desk.toggleAttribute("data-full", photos.length > 0);
  button.querySelector("span").textContent = several ? `Make ${photos.length} avatars` : "Make the avatar";
}

// Looking ---------------------------------------------------------------------------------------

function tick(photo, place, result) {
  const item = photo.row.querySelectorAll(".check")[place];
  item.dataset.state = result.state;
  item.querySelector("strong").textContent = result.title;
  item.querySelector(".muted").textContent = result.measured;
}

async function judge(photo) {
  const checks = photo.row.querySelector(".checks");
  for (const title of ["Kind of file", "Size of the file", "Pixels", "Shape"]) {
    const item = copyOf("check-template");
    item.querySelector("strong").textContent = title;
    checks.append(item);
  }
  tick(photo, 1, checkBytes(photo.file, limits));
  const kind = await checkKind(photo.file, limits);
  tick(photo, 0, kind);
  const image = photo.row.querySelector("img");
  photo.preview = image.src = URL.createObjectURL(photo.file);
  try {
    await image.decode();
  } catch {
    return unreadable(photo, kind);
  }
  image.hidden = false;
  tick(photo, 2, checkPixels(image.naturalWidth, image.naturalHeight, limits));
  tick(photo, 3, checkShape(image.naturalWidth, image.naturalHeight));
}

function unreadable(photo, kind) {
  const damaged = kind.state === "good";
  if (damaged) tick(photo, 0, { state: "error", title: "The photo is damaged", measured: "it can't be read" });
  for (const item of [...photo.row.querySelectorAll(".check")].slice(2)) item.remove();
}

// Sending ---------------------------------------------------------------------------------------

function dataOf(photo) {
  const data = new FormData(desk);
  data.delete("image_file");
  data.set("display_name", photo.own ? photo.name.value : nameField.value);
  data.append("image_file", photo.file, photo.file.name);
  return data;
}

async function sendOne(photo) {
  const box = photo.row.querySelector(".photo-sending");
  const bar = box.querySelector("progress");
  const words = box.querySelector("span");
  photo.abort = new AbortController();
  clear(photo);
  box.hidden = false;
  const answer = await send(desk.action, dataOf(photo), {
    signal: photo.abort.signal,
    onProgress(loaded, total) {
      bar.value = (100 * loaded) / total;
      words.textContent = loaded < total
        ? `${megabytes(loaded)} of ${megabytes(total)} MB, ${Math.floor(bar.value)} %`
        : "Sent. Greenroom is looking at the photo.";
    },
  });
  box.hidden = true;
  photo.abort = null;
  settle(photo, answer);
}

function settle(photo, answer) {
  if (answer.avatars) {
    photo.made = answer.avatars[0].url;
    photo.row.dataset.state = "sent";
  } else if (answer.findings) refuse(photo, answer.findings);
  else if (answer.words) refuse(photo, [{ severity: "error", title: "Not sent", how_to_fix: answer.words }]);
  else if (answer.through) refuse(photo, [{ severity: "error", title: "Cancelled", how_to_fix: "The photo had arrived already: look into the gallery." }]);
}

function refuse(photo, findings) {
  const box = photo.row.querySelector(".photo-findings");
  const items = document.createElement("ul");
  items.className = "findings";
  items.append(...findings.map(drawn));
  box.replaceChildren(items);
  box.hidden = false;
  photo.row.dataset.state = "refused";
  const wrong = findings.some((finding) => finding.field === "display_name");
  (photo.own ? photo.name : nameField).setAttribute("aria-invalid", wrong);
}

function drawn(finding) {
  const item = copyOf("finding-template");
  const [measured, fix] = item.querySelectorAll("p");
  item.dataset.severity = finding.severity;
  item.querySelector("strong").textContent = finding.title;
  measured.textContent = [finding.measured && `Found: ${finding.measured}.`, finding.wanted && `Wanted: ${finding.wanted}.`].filter(Boolean).join(" ");
  fix.textContent = finding.how_to_fix ?? "";
  return item;
}

function clear(photo) {
  delete photo.row.dataset.state;
  photo.row.querySelector(".photo-findings").hidden = true;
  document.getElementById("findings").replaceChildren();
}

async function sendAll() {
  sending = button.disabled = true;
  for (const photo of photos.filter((photo) => !photo.made)) await sendOne(photo);
  sending = button.disabled = false;
  const left = photos.filter((photo) => !photo.made);
  if (!left.length && photos.length) location.assign(photos.length === 1 ? photos[0].made : desk.dataset.gallery);
  const refused = left.find((photo) => photo.row.dataset.state === "refused");
  refused?.row.querySelector(".photo-findings").focus();
  button.querySelector("span").textContent = left.length ? "Try again" : "Done";
}

// Wiring ----------------------------------------------------------------------------------------

input.addEventListener("change", () => {
  add(input.files);
  input.value = "";
});
desk.addEventListener("submit", (event) => {
  if (!photos.length) return; // the server says in words that there is no photo
  event.preventDefault();
  if (!sending) sendAll();
});
for (const name of ["dragover", "dragenter"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    desk.querySelector("[data-drop]").dataset.over = "";
  });
}
for (const name of ["dragleave", "drop"]) {
  addEventListener(name, (event) => {
    if (name === "dragleave" && event.relatedTarget) return;
    delete desk.querySelector("[data-drop]").dataset.over;
  });
}
// Anywhere on the page: who misses the desk must not leave the page for a bare picture.
addEventListener("drop", (event) => {
  event.preventDefault();
  if (!sending) add(event.dataTransfer.files);
});
addEventListener("beforeunload", (event) => sending && event.preventDefault());
desk.dataset.ready = "";
