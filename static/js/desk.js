// The photo desk: drop, paste, pick, shoot or fetch; each photo is looked at, then uploaded at once
// and judged by the server, whose card takes its place. What has not arrived survives a reload.

import { hasCamera, openCamera } from "./camera.js";
import { wakeFrames } from "./frame.js";
import { checkBytes, checkKind, checkPixels } from "./photo.js";
import { PATIENCE, SESSION, pace, send } from "./sending.js";
import { forget, keep, kept } from "./shelf.js";

const AT_ONCE = 2; // more share the same line, and each is looked at later
const MOST = 40;
const [CANCELLED, NO_PHOTO] = ["Cancelled", "Choose a photo first."];

const desk = document.getElementById("desk");
const part = (name) => desk.querySelector(`[data-${name}]`);
const { image_file: input, address } = desk.elements;
const [list, button, failed] = [part("photos"), part("send"), part("failed")];
const [rules, lookalikes] = ["rules", "lookalikes"].map((name) => JSON.parse(document.getElementById(`photo-${name}`).dataset.json));
const { kinds, owner, ...numbers } = desk.dataset;
const limits = { kinds };
for (const name of ["bytesMax", "pixelsMax", "shortSideMin", "shortSideAdvised"]) limits[name] = Number(numbers[name]);

let photos = []; // on their way: {key, row, file or address, state: looking|queued|sending|failed|refused, abort}
let wanted = false; // the button was pressed while photos were on their way
let leaving = false;
let [keeping, typedMore] = [false, false];
let came = 0; // keeps the order in which photos came, also after a reload
let pause = null; // after somebody typed

const READY = ":scope > li:is([data-state=good], [data-state=failed])";
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40); // randomUUID: https only
const inState = (...states) => photos.filter(({ state }) => states.includes(state));
const isBusy = () => inState("looking", "queued", "sending", "gone").length > 0 || list.querySelector(":scope > [aria-busy=true]") !== null;
const say = (words) => (part("said").textContent = words);

// Coming in ------------------------------------------------------------------------------------

function add(files) {
  const room = MOST - list.children.length;
  for (const file of [...files].slice(0, Math.max(room, 0))) begin({ key: newKey(), file, name: file.name });
  part("left-out").hidden = files.length <= room;
  say(`Photos on the desk: ${list.children.length}`);
}

function get(place) {
  begin({ key: newKey(), address: place, name: place });
  say("Fetching the picture.");
}

function begin(photo) {
  const row = copyOf("photo-template");
  Object.assign(photo, { row, state: "looking" });
  row.querySelector(".photo-file strong").textContent = photo.name;
  row.querySelector(".photo-remove span").textContent = `Dismiss ${photo.name}`;
  row.querySelector(".photo-remove").onclick = () => dismiss(photo);
  row.querySelector("[data-cancel]").onclick = () => (photo.file ? cancel(photo) : dismiss(photo));
  for (const name of ["cancel", "retry"]) row.querySelector(`[data-${name}] .visually-hidden`).textContent = ` ${photo.name}`;
  row.querySelector("[data-retry]").onclick = () => retry(photo);
  photo.at ??= Date.now() + came++;
  photos.push(photo);
  list.append(row);
  arrange();
  shelve(photo);
  if (photo.refused) fail(photo, photo.refused, "refused");
  else if (photo.file) look(photo);
  else queue(photo);
}

function shelve({ key, file, name, at }) {
  if (file) keep({ key, owner, file, name, at });
}

function retry(photo) {
  shelve(photo); // a cancelled one was taken off
  queue(photo);
}

async function look(photo) {
  const { file, row } = photo;
  const image = row.querySelector("img");
  image.src = URL.createObjectURL(file);
  const kind = await checkKind(file, limits).catch(() => null); // a folder, or no longer on the disk
  if (photo.state !== "looking") return;
  if (!kind) return refuse(photo, { title: "It can't be read", how_to_fix: "It is a folder, or it is gone from where it was. Nothing was sent: choose the photos themselves." });
  const found = [checkBytes(file, limits), kind];
  const shown = await image.decode().then(() => true, () => false);
  if (shown) found.push(checkPixels(image, limits));
  image.hidden = !shown;
  row.querySelector(".checks").replaceChildren(...found.map(ticked));
  const wrong = found.find(({ state }) => state === "error");
  if (photo.state !== "looking") return; // dismissed meanwhile
  if (wrong) refuse(photo, { ...rules[wrong.code], measured: wrong.measured, ...lookalikes[wrong.lookalike] });
  else queue(photo);
}

