// What every page has: menus (details of class menu) that close as menus do, and the way out.

function closeMenus(except) {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Photos that have not arrived yet lie in the browser: whoever signs out leaves none behind.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[action$='/logout/']")) return;
  event.preventDefault();
  const forgotten = import("./shelf.js").then(({ forgetAll }) => forgetAll(), () => {});
  await Promise.race([forgotten, new Promise((done) => setTimeout(done, 500))]);
  event.target.submit();
});
