// @ts-check
// The console: a verification that updates itself, pictures to look into, secrets to copy. All of it works without.

import { follow } from "./page.js";

/** How long after a change the page is fetched, in milliseconds: changes come in bursts. */
const SETTLE = 250;
const ZOOM = { least: 1, most: 8, step: 1.4, pan: 40 };

/** @type {Set<string>} the event streams already open */
const followed = new Set();

enliven(document);

/** @param {ParentNode} root */
function enliven(root) {
  for (const part of root.querySelectorAll("[data-follow]")) if (part instanceof HTMLElement) keepFresh(part);
  for (const frame of root.querySelectorAll("[data-zoom]")) if (frame instanceof HTMLElement) makeZoomable(frame);
  for (const button of root.querySelectorAll("[data-copy]")) if (button instanceof HTMLElement) makeCopy(button);
}

/**
 * Fetches the page again whenever its verification changes, and swaps what `<main>` holds.
 * @param {HTMLElement} marker
 */
function keepFresh(marker) {
  const url = marker.dataset.follow ?? "";
  if (followed.has(url)) return;
  followed.add(url);
  /** @type {number | undefined} */
  let timer;
  const later = (delay = SETTLE) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, delay);
  };
  const refresh = async () => {
    const main = document.querySelector("main");
    if (!main) return;
    // Not while somebody is writing or about to confirm.
    if (main.querySelector("details[open] form, :is(input, select, textarea):focus")) return later(2000);
    try {
      const answer = await fetch(marker.dataset.page ?? location.href, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.reload();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (!fresh) return;
      const before = main.querySelector("[data-status]")?.textContent?.trim();
      const once = main.querySelector("[data-once]"); // A link the server shows only once stays until the person leaves.
      main.replaceChildren(...document.adoptNode(fresh).childNodes);
      if (once && !main.querySelector("[data-once]")) main.querySelector(".console-title")?.after(once);
      enliven(main);
      const after = main.querySelector("[data-status]")?.textContent?.trim();
      const voice = document.querySelector("[data-voice]");
      if (voice && after && after !== before) voice.textContent = `Status: ${after}`;
    } catch {
      later(5000);
    }
  };
  // The first event names the state the page already shows; asking once more costs one request and misses nothing.
  follow(url, () => later());
}

/**
 * Zoom by wheel, pinch, buttons and keys; move by dragging and arrow keys.
 * @param {HTMLElement} frame
 */
function makeZoomable(frame) {
  const image = frame.querySelector("img");
  if (!image) return;
  let scale = 1;
  let x = 0;
  let y = 0;
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();

  const apply = () => {
    scale = Math.min(ZOOM.most, Math.max(ZOOM.least, scale));
    const slackX = (frame.clientWidth * (scale - 1)) / 2;
    const slackY = (frame.clientHeight * (scale - 1)) / 2;
    x = Math.min(slackX, Math.max(-slackX, x));
    y = Math.min(slackY, Math.max(-slackY, y));
    image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    frame.toggleAttribute("data-zoomed", scale > 1);
  };

  /**
   * @param {number} factor
   * @param {number} [atX] what stays in place, from the frame's middle
   * @param {number} [atY]
   */
  const zoom = (factor, atX = 0, atY = 0) => {
    const grown = Math.min(ZOOM.most, Math.max(ZOOM.least, scale * factor));
    x = atX - ((atX - x) * grown) / scale;
    y = atY - ((atY - y) * grown) / scale;
    scale = grown;
    apply();
  };

  /** @param {number} byX @param {number} byY */
  const pan = (byX, byY) => {
    x += byX;
    y += byY;
    apply();
  };

  const reset = () => {
    scale = 1;
    x = 0;
    y = 0;
    apply();
  };

  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => zoom(ZOOM.step),
    "=": () => zoom(ZOOM.step),
    "-": () => zoom(1 / ZOOM.step),
    0: reset,
    ArrowLeft: () => pan(ZOOM.pan, 0),
    ArrowRight: () => pan(-ZOOM.pan, 0),
    ArrowUp: () => pan(0, ZOOM.pan),
    ArrowDown: () => pan(0, -ZOOM.pan),
  };

  frame.addEventListener("keydown", (event) => {
    const deed = keys[event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow") && scale === 1) return;
    event.preventDefault();
    deed();
  });
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && scale === 1) return; // The page scrolls until somebody means to zoom.
      event.preventDefault();
      const box = frame.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
    },
    { passive: false },
  );
  frame.addEventListener("dblclick", () => (scale > 1 ? reset() : zoom(2.5)));
  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  frame.addEventListener("pointermove", (event) => {
    const from = fingers.get(event.pointerId);
    if (!from) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const was = Math.hypot(from.x - other.x, from.y - other.y);
      if (was > 0) zoom(Math.hypot(event.clientX - other.x, event.clientY - other.y) / was);
    } else if (scale > 1) {
      pan(event.clientX - from.x, event.clientY - from.y);
    }
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, (event) => event instanceof PointerEvent && fingers.delete(event.pointerId));
  }
  image.addEventListener("dragstart", (event) => event.preventDefault());

  const buttons = frame.parentElement?.querySelectorAll("[data-zoom-by]") ?? [];
  for (const button of buttons) {
    if (!(button instanceof HTMLElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => keys[button.dataset.zoomBy ?? ""]?.());
  }
}

/**
 * Copies the text of the element the button names.
 * @param {HTMLElement} button
 */
function makeCopy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  if (button.dataset.ready) return; // Kept across a swap: listening already.
  button.dataset.ready = "yes";
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy ?? "")?.textContent?.trim();
    if (!text) return;
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying failed";
    }
    setTimeout(() => (button.textContent = label), 2000);
  });
}