// Why it was refused stays to be read until it is dismissed, also after a reload.
function refuse(photo, refused) {
  const { key, name, at } = photo;
  keep({ key, owner, name, at, refused });
  fail(photo, refused, "refused");
}

function ticked({ state, title, measured }) {
  const item = copyOf("check-template");
  item.dataset.state = state;
  item.querySelector("strong").textContent = title;
  item.querySelector(".muted").textContent = measured;
  return item;
}

// On the way ------------------------------------------------------------------------------------

function queue(photo) {
  const sending = photo.row.querySelector(".photo-sending");
  photo.state = "queued";
  photo.row.dataset.state = "waiting";
  sending.hidden = false;
  hide(photo.row.querySelector(".photo-failed"));
  sending.querySelector("span").textContent = "Waits for its turn";
  arrange();
  next();
}

// The focus goes to the photo when it would go with what is hidden.
function hide(part) {
  const [row, isHere] = [part.closest("li"), part.contains(document.activeElement)];
  part.hidden = true;
  if (isHere) row.focus({ preventScroll: true });
}

function next() {
  const [photo] = inState("queued");
  if (photo && inState("sending").length < AT_ONCE) sendOne(photo).then(next);
  if (!isBusy() && wanted) make();
}

async function sendOne(photo) {
  const [bar, told] = ["progress", ".photo-sending span"].map((name) => photo.row.querySelector(name));
  const words = pace();
  Object.assign(photo, { state: "sending", arrived: false });
  photo.row.querySelector("[data-cancel]").hidden = false;
  photo.abort = new AbortController();
  if (photo.address) bar.removeAttribute("value");
  told.textContent = photo.address ? "Greenroom fetches it" : "";
  const onProgress = (loaded, total) => {
    if (photo.address) return;
    bar.value = (100 * loaded) / total;
    told.textContent = words(loaded, total);
  };
  const onArrival = () => {
    photo.arrived = true; // nothing keeps the server from it now
    if (photo.address) return;
    told.textContent = "Arrived. Greenroom looks at it.";
    hide(photo.row.querySelector("[data-cancel]"));
  };
  const answer = await send(photo.address ? desk.dataset.fetch : desk.dataset.put, dataOf(photo), { onProgress, onArrival, signal: photo.abort.signal });
  photo.abort = null;
  if (photo.state === "gone") await takeOff(photo, answer);
  else if (answer.card === undefined) fail(photo, answer.problem ?? { title: CANCELLED });
  else arrive(photo, answer);
}

function dataOf({ key, file, address: place, name, at }) {
  const data = new FormData();
  data.set("key", key);
  data.set("at", at); // photos lie in the order in which they were picked
  data.set("owner", owner); // somebody else may have signed in since, in another tab
  data.set("csrfmiddlewaretoken", token());
  // Who tries another photo for an avatar has named it already.
  if (list.querySelectorAll(":scope > :not([data-state=refused])").length === 1) data.set("display_name", desk.elements.display_name?.value ?? "");
  if (file) data.set("image_file", file, name);
  else data.set("address", place);
  return data;
}

// Signing in again, in another tab, makes a new token; the cookie has it.
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? desk.elements.csrfmiddlewaretoken.value;

function arrive(photo, { id, card, twins }) {
  const old = document.getElementById(`draft-${id}`); // it had arrived, and only the answer was lost
  const isHere = photo.row.contains(document.activeElement);
  const fresh = drawn(card);
  remove(photo, old ? null : fresh);
  old?.replaceWith(fresh);
  wakeFrames(fresh);
  twins.map(drawn).forEach(refresh);
  if (isHere) fresh.querySelector("input[type=text], button").focus({ preventScroll: true });
  const ready = fresh.dataset.state === "good";
  wanted &&= ready; // what needs a look has to be seen first
  say(`${photo.name}: ${ready ? "ready" : "needs a look"}`);
  arrange();
}

