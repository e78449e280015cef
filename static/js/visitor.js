// For people outside: what they filled in is kept, and a photo on its way is seen to be.

const SOON = 1500; // milliseconds after the last letter

const draft = document.querySelector("[data-draft]");
if (draft) {
  const said = draft.querySelector("[data-kept]");
  let timer = 0;

  const save = async () => {
    timer = 0;
    const body = new URLSearchParams(new FormData(draft));
    body.set("do", "later");
    const headers = { Accept: "application/json" };
    const answer = await fetch(location.pathname, { method: "POST", body, headers, keepalive: true }).catch(() => null);
    const over = answer?.status === 410 ? "It was answered meanwhile, or is over: load this page again." : "Not saved yet. Use the button.";
    said.textContent = answer?.ok ? "Saved. You can close this page and come back." : over;
  };
  draft.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SOON);
  });
  draft.addEventListener("submit", () => (timer = clearTimeout(timer) ?? 0));
  addEventListener("pagehide", () => timer && save());
}

const form = document.querySelector("[data-send]");
if (form) {
  const button = form.querySelector("button");
  const words = button.querySelector("[data-sending]");
  const before = words.textContent;
  const image = form.querySelector("[data-preview]");

  form.elements.photo.addEventListener("change", ({ target }) => {
    URL.revokeObjectURL(image.src);
    // The server would hang up on some of these, and the browser would show a page of its own.
    const heavy = target.files[0]?.size > form.dataset.most;
    target.setCustomValidity(heavy ? "This photo has more than 10 MB. Choose a smaller one." : "");
    image.hidden = !target.files[0];
    if (target.files[0]) image.src = URL.createObjectURL(target.files[0]);
  });
  image.addEventListener("error", () => (image.hidden = true));
  form.addEventListener("submit", () => {
    button.disabled = true;
    words.textContent = words.dataset.sending;
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
    words.textContent = before;
  });
}
