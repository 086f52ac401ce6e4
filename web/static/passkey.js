// @ts-check
// Signing in with a passkey, and adding one: the WebAuthn ceremonies around two JSON calls each.

import { go, member } from "./page.js";

/** @typedef {"sign-in" | "register"} Ceremony */

/** What a person can do about the ways a ceremony ends early. */
const WORDS = {
  unsupported: "This browser cannot use passkeys. Use a current browser, or ask an administrator for a one-time link.",
  cancelled: "No passkey was used. Try again when you are ready.",
  known: "This device already has a passkey for your account.",
  refused: "The passkey was not accepted. Try again, or ask an administrator for a one-time link.",
  unreachable: "The server could not be reached. Check your connection and try again.",
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const ceremony = button.dataset.passkey === "register" ? "register" : "sign-in";
  const status = document.querySelector("[data-passkey-status]");
  button.hidden = false;
  if (!("PublicKeyCredential" in window)) {
    button.disabled = true;
    if (status) status.textContent = WORDS.unsupported;
    continue;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    if (status) status.textContent = "";
    try {
      go(await run(ceremony, button.dataset.csrf ?? ""), "/console");
    } catch (error) {
      if (status) status.textContent = explain(error);
      button.disabled = false;
    }
  });
}

/**
 * @param {Ceremony} ceremony
 * @param {string} csrf
 * @returns {Promise<unknown>} where to go next
 */
async function run(ceremony, csrf) {
  const label = document.querySelector("[data-passkey-name]");
  const name = label instanceof HTMLInputElement && label.value ? { name: label.value } : {};
  const begun = await post(`/console/passkeys/${ceremony}/begin`, csrf, {});
  const publicKey = member(begun, "publicKey");
  const credential = ceremony === "register" ? await create(publicKey) : await get(publicKey);
  const finished = await post(`/console/passkeys/${ceremony}/finish`, csrf, { state: member(begun, "state"), credential: toJson(credential), ...(ceremony === "register" ? name : {}) });
  return member(finished, "next");
}

/**
 * @param {string} path
 * @param {string} csrf
 * @param {unknown} body
 * @returns {Promise<unknown>}
 */
async function post(path, csrf, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-csrf": csrf },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error("refused");
  return answer.json();
}

/** @param {any} options creation options as JSON */
async function create(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON
    ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
    : {
        ...options,
        challenge: decode(options.challenge),
        user: { ...options.user, id: decode(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map(withBytes),
      };
  return only(await navigator.credentials.create({ publicKey }));
}

/** @param {any} options request options as JSON */
async function get(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON
    ? PublicKeyCredential.parseRequestOptionsFromJSON(options)
    : { ...options, challenge: decode(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(withBytes) };
  return only(await navigator.credentials.get({ publicKey }));
}

/** @param {{id: string}} descriptor */
function withBytes(descriptor) {
  return { ...descriptor, id: decode(descriptor.id) };
}

/** @param {Credential | null} credential */
function only(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no credential", "NotAllowedError");
  return credential;
}

/** @param {PublicKeyCredential} credential */
function toJson(credential) {
  if (typeof credential.toJSON === "function") {
    try {
      return credential.toJSON();
    } catch {
      // Some password managers hand out objects whose toJSON throws: fall through.
    }
  }
  const { response } = credential;
  const about = {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
  const clientDataJSON = encode(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) {
    return { ...about, response: { clientDataJSON, attestationObject: encode(response.attestationObject), transports: response.getTransports?.() ?? [] } };
  }
  const assertion = /** @type {AuthenticatorAssertionResponse} */ (response);
  return {
    ...about,
    response: {
      clientDataJSON,
      authenticatorData: encode(assertion.authenticatorData),
      signature: encode(assertion.signature),
      userHandle: assertion.userHandle ? encode(assertion.userHandle) : undefined,
    },
  };
}

/**
 * @param {string} text base64url without padding
 * @returns {ArrayBuffer}
 */
function decode(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}

/** @param {ArrayBuffer} buffer */
function encode(buffer) {
  let binary = "";
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof DOMException) return error.name === "InvalidStateError" ? WORDS.known : WORDS.cancelled;
  if (error instanceof TypeError) return WORDS.unreachable;
  return WORDS.refused;
}
