// Trying the API from its reference. The token lives in one field of this page and nowhere else.

const FACTS = ["Location", "Retry-After", "ETag", "Greenroom-Id", "Greenroom-Approval"];
const token = document.querySelector("[data-try-token] input");

function fields(form, place) {
  return [...form.querySelectorAll(`[data-place="${place}"]`)].filter((field) => field.value);
}

function address(form) {
  let path = form.dataset.path;
  for (const field of fields(form, "path")) {
    path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
  }
  const query = new URLSearchParams(fields(form, "query").map(({ name, value }) => [name, value]));
  return query.size ? `${path}?${query}` : path;
}

function request(form) {
  const headers = new Headers({ Authorization: `Bearer ${token.value.trim()}` });
  for (const field of fields(form, "header")) headers.set(field.name, field.value);
  const [json] = fields(form, "json");
  if (json) {
    headers.set("Content-Type", "application/json");
    return { headers, body: json.value };
  }
  const parts = fields(form, "form");
  if (!parts.length) return { headers };
  const body = new FormData();
  for (const part of parts) body.set(part.name, part.files?.[0] ?? part.value);
  return { headers, body };
}

async function send(form) {
  const told = form.querySelector("[data-told]");
  if (!/^[!-~]+$/.test(token.value.trim())) {
    told.textContent = "Paste a token at the top of this page first.";
    token.focus();
    return;
  }
  const said = form.querySelector("pre");
  const begun = performance.now();
  told.textContent = "Waiting for the answer …";
  said.hidden = true;
  try {
    const options = { method: form.dataset.method, credentials: "omit", ...request(form) };
    const answer = await fetch(address(form), options);
    const text = await answer.text();
    const seconds = ((performance.now() - begun) / 1000).toFixed(2);
    const facts = FACTS.filter((name) => answer.headers.has(name));
    told.textContent = [
      `${answer.status} ${answer.statusText}, after ${seconds} s`,
      ...facts.map((name) => `${name}: ${answer.headers.get(name)}`),
    ].join(" | ");
    said.textContent = pretty(text);
    said.hidden = !text;
  } catch (error) {
    told.textContent = `The call could not be made: ${error.message}`;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

for (const part of document.querySelectorAll("[data-try], [data-try-token]")) part.hidden = false;
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.path) return;
  event.preventDefault();
  send(event.target);
});