function fail(photo, { title, measured, wanted: asked, how_to_fix: fix }, state = "failed") {
  const box = photo.row.querySelector(".photo-failed");
  const [facts, advice] = box.querySelectorAll("p");
  photo.state = state;
  photo.row.dataset.state = "refused";
  hide(photo.row.querySelector(".photo-sending"));
  box.dataset.tone = title === CANCELLED ? "wait" : "bad";
  box.querySelector("strong").textContent = title;
  facts.textContent = measured && asked ? `Found: ${measured}. Wanted: ${asked}.` : "";
  advice.textContent = fix ?? "";
  box.querySelector("[data-retry]").hidden = state === "refused";
  box.hidden = false;
  wanted = false; // what could not come has to be seen first
  arrange();
  if (state === "refused") next();
}

function cancel(photo) {
  forget(photo.key); // a reload would send it after all
  if (photo.abort) photo.abort.abort();
  else fail(photo, { title: CANCELLED });
}

function dismiss(photo) {
  if (!photo.arrived) photo.abort?.abort();
  remove(photo);
  if (photo.abort) photos.push(photo); // until its answer is here
  arrange();
  next();
  input.focus();
}

function remove(photo, replacement) {
  photos = photos.filter((other) => other !== photo);
  photo.state = "gone";
  forget(photo.key);
  URL.revokeObjectURL(photo.row.querySelector("img").src);
  if (replacement) photo.row.replaceWith(replacement);
  else photo.row.remove();
}

// Dismissed while the server looked at it, which keeps what it has looked at.
async function takeOff(photo, { id, card }) {
  const isShown = document.getElementById(`draft-${id}`); // had arrived before: a card is there
  const door = !isShown && card && drawn(card).querySelector(".photo-remove").getAttribute("formaction");
  if (door) await fetch(door, asScript()).catch(() => {});
  photos = photos.filter((other) => other !== photo);
}

// The cards ---------------------------------------------------------------------------------------

function drawn(card) {
  const template = document.createElement("template");
  template.innerHTML = card; // our own server's, as it stands on the page
  return template.content.querySelector("li");
}

function arrange() {
  const count = list.querySelectorAll(READY).length + inState("looking", "queued", "sending").length;
  desk.toggleAttribute("data-laid", list.children.length > 0);
  button.disabled = leaving;
  button.querySelector("span").textContent = wanted ? "Makes them once they are here" : count > 1 ? `Make ${count} avatars` : "Make the avatar";
  const lost = inState("failed").length;
  if (lost < 2 && failed.contains(document.activeElement)) input.focus();
  failed.hidden = lost < 2;
  failed.querySelector("p").textContent = `${lost} photos did not arrive.`;
}

// A button of a card: its answer takes the card's place, and the focus stays where it was.
async function act(pressed) {
  const row = pressed.closest("li[data-draft]");
  if (row.ariaBusy === "true") return; // Enter that is held down presses again and again
  row.ariaBusy = "true";
  const name = row.querySelector("[name^=name-]")?.value;
  try {
    const answer = await fetch(pressed.getAttribute("formaction"), asScript(pressed));
    if (answer.status === 404) return gone(row);
    if (answer.status >= 500 && answer.status !== 503) throw new Error(`The server failed (${answer.status}). Try again.`);
    const { card, twins = [], findings, message } = await answer.json();
    if (message) throw new Error(message);
    if (findings) throw new Error(`${findings[0].title}. ${findings[0].how_to_fix}`);
    if (card === undefined) throw new Error(SESSION); // what answers whoever is signed out
    if (card) swap(row, drawn(card), pressed, name);
    else leave(row);
    twins.map(drawn).forEach(refresh);
  } catch (problem) {
    row.ariaBusy = "false";
    wanted = false;
    const known = problem.constructor === Error;
    complain(row, known ? problem.message : "That did not go through. Nothing has changed: try again.");
  }
  arrange();
  next();
}

// Off the desk; the focus stays with what is next to be done.
function leave(row) {
  const isHere = row.contains(document.activeElement);
  row.remove();
  if (isHere) input.focus();
}

