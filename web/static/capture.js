// @ts-check
// The person's pages: the clock, following another device, and taking pictures. Without it the pages still work as forms.

import { asJpeg, cameraAllowedAlready, CameraUnavailable, cameraSupported, closeCamera, grab, openCamera } from "./camera.js";
import { takeLiveSelfie } from "./liveness.js";
import { follow, go, member, speaker } from "./page.js";

const SESSION = "/v/session";
/** How long the tick stays before the page moves on, in milliseconds. */
const TICK_SHOWN = 1200;

/** @typedef {"idle" | "opening" | "live" | "preview" | "sending" | "accepted" | "refused"} Phase */

for (const clock of document.querySelectorAll("[data-expires-at]")) if (clock instanceof HTMLElement) runClock(clock);
for (const page of document.querySelectorAll("[data-live]")) if (page instanceof HTMLElement) reloadOnChange(page);
for (const form of document.querySelectorAll("form[data-submit]")) if (form instanceof HTMLFormElement) form.submit();
for (const panel of document.querySelectorAll("[data-handover]")) if (panel instanceof HTMLElement) offerHandover(panel);
for (const section of document.querySelectorAll("[data-capture]")) if (section instanceof HTMLElement) takePictures(section);
for (const section of document.querySelectorAll("[data-liveness]")) if (section instanceof HTMLElement) takeLiveSelfie(section);

/**
 * Counts down to the end; then the server says what happened.
 * @param {HTMLElement} clock
 */
function runClock(clock) {
  const end = Number(clock.dataset.expiresAt) * 1000;
  const words = clock.dataset.text ?? "{time}";
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    const hours = Math.floor(left / 3600);
    const minutes = String(Math.floor(left / 60) % 60).padStart(hours ? 2 : 1, "0");
    const time = `${hours ? `${hours}:` : ""}${minutes}:${String(left % 60).padStart(2, "0")}`;
    clock.textContent = words.replace("{time}", time);
    clock.classList.toggle("clock-soon", left < 120);
    if (left > 0) return;
    clearInterval(timer);
    // Once only: a page that comes back expired again, by a clock that runs fast, must not reload for ever.
    if (sessionStorage.getItem("ipse-expired") === clock.dataset.expiresAt) return;
    sessionStorage.setItem("ipse-expired", clock.dataset.expiresAt ?? "");
    location.reload();
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/**
 * Asks for the page anew when the server names another state than the one shown.
 * @param {HTMLElement} page
 */
function reloadOnChange(page) {
  follow(page.dataset.live ?? "", (state) => {
    if (state !== page.dataset.state) go(page.dataset.page, SESSION);
  });
}

/**
 * Shows the QR code in place.
 * @param {HTMLElement} panel
 */
function offerHandover(panel) {
  const form = panel.querySelector("form");
  const shown = panel.querySelector("[data-handover-qr]");
  const image = shown?.querySelector("img");
  if (!form || !(shown instanceof HTMLElement) || !image) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const body = new URLSearchParams({ csrf: csrfOf(form) });
      const answer = await fetch(form.action, { method: "POST", body });
      const drawnFrom = new URL(answer.url).searchParams.get("qr");
      if (!answer.ok || !drawnFrom) throw new Error(String(answer.status));
      image.src = `${SESSION}/handover.svg?n=${drawnFrom}`;
    } catch {
      form.submit();
      return;
    }
    form.hidden = true;
    shown.hidden = false;
  });
}

/** @param {HTMLFormElement} form */
function csrfOf(form) {
  const value = new FormData(form).get("csrf");
  return typeof value === "string" ? value : "";
}

/**
 * One picture: camera or file, look at it, send it, hear what is wrong with it, go on.
 * @param {HTMLElement} section
 */
