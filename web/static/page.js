// @ts-check
// What the capture pages and the console share: where a page may go, and hearing that something changed.

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
