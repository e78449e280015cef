// Preview players. Signed links die after an hour, so a player that fails asks our address for a
// fresh one, keeps its place, and goes on. A gallery card gets its video only when it is looked at.

const PAUSES = [0, 2_000, 6_000]; // milliseconds before the first, second and third try
const WITHIN = 30_000; // ... of which there are no more within this
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
  const card = cardAt(video);
  if (card) return failed && stop(card);
  video.parentElement.querySelector(".player-words").hidden = !failed;
}

function recover(video) {
  const state = player(video);
  const now = Date.now();
  state.tries = state.tries.filter((at) => now - at < WITHIN);
  if (state.tries.length >= PAUSES.length) return say(video, true);
  clearTimeout(state.again);
  state.again = setTimeout(reload, PAUSES[state.tries.length], video, state);
  state.tries.push(now);
}

function reload(video, state) {
  const { time, playing } = state;
  state.asked += 1;
  video.src = `${state.base}?again=${state.asked}`;
  video.addEventListener("loadedmetadata", () => { video.currentTime = time; }, { once: true });
  video.load();
  // When this is refused too, the error event is what counts.
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
const cardAt = (target) => target.closest?.(".card")?.querySelector("[data-player='card']");
const pressed = (card, is) => card.querySelector("button").setAttribute("aria-pressed", is);
let shown; // the one card that is looked at
let timer;

function show(card, after) {
  if (card === shown) return;
  if (shown) stop(shown);
  shown = card;
  if (card) timer = setTimeout(start, after, card);
}

function start(card) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, loop: true, playsInline: true, tabIndex: -1, ariaHidden: "true" });
  video.dataset.player = "moving";
  video.src = card.dataset.video;
  card.append(video);
  pressed(card, true);
  // play() is refused when the video is taken away again before it began.
  video.play().catch(() => {});
}

function stop(card) {
  clearTimeout(timer);
  card.querySelector("video")?.remove();
  pressed(card, false);
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "mouse" && !still.matches) show(cardAt(target), HOVER);
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".card-play:focus-visible") && !still.matches) show(cardAt(target), 0);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.matches(".card-play")) show(null);
});
document.addEventListener("click", ({ target }) => {
  const card = target.closest?.(".card-play") && cardAt(target);
  if (!card) return;
  if (card.querySelector("video")) return stop(card);
  show(null);
  show(card, 0);
});
