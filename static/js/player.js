// Preview players. Signed links die after an hour, so a player that fails asks our address for a
// fresh one, keeps its place, and goes on. A gallery card gets its video only when it is looked at.

const TRIES = 3;
const WITHIN = 30_000; // milliseconds
const STALLED = 6_000;
const HOVER = 150;

const players = new WeakMap();

function player(video) {
  if (!players.has(video)) {
    const base = video.getAttribute("src").replace(/[?&]again=\d+$/, "");
    players.set(video, { base, asked: 0, tries: [], time: 0, playing: false, progress: Date.now() });
  }
  return players.get(video);
}

function say(video, failed) {
  const card = video.closest("[data-player='card']");
  if (card && failed) stop(card);
  const box = video.parentElement?.querySelector(".player-words");
  if (box) box.hidden = !failed;
}

function recover(video) {
  const state = player(video);
  const now = Date.now();
  state.tries = state.tries.filter((at) => now - at < WITHIN);
  if (state.tries.length >= TRIES) return say(video, true);
  state.tries.push(now);
  reload(video, state);
}

function reload(video, state) {
  const { time, playing } = state;
  state.asked += 1;
  video.src = `${state.base}?again=${state.asked}`;
  video.addEventListener("loadedmetadata", () => { video.currentTime = time; }, { once: true });
  video.load();
  // A refused play() is reported by the player's own controls; the link is asked for either way.
  if (playing) video.play().catch(() => {});
}

// No data for a while although it is wanted: a range request was refused or hangs.
function watch(video) {
  const state = player(video);
  clearTimeout(state.watch);
  state.watch = setTimeout(() => {
    if (video.readyState >= 3 || video.paused && !video.seeking) return;
    if (Date.now() - state.progress < STALLED) watch(video);
    else recover(video);
  }, STALLED);
}

const heard = {
  error: recover,
  play: (video) => { player(video).playing = true; },
  pause: (video) => { if (!video.error) player(video).playing = false; },
  timeupdate: (video) => { if (video.currentTime) player(video).time = video.currentTime; },
  seeking: (video) => { player(video).time = video.currentTime; watch(video); },
  waiting: watch,
  stalled: watch,
  progress: (video) => { player(video).progress = Date.now(); },
  playing: (video) => { clearTimeout(player(video).watch); say(video, false); video.dataset.showing = ""; },
};

// Media events don't bubble, but they can be caught on their way down.
for (const [name, hear] of Object.entries(heard)) {
  document.addEventListener(name, ({ target }) => {
    if (target instanceof HTMLVideoElement && target.dataset.player && target.isConnected) hear(target);
  }, true);
}

document.addEventListener("click", ({ target }) => {
  const video = target.closest?.("[data-player-again]")?.closest(".stage").querySelector("video");
  if (!video) return;
  Object.assign(player(video), { tries: [], playing: true });
  say(video, false);
  reload(video, player(video));
});

for (const video of document.querySelectorAll("video[data-player]")) if (video.error) recover(video);

// Cards ---------------------------------------------------------------------------------------

const still = matchMedia("(prefers-reduced-motion: reduce)");

function quiet() {
  return still.matches || navigator.connection?.saveData;
}

function start(card) {
  if (card.querySelector("video")) return;
  const video = document.createElement("video");
  Object.assign(video, { muted: true, loop: true, playsInline: true, src: card.dataset.video });
  video.dataset.player = "moving";
  video.tabIndex = -1;
  video.setAttribute("aria-hidden", "true");
  card.append(video);
  card.querySelector("button").setAttribute("aria-pressed", "true");
  // play() is refused when the video is taken away again before it began.
  video.play().catch(() => {});
}

function stop(card) {
  clearTimeout(card.hover);
  const video = card.querySelector("video");
  video?.remove();
  video?.removeAttribute("src");
  video?.load();
  card.querySelector("button")?.setAttribute("aria-pressed", "false");
}

const cardOf = (target) => target.closest?.("[data-player='card']");

document.addEventListener("pointerover", ({ target, pointerType }) => {
  const card = target.closest?.(".card")?.querySelector("[data-player='card']");
  if (!card || pointerType !== "mouse" || quiet()) return;
  clearTimeout(card.hover);
  card.hover = setTimeout(start, HOVER, card);
});

document.addEventListener("pointerout", ({ target, relatedTarget, pointerType }) => {
  const whole = target.closest?.(".card");
  const card = whole?.querySelector("[data-player='card']");
  if (card && pointerType === "mouse" && !whole.contains(relatedTarget)) stop(card);
});

document.addEventListener("focusin", ({ target }) => {
  const card = target.matches(".card-play:focus-visible") && cardOf(target);
  if (card && !quiet()) start(card);
});

document.addEventListener("focusout", ({ target }) => {
  const card = target.matches(".card-play") && cardOf(target);
  if (card) stop(card);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".card-play");
  if (!button) return;
  const card = cardOf(button);
  if (card.querySelector("video")) stop(card);
  else start(card);
});
