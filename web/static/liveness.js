// @ts-check
// The live selfie: does what the server asks for step by step, takes frames with their times, and sends them together.
// What they show is judged on the server; nothing here decides anything.

import { cameraSupported, CameraUnavailable, closeCamera, grab, openCamera } from "./camera.js";
import { go, member, speaker } from "./page.js";

const SESSION = "/v/session";
/** Longest edge of a frame, in pixels, and its JPEG quality. */
const FRAME_EDGE = 640;
const FRAME_QUALITY = 0.86;
/** Frames taken of each step, and the time between them, in milliseconds. */
const FRAMES_A_STEP = 3;
const BETWEEN_FRAMES = 220;
/** How long the camera's next frame is waited for, in milliseconds. */
const LONGEST_WAIT = 1000;
/** How long a person has to read a step and to move, in milliseconds. */
const TO_MOVE = 1700;
/** How often the light and the stillness are looked at before it begins, in milliseconds. */
const HINT_EVERY = 66;
/** Edge of the picture they are looked at in. */
const HINT_EDGE = 64;
/** How long the tick stays before the page moves on, in milliseconds. */
const TICK_SHOWN = 1200;

/** @typedef {"idle" | "opening" | "ready" | "running" | "sending" | "accepted" | "refused"} Phase */
/** @typedef {{ at_ms: number, step: number, blob: Blob }} Frame */

/**
 * @param {HTMLElement} section
 */
