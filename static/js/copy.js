// Copy buttons: <button class="copy" data-copy="text">. Says "Copied" where the button said "Copy".

const BACK_AFTER = 2000; // milliseconds

function label(button) {
  return button.querySelector("span:not(.visually-hidden)") ?? button.lastChild;
}

async function copy(button) {
  const place = label(button);
  const before = (button.dataset.label ??= place.textContent);
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    place.textContent = "Copied";
    button.dataset.copied = "";
  } catch {
    // Browsers give no clipboard to pages over plain http; the text can still be selected by hand.
    place.textContent = "Select it by hand";
  }
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    place.textContent = before;
    delete button.dataset.copied;
  }, BACK_AFTER);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
});
