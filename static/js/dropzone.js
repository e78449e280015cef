// The photo desk: drop or pick, look at once, send with progress. Each photo is one request, so one
// that is refused keeps nobody else back.

import { checkBytes, checkKind, checkPixels, checkShape, nameFrom } from "./photo.js";
import { send } from "./sending.js";

const desk = document.getElementById("desk");
const input = desk.elements.image_file;
const nameField = desk.elements.display_name;
const list = desk.querySelector("[data-photos]");
const button = desk.querySelector("[data-send]");
const { kinds, ...numbers } = desk.dataset;
const limits = { kinds };
for (const name of ["bytesMax", "pixelsMax", "shortSideMin", "shortSideAdvised"]) limits[name] = Number(numbers[name]);

let photos = []; // {file, row, name: input, own: whether that input counts, wish, made: address or ""}
let sending = false;

const waiting = () => photos.filter((photo) => !photo.made);
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const newWish = () => crypto.getRandomValues(new Uint32Array(4)).join("-"); // randomUUID: https only
const megabytes = (count) => (count / 1e6).toFixed(1);

// Picking ---------------------------------------------------------------------------------------

function add(files) {
  for (const file of files) {
    const row = copyOf("photo-template");
    const photo = { file, row, name: row.querySelector("input"), own: false, wish: newWish(), made: "" };
    photo.name.value = nameFrom(file, nameField.maxLength);
    row.querySelector(".photo-file").textContent = file.name;
    row.querySelector(".photo-remove").onclick = () => remove(photo);
    row.querySelector("[data-cancel]").onclick = () => photo.abort?.abort();
    photos.push(photo);
    list.append(row);
    judge(photo);
  }
  arrange();
  desk.querySelector("[data-said]").textContent = `Photos on the desk: ${photos.length}`;
}

function remove(photo) {
  photo.abort?.abort();
  URL.revokeObjectURL(photo.row.querySelector("img").src);
  photo.row.remove();
  photos = photos.filter((other) => other !== photo);
  if (photos.length && !waiting().length) return leave();
  arrange();
  input.focus();
}

// One photo uses the form's own name field; several have one each.
function arrange() {
  const [first] = photos;
  const several = photos.length > 1;
  if (several && !first.own && nameField.value) first.name.value = nameField.value;
  if (first && !several && (first.own || !nameField.value)) nameField.value = first.name.value;
  for (const photo of photos) {
    photo.own = several;
    photo.row.querySelector(".photo-name").hidden = !several || photo.made !== "";
  }
  nameField.closest(".field").hidden = several;
  list.hidden = !first;
  desk.toggleAttribute("data-full", photos.length > 0);
  button.querySelector("span").textContent = several ? `Make ${waiting().length} avatars` : "Make the avatar";
}

// Looking ---------------------------------------------------------------------------------------

function tick(item, { state, title, measured }) {
  item.dataset.state = state;
  item.querySelector("strong").textContent = title;
  item.querySelector(".muted").textContent = measured;
}

async function judge({ file, row }) {
  const items = ["Kind of file", "Size of the file", "Pixels", "Shape"].map((title) => {
    const item = copyOf("check-template");
    item.querySelector("strong").textContent = title;
    return item;
  });
  row.querySelector(".checks").append(...items);
  const [kind, bytes, pixels, shape] = items;
  tick(bytes, checkBytes(file, limits));
  tick(kind, await checkKind(file, limits));
  const image = row.querySelector("img");
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } catch {
    pixels.remove();
    shape.remove();
    if (kind.dataset.state === "good") tick(kind, { state: "error", title: "The photo is damaged", measured: "it can't be read" });
    return;
  }
  image.hidden = false;
  tick(pixels, checkPixels(image, limits));
  tick(shape, checkShape(image));
}

// Sending ---------------------------------------------------------------------------------------

function dataOf(photo) {
  const data = new FormData(desk);
  data.set("display_name", photo.own ? photo.name.value : nameField.value);
  data.set("image_file", photo.file);
  data.set("wish", photo.wish);
  // Signing in again, in another tab, makes a new token; the cookie has it.
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (token) data.set("csrfmiddlewaretoken", token[1]);
  return data;
}

async function sendOne(photo) {
  const box = photo.row.querySelector(".photo-sending");
  const bar = box.querySelector("progress");
  clear(photo);
  box.hidden = false;
  photo.abort = new AbortController();
  const onProgress = (loaded, total) => {
    bar.value = (100 * loaded) / total;
    box.querySelector("span").textContent = loaded < total
      ? `${megabytes(loaded)} of ${megabytes(total)} MB, ${Math.floor(bar.value)} %`
      : "Sent. Greenroom is looking at the photo.";
  };
  const answer = await send(desk.action, dataOf(photo), { onProgress, signal: photo.abort.signal });
  box.hidden = true;
  if (answer.findings && answer.avatars) photo.wish = newWish(); // used up
  if (answer.findings) refuse(photo, answer.findings);
  else if (answer.avatars) accept(photo, answer.avatars[0].url);
  else if (answer.words) refuse(photo, [{ title: answer.title, how_to_fix: answer.words }]);
}

function clear({ row, own, name }) {
  delete row.dataset.state;
  row.querySelector(".photo-findings").hidden = true;
  (own ? name : nameField).removeAttribute("aria-invalid");
  document.getElementById("findings").replaceChildren();
}

function accept(photo, address) {
  const { row } = photo;
  photo.made = row.querySelector(".photo-made a").href = address;
  row.dataset.state = "sent";
  row.querySelector(".photo-made").hidden = false;
  row.querySelector(".photo-name").hidden = row.querySelector(".photo-remove").hidden = true;
}

function refuse({ row, own, name }, findings) {
  const box = row.querySelector(".photo-findings");
  box.querySelector("ul").replaceChildren(...findings.map(drawn));
  box.hidden = false;
  row.dataset.state = "refused";
  if (findings.some(({ field }) => field === "display_name")) (own ? name : nameField).ariaInvalid = "true";
}

function drawn({ title, measured, wanted, how_to_fix: fix }) {
  const item = copyOf("finding-template");
  const [facts, advice] = item.querySelectorAll("p");
  item.querySelector("strong").textContent = title;
  facts.textContent = measured ? `Found: ${measured}. Wanted: ${wanted}.` : "";
  advice.textContent = fix;
  return item;
}

async function sendAll() {
  sending = button.disabled = true;
  for (const photo of waiting()) await sendOne(photo);
  sending = button.disabled = false;
  if (!waiting().length) return leave();
  button.querySelector("span").textContent = "Try again";
  list.querySelector("[data-state='refused'] .photo-findings")?.focus();
}

function leave() {
  location.assign(photos.length === 1 ? photos[0].made : desk.dataset.gallery);
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

// Anywhere on the page: who misses the desk must not leave the page for a bare picture.
const over = (is) => desk.querySelector("[data-drop]").toggleAttribute("data-over", is);
addEventListener("dragover", (event) => {
  event.preventDefault();
  over(true);
});
addEventListener("dragleave", (event) => over(event.relatedTarget !== null));
addEventListener("drop", (event) => {
  event.preventDefault();
  over(false);
  if (!sending) add(event.dataTransfer.files);
});
addEventListener("beforeunload", (event) => sending && event.preventDefault());
addEventListener("pageshow", (event) => event.persisted && photos[0] && !waiting()[0] && location.reload());
desk.dataset.ready = "";