export function takeLiveSelfie(section) {
  const { csrf = "" } = section.dataset;
  const video = section.querySelector("video");
  const stage = section.querySelector("[data-stage]");
  const prompt = section.querySelector("[data-prompt]");
  const arrow = section.querySelector("[data-arrow]");
  const hint = section.querySelector("[data-hint]");
  const bar = section.querySelector("progress");
  const messages = section.querySelector("[data-messages]");
  const keep = document.querySelector("[data-keep]");
  const voice = section.querySelector("[data-voice]");
  if (!video || !(stage instanceof HTMLElement) || !(prompt instanceof HTMLElement) || !(arrow instanceof SVGElement)) return;
  if (!(hint instanceof HTMLElement) || !bar || !messages) return;

  /** @type {string} */
  let next = SESSION;
  let watching = 0;

  /** @param {Phase} phase */
  const show = (phase) => {
    const focusWasHere = section.contains(document.activeElement);
    for (const part of section.querySelectorAll("[data-show]")) {
      if (part instanceof HTMLElement) part.hidden = !(part.dataset.show ?? "").split(" ").includes(phase);
    }
    if (focusWasHere && document.activeElement?.closest("[hidden]")) {
      const button = [...section.querySelectorAll("button[data-do]")].find((one) => !one.closest("[hidden]"));
      if (button instanceof HTMLElement) button.focus();
    }
  };

  const say = speaker(messages);

  /**
   * A step in words, as a shape, and aloud where the person wants it.
   * @param {string} kind
   */
  const ask = (kind) => {
    const words = section.dataset[`step${camel(kind)}`] ?? "";
    prompt.textContent = words;
    arrow.dataset.arrow = kind;
    if (voice instanceof HTMLInputElement && voice.checked && "speechSynthesis" in window) {
      const spoken = new SpeechSynthesisUtterance(words);
      spoken.lang = document.documentElement.lang;
      speechSynthesis.cancel();
      speechSynthesis.speak(spoken);
    }
  };

  const open = async () => {
    say("", section.dataset.opening);
    show("opening");
    try {
      await openCamera(video, "user");
      say("");
      show("ready");
      stage.scrollIntoView({ block: "center" });
      watching = watchLight(video, (found) => {
        const words = section.dataset[`hint${camel(found)}`] ?? "";
        if (hint.textContent !== words) hint.textContent = words;
      });
    } catch (error) {
      const denied = error instanceof CameraUnavailable && error.why === "denied";
      show("idle");
      say("notice notice-bad", denied ? section.dataset.denied : section.dataset.none);
    }
  };

  const begin = async () => {
    clearInterval(watching);
    say("");
    show("running");
    try {
      const asked = await post("/v/session/liveness", csrf);
      if (!asked) return go(SESSION, SESSION);
      const steps = member(asked, "steps");
      const nonce = member(asked, "nonce");
      if (!Array.isArray(steps) || typeof nonce !== "string") throw new Error("no challenge");
      const { frames, source } = await run(video, steps, ask, (share) => (bar.value = share));
      document.documentElement.removeAttribute("data-light");
      closeCamera(video);
      say("", section.dataset.sending);
      show("sending");
      const burst = { nonce, keep_template: keep instanceof HTMLInputElement && keep.checked, frames: frames.map(({ at_ms, step }) => ({ at_ms, step })), source };
      const body = new FormData();
      body.append("burst", JSON.stringify(burst));
      for (const { blob } of frames) body.append("frame", blob, "frame.jpg");
      const answer = await post("/v/session/evidence/burst", csrf, body);
      if (!answer) return go(SESSION, SESSION);
      told(answer);
    } catch {
      document.documentElement.removeAttribute("data-light");
      closeCamera(video);
      show("refused");
      say("notice notice-bad", section.dataset.failed);
      messages.scrollIntoView({ block: "center" });
    }
  };

  /** @param {unknown} answer */
  const told = (answer) => {
    const named = member(answer, "next");
    next = typeof named === "string" ? named : SESSION;
    if (member(answer, "accepted") === true) {
      say("notice notice-good", section.dataset.accepted);
      show("accepted");
      setTimeout(() => go(next, SESSION), TICK_SHOWN);
      return;
    }
    const hints = member(answer, "hints");
    // Several reasons may be one to the person.
    const words = Array.isArray(hints) ? [...new Set(hints.map((one) => String(member(one, "message") ?? "")).filter(Boolean))] : [];
    const left = member(answer, "attempts_left");
    show("refused");
    const tries = typeof left === "number" ? (section.dataset.tries ?? "").replace("{count}", String(left)) : "";
    say("notice notice-bad", words.length ? section.dataset.refused : section.dataset.failed, words, tries);
    messages.scrollIntoView({ block: "center" });
  };

  /** @type {Record<string, () => unknown>} */
  const deeds = { open, begin, next: () => go(next, SESSION) };
  section.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-do]") : null;
    if (button instanceof HTMLElement) deeds[button.dataset.do ?? ""]?.();
  });
  addEventListener("pagehide", () => closeCamera(video));
  addEventListener("pageshow", (event) => event.persisted && go(SESSION, SESSION));
  if (voice instanceof HTMLInputElement) voice.closest("label")?.toggleAttribute("hidden", !("speechSynthesis" in window));
  if (cameraSupported()) show("idle");
  else say("notice notice-bad", section.dataset.none);
}

/**
 * Runs the steps and takes frames of each.
 * @param {HTMLVideoElement} video
 * @param {unknown[]} steps
 * @param {(kind: string) => void} ask
 * @param {(share: number) => void} progress
 * @returns {Promise<{ frames: Frame[], source: object }>}
 */
async function run(video, steps, ask, progress) {
  /** @type {Frame[]} */
  const frames = [];
  const clock = watchClock(video);
  const start = performance.now();
  for (const [step, asked] of steps.entries()) {
    ask(String(member(asked, "action")));
    document.documentElement.dataset.light = String(member(asked, "light"));
    await pause(TO_MOVE);
    for (let taken = 0; taken < FRAMES_A_STEP; taken += 1) {
      await fresh(video);
      const at_ms = Math.round(performance.now() - start);
      frames.push({ at_ms, step, blob: await grab(video, FRAME_EDGE, FRAME_QUALITY) });
      progress((step * FRAMES_A_STEP + taken + 1) / (steps.length * FRAMES_A_STEP));
      await pause(BETWEEN_FRAMES);
    }
  }
  return { frames, source: { ...clock(), ...track(video) } };
}

