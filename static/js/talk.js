// A minute with an avatar. Anam's SDK comes with the click, and asks this server for all but the
// stream. The microphone is asked for first: a no costs no try.

const panel = document.querySelector("[data-talk]");
const [form, video, label, words, clock, tries] =
  ["form", "video", "button span", "[role=status]", "[role=timer]", "b"].map((part) => panel.querySelector(part));
const offer = label.textContent;
const PATIENCE = 20_000; // milliseconds
let stop; // ends the talk that is on

// The page has the words, by their names; answers bring their own.
function say(what) {
  words.textContent = words.dataset[what] ?? what;
  label.textContent = stop ? "Stop" : offer;
  video.hidden = !stop;
}

async function talk() {
  let microphone, client, until, talking;
  const timer = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (talking) clock.textContent = `${left} s`;
    if (left < 1) end(talking ? "over" : "lost");
  }, 250);
  const free = () => {
    microphone?.getTracks().forEach((track) => track.stop());
    client?.stopStreaming();
  };
  const end = stop = (what) => {
    if (stop !== end) return;
    stop = video.srcObject = null;
    clearInterval(timer);
    clock.textContent = "";
    free();
    say(what);
  };
  say("asking");
  try {
    await import(panel.dataset.talk);
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    if (stop !== end) return;
    say("calling");
    until = Date.now() + PATIENCE;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const { message, sessionToken, seconds, left } = await answer.json();
    if (stop !== end || !sessionToken) return end(message);
    tries.textContent = left;
    client = self.anam.createClient(sessionToken, {
      api: { baseUrl: location.origin },
      metrics: { disableClientMetrics: true },
    });
    client.addListener("CONNECTION_ESTABLISHED", () => {
      talking = true;
      until = Date.now() + seconds * 1000;
      say("on");
    });
    client.addListener("CONNECTION_CLOSED", (code) => end(/SERVER/.test(code) ? "over" : "lost"));
    await client.streamToVideoElement(video.id, microphone);
  } catch (error) {
    end(words.dataset[error.name.toLowerCase()] ?? error.details?.cause ?? "failed");
  } finally {
    if (stop !== end) free(); // latecomers
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  stop ? stop("ended") : talk();
});
form.hidden = !navigator.mediaDevices; // https alone has them
