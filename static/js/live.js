// What htmx doesn't do by itself: a session that ended, a connection that is gone.

function words() {
  const found = document.getElementById("connection");
  if (found) return found;
  const made = Object.assign(document.createElement("p"), { id: "connection", className: "connection notice" });
  made.dataset.tone = "wait";
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

// A fragment that was answered by a redirect is the sign-in page: load it as a page, not into this one.
document.addEventListener("htmx:before:response", (event) => {
  if (!event.detail.ctx.response.raw.redirected) return;
  event.preventDefault();
  location.reload();
});

document.addEventListener("htmx:error", () => {
  words().textContent = "No connection to Greenroom right now. Nothing is lost.";
});

document.addEventListener("htmx:after:swap", () => {
  document.getElementById("connection")?.replaceChildren();
});