/**
 * Waits for the camera's next frame, where the browser tells of it: a slow camera must not be seen twice.
 * @param {HTMLVideoElement} video
 */
function fresh(video) {
  if (!("requestVideoFrameCallback" in video)) return Promise.resolve();
  return Promise.race([new Promise((resolve) => video.requestVideoFrameCallback(resolve)), pause(LONGEST_WAIT)]);
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Notes when the camera delivers frames, where the browser tells.
 * @param {HTMLVideoElement} video
 * @returns {() => { frame_times_ms: number[] }}
 */
function watchClock(video) {
  /** @type {number[]} */
  const times = [];
  let watching = true;
  if (!("requestVideoFrameCallback" in video)) return () => ({ frame_times_ms: [] });
  /** @param {number} now */
  const note = (now) => {
    if (!watching || times.length >= 300) return;
    times.push(Math.round(now * 100) / 100);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  return () => {
    watching = false;
    const first = times[0] ?? 0;
    return { frame_times_ms: times.map((time) => Math.round((time - first) * 100) / 100) };
  };
}

/** @param {HTMLVideoElement} video what the browser says of the camera */
function track(video) {
  const camera = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks()[0] : undefined;
  const settings = camera?.getSettings() ?? {};
  return {
    label: (camera?.label ?? "").slice(0, 120),
    width: settings.width ?? video.videoWidth,
    height: settings.height ?? video.videoHeight,
    frame_rate: settings.frameRate ?? null,
  };
}

/**
 * Says what would make the picture better, from its light, its contrast and its stillness: `dark`, `bright`, `behind`,
 * `still` or `good`. Knows nothing of faces, so it treats every face alike.
 * @param {HTMLVideoElement} video
 * @param {(found: string) => void} tell
 */
function watchLight(video, tell) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HINT_EDGE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  /** @type {Float32Array | null} */
  let before = null;
  let last = "";
  let since = 0;
  return setInterval(() => {
    if (!context || !video.videoWidth) return;
    context.drawImage(video, 0, 0, HINT_EDGE, HINT_EDGE);
    const { data } = context.getImageData(0, 0, HINT_EDGE, HINT_EDGE);
    const light = new Float32Array(HINT_EDGE * HINT_EDGE);
    let [inside, within, outside, without, moved] = [0, 0, 0, 0, 0];
    for (let place = 0; place < light.length; place += 1) {
      const value = 0.299 * (data[place * 4] ?? 0) + 0.587 * (data[place * 4 + 1] ?? 0) + 0.114 * (data[place * 4 + 2] ?? 0);
      light[place] = value;
      if (before) moved += Math.abs(value - (before[place] ?? 0));
      const x = ((place % HINT_EDGE) + 0.5) / HINT_EDGE - 0.5;
      const y = (Math.floor(place / HINT_EDGE) + 0.5) / HINT_EDGE - 0.5;
      if ((x / 0.28) ** 2 + (y / 0.36) ** 2 < 1) [inside, within] = [inside + value, within + 1];
      else [outside, without] = [outside + value, without + 1];
    }
    const [face, around, motion] = [inside / within, outside / without, before ? moved / light.length : 0];
    before = light;
    let found = "good";
    if (face < 55) found = "dark";
    else if (face > 225) found = "bright";
    else if (around > face + 60) found = "behind";
    else if (motion > 14) found = "still";
    // A hint that comes and goes cannot be read: one has to last before it is told.
    since = found === last ? since + 1 : 0;
    last = found;
    if (since === 4) tell(found);
  }, HINT_EVERY);
}

/**
 * @param {string} url
 * @param {string} csrf
 * @param {FormData} [body]
 * @returns {Promise<unknown>} the answer; nothing when the server's own page says better what became of the session
 */
async function post(url, csrf, body) {
  const response = await fetch(url, { method: "POST", headers: { "x-csrf": csrf }, ...(body ? { body } : {}) });
  if ([401, 403, 404, 409, 410].includes(response.status)) return undefined;
  return response.json();
}

/** @param {string} snake */
function camel(snake) {
  return snake.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
