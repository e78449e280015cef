// One upload with its progress, which fetch() can't report.

const UNSURE = "No answer came back. Retry: nothing is made twice.";
export const SESSION = "Your session may have ended. Sign in in another tab, then retry: the photo stays here.";
const TOO_MUCH = "The photo is more than this server takes in one go.";
export const PATIENCE = 120_000; // milliseconds, once everything has arrived
const PULSE = 400; // milliseconds between two looks at the speed

const words = (text, title = "Not sent") => ({ title, how_to_fix: text });
const size = (count) => (count < 1e6 ? `${Math.round(count / 1e3)} KB` : `${(count / 1e6).toFixed(1)} MB`);

function verdict({ status, responseText }) {
  let answer = null;
  try {
    answer = JSON.parse(responseText);
  } catch {} // an HTML page, from a proxy or from sign-in: the status says enough
  if (answer?.card !== undefined) return answer;
  if (answer?.findings) return { problem: answer.findings[0] };
  if (status === 413) return { problem: words(TOO_MUCH) };
  return { problem: status < 500 ? words(SESSION) : words(UNSURE, `The server failed (${status})`) };
}

// How an upload goes, in words: bytes, share, speed and the time that is left.
export function pace() {
  let [at, before, speed] = [performance.now(), 0, 0];
  return (loaded, total) => {
    const now = performance.now();
    if (now - at > PULSE) {
      const lately = ((loaded - before) / (now - at)) * 1e3;
      speed = speed ? 0.6 * speed + 0.4 * lately : lately;
      [at, before] = [now, loaded];
    }
    const said = `${size(loaded)} of ${size(total)}, ${Math.floor((100 * loaded) / total)} %`;
    return speed ? `${said}, ${size(speed)}/s, ${left((total - loaded) / speed)}` : said;
  };
}

function left(seconds) {
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  return `${Math.ceil(seconds / 60)} min left`;
}

// Resolves and never rejects: {id, card}, {problem: {title, how_to_fix, …}}, or {} when cancelled.
export function send(address, data, { onProgress, onArrival, signal }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const began = performance.now();
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.upload.onload = () => {
      request.timeout = performance.now() - began + PATIENCE; // a line may be slow, a server may not
      onArrival();
    };
    request.onload = () => resolve(verdict(request));
    request.onerror = request.ontimeout = () => resolve({ problem: words(UNSURE, "No answer") });
    request.onabort = () => resolve({});
    signal.onabort = () => request.abort();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}
