// @ts-check
// What pages share: where one may go, hearing that something changed, saying what happened.

/**
 * Goes to a path the server named; never to another origin.
 * @param {unknown} next
 * @param {string} fallback
 */
export function go(next, fallback) {
  const url = new URL(typeof next === "string" ? next : fallback, location.origin);
  location.assign(url.origin === location.origin ? url.href : fallback);
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {unknown} the member of a JSON object, or undefined
 */
export function member(value, key) {
  return typeof value === "object" && value !== null ? /** @type {Record<string, unknown>} */ (value)[key] : undefined;
}

/**
 * Calls `changed` with each state the server names. The browser reconnects by itself.
 * @param {string} url
 * @param {(state: string) => void} changed
 * @returns {EventSource}
 */
export function follow(url, changed) {
  const source = new EventSource(url);
  source.addEventListener("state", (event) => {
    try {
      const state = member(JSON.parse(event.data), "state");
      if (typeof state === "string") changed(state);
    } catch {
      // A line we do not understand changes nothing.
    }
  });
  return source;
}

/**
 * Says what happened in a live region: a sentence, what to do better, and a last line. Without a sentence, nothing.
 * @param {Element} region
 */
export function speaker(region) {
  /**
   * @param {"" | "notice notice-good" | "notice notice-bad"} look
   * @param {string} [text]
   * @param {string[]} [hints]
   * @param {string} [after]
   */
  return (look, text = "", hints = [], after = "") => {
    region.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = look;
    const head = element("p", text);
    if (hints.length) head.className = "strong";
    box.append(head);
    if (hints.length) {
      const list = document.createElement("ul");
      list.append(...hints.map((hint) => element("li", hint)));
      box.append(list);
    }
    if (after) box.append(element("p", after));
    region.append(box);
  };
}

/**
 * @param {"p" | "li"} name
 * @param {string} text
 */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
