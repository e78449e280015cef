// The gallery's search: short addresses, and the focus kept when more cards arrive.

import "./live.js";

const form = document.querySelector("[data-gallery-filters]");

// Fires for htmx and for a plain submit alike: empty fields have no business in the address.
form?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

let next = 0;

document.addEventListener("htmx:before:request", ({ target }) => {
  if (target.closest?.(".cards-more")) next = document.querySelectorAll(".card").length;
});

// The button that was pressed is gone now: go on at the first card it brought.
document.addEventListener("htmx:after:swap", () => {
  if (next) document.querySelectorAll(".card h2 a")[next]?.focus();
  next = 0;
});