// `name`: what was typed when it was pressed. What was typed since stays, and so does a frame that
// was drawn and is not what was pressed.
function swap(row, fresh, pressed, name) {
  const isHere = row.contains(document.activeElement) || document.activeElement === document.body;
  fresh.querySelector("details.frame")?.toggleAttribute("open", row.querySelector("details.frame")?.open && pressed.value !== "this");
  const [was, is] = [row, fresh].map((card) => card.querySelector("[name^=name-]"));
  const isTyped = was && is && was.value !== name;
  if (isTyped) is.value = was.value;
  if (pressed.name !== "do" && row.querySelector("[data-moved]")) keepDrawn(row, fresh);
  row.replaceWith(fresh);
  wakeFrames(fresh);
  wanted &&= fresh.dataset.state === "good";
  const same = fresh.querySelector(`button[formaction="${pressed.getAttribute("formaction")}"][value="${pressed.value}"]`);
  const shown = same?.checkVisibility() ? same : fresh.querySelector(".frame > summary") ?? fresh.querySelector("button");
  if (isHere) (isTyped ? is : shown).focus({ preventScroll: true });
  say("Done.");
}

// Another card that says something else now.
function refresh(fresh) {
  const row = document.getElementById(fresh.id);
  if (row?.ariaBusy === "true") return; // its own answer is on the way
  const [was, is] = [row, fresh].map((card) => card?.querySelector("[name^=name-]"));
  if (was && is) is.value = was.value;
  row?.replaceWith(fresh);
  wakeFrames(fresh);
}

function keepDrawn(row, fresh) {
  for (const slider of row.querySelectorAll("[data-part]")) fresh.querySelector(`[data-part=${slider.dataset.part}]`).value = slider.value;
  fresh.querySelector("[data-frame]").dataset.moved = "";
}

function gone(row) {
  leave(row);
  arrange();
  say("It was taken off the desk elsewhere.");
  next();
}

function complain(row, words) {
  row.querySelector(".photo-words > [role=alert]")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.tone = "bad";
  notice.setAttribute("role", "alert");
  notice.textContent = words;
  row.querySelector(".photo-words").prepend(notice);
}

// What is typed goes to the server one after the other: an older form never comes last.
async function keepTyped() {
  pause = null;
  if (leaving) return; // the form says it all, and a late word would bring back what it put away
  if (keeping) return (typedMore = true);
  keeping = true;
  let isKept = false;
  do {
    typedMore = false;
    const now = typed();
    const answer = await fetch(desk.dataset.keep, asScript(null, now)).catch(() => {}); // sent again with the form
    isKept = answer?.status === 204;
    if (isKept) for (const field of names()) if (now.has(field.name)) field.defaultValue = now.get(field.name);
  } while (typedMore && !leaving);
  keeping = false;
  desk.toggleAttribute("data-unsaved", !isKept || pause !== null);
}

const names = () => desk.querySelectorAll("[name^=name-]");

// Without names that nobody touched here: another device may have changed them since.
function typed(pressed) {
  const data = new FormData(desk, pressed);
  data.delete("image_file");
  if (pressed) desk.elements.taken_off?.remove(); // has been seen
  else data.delete("taken_off");
  for (const { name, value, defaultValue } of names()) if (value === defaultValue) data.delete(name);
  data.set("csrfmiddlewaretoken", token());
  return data;
}

const asScript = (pressed, body = typed(pressed)) => ({ method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });

// What was wrong with a name is not said of the next one.
function mended(field) {
  field.ariaInvalid = null;
  document.getElementById(field.getAttribute("aria-describedby"))?.remove();
  field.removeAttribute("aria-describedby");
}

// Nothing can be made: what has to be done first gets the focus.
function pointOut() {
  const [row] = list.querySelectorAll(":scope > :is([data-state=asks], [data-state=refused])");
  const door = row?.querySelector(".notice:not([hidden]) button:not([hidden]), .frame-row button, .photo-remove") ?? input;
  door.focus();
  say(row ? "What lies here needs a look first." : NO_PHOTO);
  if (row) return;
  input.setCustomValidity(NO_PHOTO);
  input.reportValidity();
  input.setCustomValidity("");
}

// Somebody has stopped the page that was to come.
function stay() {
  leaving = false;
  desk.querySelector("[name=waiting]")?.remove();
  arrange();
  if (desk.hasAttribute("data-unsaved")) keepTyped();
}

function make() {
  wanted = false;
  desk.requestSubmit(button);
}

// Wiring ------------------------------------------------------------------------------------------

