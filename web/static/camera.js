// @ts-check
// The camera, and turning what it or a file holds into a JPEG. Knows nothing of the page it serves.

/** Longest edge, in pixels, of a picture we re-encode: enough to read a passport's smallest print. */
const LONGEST_EDGE = 4096;
/** A JPEG up to this many bytes is sent as it came. */
const LARGEST_AS_IS = 8_000_000;
const QUALITY = 0.92;

/** Why there is no picture: the person or the browser said no, or there is no camera. */
export class CameraUnavailable extends Error {
  /** @param {"denied" | "none"} why */
  constructor(why) {
    super(why);
    /** @type {"denied" | "none"} */
    this.why = why;
  }
}

/** @returns {boolean} whether this browser, on this page, can open a camera at all */
export function cameraSupported() {
  return Boolean(window.isSecureContext && navigator.mediaDevices?.getUserMedia);
}

/** @returns {Promise<boolean>} whether the camera would open without a question */
export async function cameraAllowedAlready() {
  try {
    const name = /** @type {PermissionName} */ ("camera");
    return (await navigator.permissions.query({ name })).state === "granted";
  } catch {
    return false; // Firefox and older Safari do not know the name.
  }
}

/**
 * Opens the camera and shows it in `video`.
 * @param {HTMLVideoElement} video
 * @param {"environment" | "user"} facing
 * @returns {Promise<void>}
 */
export async function openCamera(video, facing) {
  closeCamera(video);
  const size = facing === "user" ? { width: { ideal: 1920 }, height: { ideal: 1080 } } : { width: { ideal: 3840 }, height: { ideal: 2160 } };
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: facing }, ...size } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new CameraUnavailable(name === "NotAllowedError" || name === "SecurityError" ? "denied" : "none");
  }
  video.srcObject = stream;
  await video.play();
}

/**
 * Stops the camera, so that its light goes out.
 * @param {HTMLVideoElement} video
 */
export function closeCamera(video) {
  if (video.srcObject instanceof MediaStream) {
    for (const track of video.srcObject.getTracks()) track.stop();
  }
  video.srcObject = null;
}

/**
 * The whole frame the camera shows right now; never mirrored, whatever the page shows.
 * @param {HTMLVideoElement} video
 * @param {number} [edge] the longest edge it may have, in pixels
 * @param {number} [quality] of the JPEG, up to 1
 * @returns {Promise<Blob>}
 */
export function grab(video, edge, quality) {
  return draw(video, video.videoWidth, video.videoHeight, edge, quality);
}

/**
 * A chosen file as JPEG, upright. Sent as it is where it is one already and not too large.
 * @param {File} file
 * @returns {Promise<Blob>} rejects when the browser cannot read the file as an image
 */
export async function asJpeg(file) {
  if (file.type === "image/jpeg" && file.size <= LARGEST_AS_IS) return file;
  const bitmap = await createImageBitmap(file);
  try {
    return await draw(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number} [edge]
 * @param {number} [quality]
 * @returns {Promise<Blob>}
 */
async function draw(source, width, height, edge = LONGEST_EDGE, quality = QUALITY) {
  const scale = Math.min(1, edge / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context || !canvas.width || !canvas.height) throw new Error("no picture to draw");
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be encoded"))), "image/jpeg", quality);
  });
}