function takePictures(section) {
  const { url = SESSION, csrf = "", facing } = section.dataset;
  const video = section.querySelector("video");
  const preview = section.querySelector("[data-preview]");
  const stage = section.querySelector("[data-stage]");
  const messages = section.querySelector("[data-messages]");
  const upload = section.querySelector("[data-upload]");
  const file = upload?.querySelector("input[type=file]");
  if (!video || !(preview instanceof HTMLImageElement) || !(stage instanceof HTMLElement) || !messages) return;

  let tries = Number(section.dataset.triesLeft);
  /** @type {Blob | null} */
  let picture = null;
  /** @type {string} */
  let next = SESSION;
  let fromFile = false;

  /** @param {Phase} phase */
  const show = (phase) => {
    const focusWasHere = section.contains(document.activeElement) && document.activeElement?.matches("[data-do]");
    stage.hidden = !cameraSupported() && (phase === "idle" || phase === "opening" || phase === "live");
    for (const part of section.querySelectorAll("[data-show]")) {
      if (part instanceof HTMLElement) part.hidden = !(part.dataset.show ?? "").split(" ").includes(phase);
    }
    if (upload instanceof HTMLElement) upload.hidden = phase === "preview" || phase === "sending" || phase === "accepted";
    // A hidden button drops the focus: hand it to the one that comes next.
    if (focusWasHere && document.activeElement?.closest("[hidden]")) focusFirst(section);
  };

  const say = speaker(messages);

  const open = async () => {
    say("", section.dataset.opening);
    show("opening");
    try {
      await openCamera(video, facing === "user" ? "user" : "environment");
      say("");
      show("live");
    } catch (error) {
      const denied = error instanceof CameraUnavailable && error.why === "denied";
      show("idle");
      say("notice notice-bad", denied ? section.dataset.denied : section.dataset.none);
    }
  };

  /** @param {Blob} taken */
  const look = (taken) => {
    picture = taken;
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(taken);
    closeCamera(video);
    say("");
    show("preview");
  };

  const take = async () => {
    try {
      fromFile = false;
      look(await grab(video));
    } catch {
      await open();
    }
  };

  const send = async () => {
    if (!picture) return;
    say("", section.dataset.sending);
    show("sending");
    /** @type {unknown} */
    let answer;
    try {
      const response = await fetch(url, { method: "POST", headers: { "content-type": "image/jpeg", "x-csrf": csrf }, body: picture });
      // Expired, claimed elsewhere, not ours any more: the server's own page says it best.
      if ([401, 403, 404, 409, 410].includes(response.status)) return go(SESSION, SESSION);
      answer = await response.json();
    } catch {
      answer = undefined;
    }
    const accepted = member(answer, "accepted");
    if (typeof accepted !== "boolean") {
      show("preview");
      return say("notice notice-bad", section.dataset.failed);
    }
    const named = member(answer, "next");
    next = typeof named === "string" ? named : SESSION;
    if (accepted) {
      say("notice notice-good", section.dataset.accepted);
      show("accepted");
      setTimeout(() => go(next, SESSION), TICK_SHOWN);
      return;
    }
    const left = member(answer, "attempts_left");
    tries = typeof left === "number" ? left : tries - 1;
    if (tries <= 0) return go(next, SESSION);
    const hints = member(answer, "hints");
    const words = Array.isArray(hints) ? hints.map((hint) => String(member(hint, "message") ?? "")).filter(Boolean) : [];
    show("refused");
    say("notice notice-bad", section.dataset.refused, words, (section.dataset.tries ?? "").replace("{count}", String(tries)));
  };

  const again = async () => {
    say("");
    show("idle");
    if (fromFile && file instanceof HTMLInputElement) file.click();
    else if (cameraSupported()) await open();
  };

  /** @type {Record<string, () => unknown>} */
  const deeds = { open, take, use: send, again, next: () => go(next, SESSION) };
  section.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-do]") : null;
    if (button instanceof HTMLElement) deeds[button.dataset.do ?? ""]?.();
  });

  if (upload && file instanceof HTMLInputElement) {
    const button = upload.querySelector("[data-send]");
    if (button instanceof HTMLElement) button.hidden = true;
    const label = upload.querySelector("label");
    if (label?.dataset.labelCamera && cameraSupported()) label.textContent = label.dataset.labelCamera;
    file.addEventListener("change", async () => {
      const chosen = file.files?.[0];
      if (!chosen) return;
      fromFile = true;
      // What the browser cannot draw, the server may still read, or say why not.
      look(await asJpeg(chosen).catch(() => chosen));
      file.value = "";
    });
  }

  addEventListener("pagehide", () => closeCamera(video));
  // Coming back by the back button: the server knows which picture is due now.
  addEventListener("pageshow", (event) => event.persisted && go(SESSION, SESSION));
  show("idle");
  if (!cameraSupported() && !upload) say("notice notice-bad", section.dataset.none);
  else if (cameraSupported()) void cameraAllowedAlready().then((allowed) => (allowed ? open() : undefined));
}

/** @param {HTMLElement} section */
function focusFirst(section) {
  for (const button of section.querySelectorAll("button[data-do]")) {
    if (button instanceof HTMLElement && !button.closest("[hidden]")) return button.focus();
  }
}