input.addEventListener("change", () => {
  add(input.files);
  input.value = "";
});
desk.addEventListener("input", ({ target }) => {
  if (!/^(name-|avatar_model|purpose)/.test(target.name)) return;
  if (target.ariaInvalid) mended(target);
  desk.toggleAttribute("data-unsaved", true);
  clearTimeout(pause);
  pause = setTimeout(keepTyped, 400);
});
desk.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  desk.elements.csrfmiddlewaretoken.value = token();
  const makes = !pressed?.hasAttribute("formaction");
  if (leaving) event.preventDefault(); // a second Enter
  else if (pressed?.matches("[data-get]") || (makes && address.value.trim())) {
    event.preventDefault();
    if (address.value.trim()) get(address.value.trim());
    address.value = "";
    wanted ||= makes;
    arrange();
  } else if (pressed?.closest("li[data-draft]") && !pressed.matches("[data-leave]")) {
    event.preventDefault();
    act(pressed);
  } else if (!makes) {
    // Another door, which makes nothing: what is on its way goes on when the desk is open again.
  } else if (isBusy()) {
    event.preventDefault();
    wanted = true;
    arrange();
  } else if (list.querySelector("[data-moved]")) {
    // A frame that was drawn and not used yet: what is seen is what is made.
    event.preventDefault();
    wanted = true;
    act(list.querySelector("[data-moved] button[value=this]"));
  } else if (!list.querySelector(READY)) {
    event.preventDefault();
    pointOut();
  } else {
    leaving = true;
    setTimeout(stay, 10_000);
    if (photos.length) desk.insertAdjacentHTML("beforeend", '<input type="hidden" name="waiting" value="1">');
    setTimeout(() => (button.disabled = true)); // after the browser has read the form
  }
});
desk.addEventListener("keydown", (event) => event.key === "Enter" && event.target.type === "range" && event.preventDefault()); // it would make the avatar
address.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  desk.requestSubmit(part("get"));
});
part("retry-all").onclick = () => inState("failed").forEach(retry);
part("camera").hidden = !hasCamera;
part("camera").onclick = () => openCamera(document.getElementById("camera-template"), (file) => add([file]));

// Anywhere on the page: who misses the desk must not leave the page for a bare picture.
const over = (is) => part("drop").toggleAttribute("data-over", is);
const isPlace = (text) => /^https?:\/\/\S+$/.test(text);
const isField = (place) => Boolean(place.closest?.("input:not([type=file]), textarea"));
const firstOf = (list) => list.split("\n").find((line) => line && line[0] !== "#")?.trim() ?? "";
let own = false; // what is dragged is a part of this page: a picture of a card, a link
addEventListener("dragstart", () => (own = true));
addEventListener("dragend", () => over((own = false)));
addEventListener("dragover", (event) => {
  const { types } = event.dataTransfer;
  if (own || (isField(event.target) && !types.includes("Files"))) return over(false);
  event.preventDefault();
  over(true);
});
addEventListener("dragleave", (event) => event.relatedTarget ?? over(false));
addEventListener("drop", (event) => {
  const [{ files }, place] = [event.dataTransfer, firstOf(event.dataTransfer.getData("text/uri-list"))];
  over(false);
  if (own || (isField(event.target) && !files.length)) return;
  event.preventDefault();
  if (files.length) add(files);
  else if (isPlace(place)) get(place);
});
addEventListener("paste", (event) => {
  const { files } = event.clipboardData;
  const text = event.clipboardData.getData("text/plain").trim();
  if (text && isField(event.target)) return; // of words, some programs put a picture beside them
  if (files.length) add(files);
  else if (isPlace(text)) get(text);
  else return;
  event.preventDefault();
});
addEventListener("beforeunload", (event) => !leaving && isBusy() && event.preventDefault());
addEventListener("pagehide", () => desk.hasAttribute("data-unsaved") && !leaving && fetch(desk.dataset.keep, { ...asScript(), keepalive: true }).catch(() => {}));
addEventListener("pageshow", (event) => event.persisted && location.reload());

wakeFrames(list);
if (desk.elements.replaces) keepTyped(); // whose place it takes stood in the address alone
for (const photo of await kept(owner)) begin(photo);
arrange();
desk.dataset.ready = "";
