// One upload with its progress. fetch() can't report what was sent, XMLHttpRequest can.

const LOST = "The connection broke before the photo was through. Nothing was made. Try again.";
const UNSURE = "The photo was sent, but the answer was lost. Look into the gallery before you try again.";
const SESSION = "Your session has ended. Sign in in another tab, then try again. The photo stays here.";
const NOT_ALLOWED = "You may not make avatars (any more). An administrator can change that.";

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null; // an HTML page, from a proxy or from sign-in
  }
}

function verdict(request) {
  const answer = answerOf(request);
  if (request.status === 202 && answer?.avatars) return { avatars: answer.avatars };
  if (request.status === 422 && answer?.findings) return { findings: answer.findings };
  if (answer?.message) return { words: answer.message };
  if (request.status === 413) return { words: "The photo is more than this server takes in one go." };
  if (request.status === 403) return { words: request.responseText.includes("CSRF") ? SESSION : NOT_ALLOWED };
  if (request.status < 500) return { words: SESSION };
  return { words: `The server failed (${request.status}). Look into the gallery before you try again.` };
}

// Resolves, never rejects: {avatars}, {findings}, {words} or {cancelled: true}.
export function send(address, data, { onProgress, signal }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let through = false;
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
    request.upload.addEventListener("load", () => { through = true; });
    request.addEventListener("load", () => resolve(verdict(request)));
    request.addEventListener("error", () => resolve({ words: through ? UNSURE : LOST }));
    request.addEventListener("abort", () => resolve({ cancelled: true, through }));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}
