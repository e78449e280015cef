// The reviewing desk: a key for each thing, who else is here, and the next picture ahead of time.

const desk = document.querySelector("[data-desk]");
const { desk: avatar, version, consent, here, next, nextSet } = desk.dataset;
const find = (selector) => desk.querySelector(selector);
const form = find("form");
const menu = find(".keys");
const image = find("img.stage-face");
const video = find("video");
const { note, reason } = form?.elements ?? {};
const draft = `note-${avatar}`; // what was typed outlives a look at the next one
const sent = `sent-${avatar}`; // ... and a decision that does not arrive: the version it was about
let taken; // the button that Ctrl and Enter press

function take(decision) {
  taken?.removeAttribute("data-taken");
  taken = decision && form.querySelector(`[value=${decision}]`);
  taken?.setAttribute("data-taken", "");
}

function write(decision) {
  take(decision);
  note.focus();
}

if (!here || (sessionStorage[sent] ?? version) !== version) delete sessionStorage[draft];
delete sessionStorage[sent];

if (form) {
  note.value ||= sessionStorage[draft] ?? "";
  note.addEventListener("input", () => { sessionStorage[draft] = note.value; });
  form.addEventListener("click", ({ target }) => {
    const reply = target.closest(".reply")?.dataset;
    if (!reply) return;
    sessionStorage[draft] = note.value = reply.text;
    reason.value = reply.reason;
    take(reply.decision);
    taken.focus(); // so that Enter sends it
  });
  form.addEventListener("submit", (event) => {
    if (!("ready" in desk.dataset)) return event.preventDefault();
    const { value } = event.submitter;
    const wordless = value !== "approved" && !note.value.trim();
    if (wordless) write(value);
    if (wordless || "sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    sessionStorage[sent] = version;
  });
}

// What decides waits until the face is there to be seen, and a moment longer: the second of two
// presses was meant for the face before. A picture that does not come is told, and only buttons decide.

const MOMENT = 1_000;
const PATIENCE = 8_000;
const after = (time) => new Promise((done) => setTimeout(done, time));
const buttons = form ? [...form.querySelectorAll(".actions button")] : [];
const picture = image ?? (video?.poster && Object.assign(new Image(), { src: video.poster }));

function free(seen) {
  desk.dataset.ready = seen ? "seen" : "";
  const unseen = find("[data-unseen]");
  if (unseen) unseen.hidden = seen;
  for (const button of buttons) button.ariaDisabled = null;
}

async function waitForFace() {
  for (const button of buttons) button.ariaDisabled = "true";
  const frame = new Promise((done, none) => {
    if (!video) none();
    else if (video.readyState > 1) done();
    else video.addEventListener("loadeddata", done, { once: true });
  });
  const face = Promise.any([picture ? picture.decode() : Promise.reject(), frame]).then(() => true, () => false);
  await after(MOMENT);
  face.then(free);
  await Promise.race([face, after(PATIENCE)]);
  if (!("ready" in desk.dataset)) free(false);
}

// Keys.

const acts = {
  c: () => write("changes"),
  r: () => write("rejected"),
  " ": () => (video.paused ? video.play() : video.pause()),
  "?": () => { menu.open = !menu.open; menu.firstElementChild.focus(); },
};

function act(event) {
  const key = event.key.length > 1 ? event.key : event.key.toLowerCase();
  const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control && !(key === " " ? video && !event.target.closest("a, button, summary, input, video") : key === "?" && menu)) return;
  event.preventDefault();
  if (acts[key]) acts[key]();
  else if (key !== "a" || desk.dataset.ready) control.click();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const modified = event.ctrlKey || event.metaKey;
  if (event.repeat || event.isComposing) return;
  if (modified && key === "Enter" && form?.contains(target)) {
    event.preventDefault();
    if (taken) form.requestSubmit(taken);
    else form.querySelector("[value=changes]").focus();
  } else if (target.matches("select, textarea")) {
    if (key === "Escape") target.blur();
  } else if (!modified && !event.altKey && !(key === "Escape" && target.closest(".menu")) && !("keysOff" in desk.dataset)) act(event);
});

const on = find(".keys input");
if (on) {
  on.checked = localStorage.reviewKeys !== "off";
  on.onchange = () => {
    localStorage.reviewKeys = on.checked ? "on" : "off";
    desk.toggleAttribute("data-keys-off", !on.checked);
  };
  on.onchange();
}

// Who else is here, and whether it is still open.

async function tell() {
  const over = find("[data-over]");
  if (document.hidden || !over.hidden) return;
  let told = { here: "No connection to Greenroom, or your session has ended. Nothing is lost." };
  try {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ version, consent, csrfmiddlewaretoken: token });
    const answer = await fetch(here, { method: "POST", body });
    if (!answer.redirected) told = { ...await answer.json(), out: !answer.ok };
  } catch {} // said already
  find("[data-looking]").textContent = told.here;
  if (!told.over) return;
  over.querySelector("strong").textContent = told.over;
  over.querySelector("p").hidden = told.out;
  over.hidden = false;
  for (const button of buttons) button.disabled = true;
}

if (here) {
  setInterval(tell, 15_000);
  document.addEventListener("visibilitychange", tell);
}

await waitForFace();
if (next) Object.assign(new Image(), { sizes: image?.sizes ?? "32rem", srcset: nextSet, src: next });
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
