// The frame over the whole photo: dragged, pinched, or moved by keys. The numbers are those of the
// form's own sliders, so that it works the same without this.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const GROW = { "+": 1, "=": 1, "-": -1 };
const LINES = '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path d="M0 25h100M0 50h100M50 0v100"/><path d="M38 41a12 16 0 1 0 24 0a12 16 0 1 0-24 0M12 100c3-22 18-30 38-31c20 1 35 9 38 31"/></svg>';
const clamp = (value, low, high) => Math.round(Math.min(Math.max(value, low), high));

export function wakeFrames(root) {
  for (const details of root.querySelectorAll("[data-frame]")) details.addEventListener("toggle", () => details.open && wake(details));
}

function wake(details) {
  if (details.dataset.awake) return;
  details.dataset.awake = "yes";
  const [width, height] = [Number(details.dataset.width), Number(details.dataset.height)];
  const short = Math.min(width, height);
  const [stage, cuts] = [details.querySelector(".frame-stage"), details.querySelector("[data-cuts]")];
  const image = stage.querySelector("img");
  const sliders = Object.fromEntries(["left", "top", "side"].map((part) => [part, details.querySelector(`[data-part=${part}]`)]));
  const box = document.createElement("div");
  box.className = "frame-box";
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", "The frame. Arrow keys move it, plus and minus change its size.");
  box.innerHTML = `${LINES}<span class="frame-grip"></span>`;
  stage.append(box);
  cuts.hidden = false;

  const touched = () => (details.dataset.moved = ""); // Make has it cut first
  const now = () => ({ left: +sliders.left.value, top: +sliders.top.value, side: +sliders.side.value });
  function set({ left, top, side }) {
    side = clamp(side, Math.min(+sliders.side.min, short), short);
    sliders.left.max = width - side;
    sliders.top.max = height - side;
    sliders.side.value = side;
    sliders.left.value = clamp(left, 0, width - side);
    sliders.top.value = clamp(top, 0, height - side);
    draw();
  }
  // Around its middle, as a zoom does.
  const resize = (by) => {
    const { left, top, side } = now();
    const wanted = clamp(side + by, Math.min(+sliders.side.min, short), short);
    set({ left: left + (side - wanted) / 2, top: top + (side - wanted) / 2, side: wanted });
  };
  const moves = (where) => (touched(), set(where));
  const zooms = (by) => (touched(), resize(by));
  function draw() {
    const { left, top, side } = now();
    box.style.left = `${(100 * left) / width}%`;
    box.style.top = `${(100 * top) / height}%`;
    box.style.width = `${(100 * side) / width}%`;
    box.style.height = `${(100 * side) / height}%`;
    sliders.left.ariaValueText = `${Math.round((100 * left) / width)} % from the left`;
    sliders.top.ariaValueText = `${Math.round((100 * top) / height)} % from the top`;
    sliders.side.ariaValueText = `${side} pixels`;
    if (image.naturalWidth) for (const canvas of cuts.querySelectorAll("canvas")) cut(canvas, image, width, { left, top, side });
  }

  for (const slider of Object.values(sliders)) {
    slider.addEventListener("input", () => moves(now()));
  }
  image.addEventListener("load", draw);
  box.addEventListener("keydown", (event) => {
    const step = Math.max(1, Math.round(short / (event.shiftKey ? 20 : 100)));
    const [way, grow] = [KEYS[event.key], GROW[event.key]];
    if (!way && !grow) return;
    event.preventDefault();
    const { left, top, side } = now();
    if (grow) zooms(grow * step);
    else moves({ left: left + way[0] * step, top: top + way[1] * step, side });
  });
  box.addEventListener("wheel", (event) => {
    if (document.activeElement !== box) return; // the page scrolls on below it
    event.preventDefault();
    zooms((event.deltaY > 0 ? 1 : -1) * Math.round(short / 40));
  }, { passive: false });
  follow(box, { now, set: moves, resize: zooms, scale: () => width / stage.clientWidth });
  set(now());
}

// One pointer drags the frame or its corner, two pinch it.
function follow(box, { now, set, resize, scale }) {
  const fingers = new Map();
  const spread = () => {
    const [one, two] = [...fingers.values()];
    return Math.hypot(one.x - two.x, one.y - two.y);
  };
  box.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    box.focus({ preventScroll: true });
    box.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, grip: event.target !== box && event.target.matches(".frame-grip") });
  });
  box.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = fingers.size > 1 && spread();
    const [x, y] = [(event.clientX - finger.x) * scale(), (event.clientY - finger.y) * scale()];
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    const { left, top, side } = now();
    if (before) resize((spread() - before) * scale());
    else if (finger.grip) set({ left, top, side: side + (x + y) / 2 });
    else set({ left: left + x, top: top + y, side });
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, (event) => fingers.delete(event.pointerId));
}

// As a square is cut for conversations: two thirds of it, from the middle.
function cut(canvas, image, width, { left, top, side }) {
  const scale = image.naturalWidth / width;
  const wide = canvas.width > canvas.height;
  const [w, h] = wide ? [side, (side * 2) / 3] : [(side * 2) / 3, side];
  const [x, y] = [left + (side - w) / 2, top + (side - h) / 2];
  canvas.getContext("2d").drawImage(image, x * scale, y * scale, w * scale, h * scale, 0, 0, canvas.width, canvas.height);
}
