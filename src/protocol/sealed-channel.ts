import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

/** A frame that was changed, replayed, left out or put in: the connection cannot be trusted any more. */
export class SealError extends Error {
  override readonly name = "SealError";
}

export const SEAL_KEY_BYTES = 32;
/** A frame is so many bytes longer than what it holds (Poly1305). */
export const SEAL_BYTES = 16;
const NONCE_BYTES = 12;

/** The nonce of a frame: its number, 64 bits little-endian behind 32 of zero (RFC 8439, 2.8). */
function nonceOf(frame: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  const view = new DataView(nonce.buffer);
  view.setUint32(4, frame % 2 ** 32, true);
  view.setUint32(8, Math.floor(frame / 2 ** 32), true);
  return nonce;
}

/**
 * One end of a connection on which every frame is sealed by ChaCha20-Poly1305 with a key for each direction. The number of
 * a frame is its nonce and is not sent: a frame that was recorded, swapped, dropped or made up does not open.
 */
export class SealedChannel {
  readonly #sendKey: Uint8Array;
  readonly #receiveKey: Uint8Array;
  #sent = 0;
  #received = 0;
  #isBroken = false;

  constructor(sendKey: Uint8Array, receiveKey: Uint8Array) {
    this.#sendKey = sendKey;
    this.#receiveKey = receiveKey;
  }

  /** Seals the next frame. */
  seal(plain: Uint8Array): Uint8Array {
    return chacha20poly1305(this.#sendKey, nonceOf(this.#sent++)).encrypt(plain);
  }

  /** Opens the next frame. @throws SealError when it is not that of the other end; none opens after it */
  open(frame: Uint8Array): Uint8Array {
    try {
      if (this.#isBroken) throw new SealError("The channel is broken.");
      return chacha20poly1305(this.#receiveKey, nonceOf(this.#received++)).decrypt(frame);
    } catch (error) {
      this.#isBroken = true;
      throw new SealError("A frame is not what was sent.", { cause: error });
    }
  }
}
