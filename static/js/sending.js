// One upload with its progress, which fetch() can't report.

const UNSURE = "No answer came back. Try again: nothing is made twice.";
const SESSION = "Your session may have ended. Sign in in another tab, then try again: the photo stays here.";
const TOO_MUCH = "The photo is more than this server takes in one go.";

const words = (text, title = "Not sent") => ({ title, words: text });

function verdict({ status, responseText }) {
  let answer = null;
  try {
    answer = JSON.parse(responseText);
  } catch {} // an HTML page, from a proxy or from sign-in: the status says enough
  if (answer?.avatars || answer?.findings) return answer;
  if (answer?.message) return words(answer.message);
  if (status === 413) return words(TOO_MUCH);
  return status < 500 ? words(SESSION) : words(UNSURE, `The server failed (${status})`);
}

// Resolves and never rejects: {avatars}, {findings}, {title, words}, or {} when it was cancelled.
export function send(address, data, { onProgress, signal }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let through = false;
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.upload.onload = () => (through = true);
    request.onload = () => resolve(verdict(request));
    request.onerror = () => resolve(words(UNSURE, "No answer"));
    request.onabort = () => resolve(through ? words(UNSURE, "Cancelled late") : {});
    signal.onabort = () => request.abort();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}
