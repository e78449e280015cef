/* Shows what needs passkeys where the browser has them, and says so when one fails. */
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // people read it on the page, not in the console
  for (const words of document.querySelectorAll("[data-passkeys-failed]")) words.hidden = false;
});
