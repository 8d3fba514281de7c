import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Cpace, type CpaceInput } from "./cpace.js";
import { joinParts } from "./length-value.js";
import { PROTOCOL_VERSION } from "./messages.js";
import { readKey } from "./pairing-key.js";
import { SEAL_KEY_BYTES, SealedChannel } from "./sealed-channel.js";
import { oneOf, orNull, shape, text, type Reader } from "./shape.js";
import { parseStrictJson } from "./strict-json.js";

/**
 * How a phone and the box come to a sealed channel. Four texts, in turns:
 *
 * 1. phone: {"hello": 2, "kind", "phone", "ephemeral", "nonce"}
 * 2. box:   {"ephemeral", "nonce"}
 * 3. phone: {"proof"}
 * 4. box:   {"proof"}
 *
 * "paired" and "url" prove a key of 128 bits that both know: the session's keys come from it and from an X25519 exchange, so
 * that a key that is stolen later opens no recording. "code" proves eight digits by CPace. The phone proves first: who asks
 * learns nothing against which digits could be tried. All bytes are in hexadecimal.
 */
export const HANDSHAKE_KINDS = ["paired", "url", "code"] as const;
export type HandshakeKind = (typeof HANDSHAKE_KINDS)[number];

/** Longest text of a handshake in characters. */
export const MAX_HANDSHAKE_CHARACTERS = 512;

/** The other side does not know the secret, or is no such side at all. It is not said which. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";

  constructor(cause?: unknown) {
    super("The handshake failed.", { cause });
  }
}

/** What the phone says first. */
export interface Hello {
  readonly hello: typeof PROTOCOL_VERSION;
  readonly kind: HandshakeKind;
  /** Id of a phone that is paired, else null. */
  readonly phone: string | null;
  readonly ephemeral: string;
  readonly nonce: string;
}

/** Gives so many bytes that nobody can foresee. */
export type RandomBytes = (count: number) => Uint8Array;

const POINT_BYTES = 32;
const NONCE_BYTES = 16;
const PROOF_BYTES = 32;
const LABEL = utf8ToBytes("Lacquer pairing 2");
const NO_SESSION = new Uint8Array(0);

function bytesOf(count: number): Reader<string> {
  return (value, path) => {
    const hex = text(2 * count)(value, path);
    if (!new RegExp(`^[0-9a-f]{${2 * count}}$`).test(hex)) throw new HandshakeError();
    return hex;
  };
}

const readHelloShape = shape<Hello>({
  hello: oneOf([PROTOCOL_VERSION]), kind: oneOf(HANDSHAKE_KINDS), phone: orNull(text(64)), ephemeral: bytesOf(POINT_BYTES), nonce: bytesOf(NONCE_BYTES),
});
const readShareShape = shape<Pick<Hello, "ephemeral" | "nonce">>({ ephemeral: bytesOf(POINT_BYTES), nonce: bytesOf(NONCE_BYTES) });
const readProofShape = shape<{ readonly proof: string }>({ proof: bytesOf(PROOF_BYTES) });

function read<T>(reader: Reader<T>, message: string): T {
  try {
    return reader(parseStrictJson(message, MAX_HANDSHAKE_CHARACTERS), "");
  } catch (error) {
    throw new HandshakeError(error);
  }
}

/** Reads the first text of a phone. @throws HandshakeError */
export function readHello(message: string): Hello {
  return read(readHelloShape, message);
}

/** Whether this is the first text of a phone whose page speaks another version of the protocol. */
export function isOfOtherVersion(message: string): boolean {
  try {
    const { hello } = parseStrictJson(message, MAX_HANDSHAKE_CHARACTERS) as { readonly hello?: unknown };
    return Number.isInteger(hello) && hello !== PROTOCOL_VERSION;
  } catch {
    return false;
  }
}

interface SessionKeys {
  readonly phoneProof: Uint8Array;
  readonly boxProof: Uint8Array;
  readonly phone: Uint8Array;
  readonly box: Uint8Array;
}

/** The keys of a session: both proofs are over all that was said, so that nothing of it can have been changed. */
function sessionKeys(shared: Uint8Array, hello: Hello, share: Pick<Hello, "ephemeral" | "nonce">): SessionKeys {
  const transcript = sha256(joinParts(
    LABEL, utf8ToBytes(hello.kind), utf8ToBytes(hello.phone ?? ""),
    ...[hello.ephemeral, hello.nonce, share.ephemeral, share.nonce].map(hexToBytes),
  ));
  const bytes = hkdf(sha256, shared, transcript, LABEL, 4 * SEAL_KEY_BYTES);
  const key = (n: number): Uint8Array => bytes.slice(n * SEAL_KEY_BYTES, (n + 1) * SEAL_KEY_BYTES);
  return { phoneProof: hmac(sha256, key(0), transcript), boxProof: hmac(sha256, key(1), transcript), phone: key(2), box: key(3) };
}

/** Whether two proofs are the same, in a time that does not depend on where they differ. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let n = 0; n < one.length; n++) difference |= (one[n] ?? 0) ^ (other[n] ?? 0);
  return difference === 0;
}

function cpaceInput(code: string): CpaceInput {
  return { secret: utf8ToBytes(code), channel: LABEL, session: NO_SESSION };
}

/** One side's part of the exchange: CPace with a code, X25519 where both have a key. */
class Exchange {
  readonly ephemeral: string;
  readonly #cpace: Cpace | undefined;
  readonly #secretKey: Uint8Array;

  constructor(code: string | undefined, random: RandomBytes) {
    this.#secretKey = random(POINT_BYTES);
    this.#cpace = code === undefined ? undefined : new Cpace(cpaceInput(code), this.#secretKey);
    this.ephemeral = bytesToHex(this.#cpace?.share ?? x25519.getPublicKey(this.#secretKey));
  }

  /** What both have in common now, beside the key; throws a HandshakeError when the other's part is none. */
  shared(other: string, nonces: { readonly phone: string; readonly box: string }, isPhone: boolean): Uint8Array {
    try {
      if (this.#cpace === undefined) return x25519.getSharedSecret(this.#secretKey, hexToBytes(other));
      const of = { initiator: hexToBytes(nonces.phone), responder: hexToBytes(nonces.box), isInitiator: isPhone };
      const key = this.#cpace.key(hexToBytes(other), of);
      if (key !== undefined) return key;
    } catch (error) {
      throw new HandshakeError(error);
    }
    throw new HandshakeError();
  }
}

/** What a phone proves: its own key, the key of an offer, or the code of one. */
export type Credential =
  | { readonly kind: "paired"; readonly phone: string; readonly key: string }
  | { readonly kind: "url"; readonly key: string }
  | { readonly kind: "code"; readonly code: string };

/** The phone's side: `hello`, then `prove` with the second text, then `finish` with the fourth. */
export class PhoneHandshake {
  /** The first text. */
  readonly hello: string;
  readonly #hello: Hello;
  readonly #exchange: Exchange;
  readonly #key: Uint8Array;
  #keys: SessionKeys | undefined;

  /** @throws HandshakeError when the key is none */
  constructor(credential: Credential, random: RandomBytes) {
    const key = credential.kind === "code" ? new Uint8Array(0) : readKey(credential.key);
    if (key === undefined) throw new HandshakeError();
    this.#key = key;
    this.#exchange = new Exchange(credential.kind === "code" ? credential.code : undefined, random);
    this.#hello = {
      hello: PROTOCOL_VERSION, kind: credential.kind, phone: credential.kind === "paired" ? credential.phone : null,
      ephemeral: this.#exchange.ephemeral, nonce: bytesToHex(random(NONCE_BYTES)),
    };
    this.hello = JSON.stringify(this.#hello);
  }

  /** The third text, for the second. @throws HandshakeError */
  prove(message: string): string {
    const share = read(readShareShape, message);
    const shared = this.#exchange.shared(share.ephemeral, { phone: this.#hello.nonce, box: share.nonce }, true);
    this.#keys = sessionKeys(concatBytes(shared, this.#key), this.#hello, share);
    return JSON.stringify({ proof: bytesToHex(this.#keys.phoneProof) });
  }

  /** The channel, when the fourth text proves that the box knows the secret. @throws HandshakeError */
  finish(message: string): SealedChannel {
    const { proof } = read(readProofShape, message);
    const keys = this.#keys;
    if (keys === undefined || !isSame(keys.boxProof, hexToBytes(proof))) throw new HandshakeError();
    return new SealedChannel(keys.phone, keys.box);
  }
}

/** A phone that has proved what it knows. */
export interface Accepted {
  /** The fourth text. */
  readonly proof: string;
  readonly channel: SealedChannel;
  /** Which of the secrets it knows. */
  readonly secret: string;
}

/** The box's side: `share` is the second text, `accept` takes the third. */
export class BoxHandshake {
  /** The second text. */
  readonly share: string;
  readonly #hello: Hello;
  readonly #share: Pick<Hello, "ephemeral" | "nonce">;
  readonly #exchange: Exchange;
  readonly #secrets: readonly string[];

  /** @param secrets - the keys, or the one code, of which the phone must know one */
  constructor(hello: Hello, secrets: readonly string[], random: RandomBytes) {
    this.#hello = hello;
    this.#secrets = secrets;
    this.#exchange = new Exchange(hello.kind === "code" ? secrets[0] ?? "" : undefined, random);
    this.#share = { ephemeral: this.#exchange.ephemeral, nonce: bytesToHex(random(NONCE_BYTES)) };
    this.share = JSON.stringify(this.#share);
  }

  /** Checks the phone's proof against every secret. @throws HandshakeError when it knows none */
  accept(message: string): Accepted {
    const { proof } = read(readProofShape, message);
    const shared = this.#exchange.shared(this.#hello.ephemeral, { phone: this.#hello.nonce, box: this.#share.nonce }, false);
    for (const secret of this.#secrets) {
      const key = this.#hello.kind === "code" ? new Uint8Array(0) : readKey(secret);
      if (key === undefined) continue;
      const keys = sessionKeys(concatBytes(shared, key), this.#hello, this.#share);
      if (!isSame(keys.phoneProof, hexToBytes(proof))) continue;
      return { proof: JSON.stringify({ proof: bytesToHex(keys.boxProof) }), channel: new SealedChannel(keys.box, keys.phone), secret };
    }
    throw new HandshakeError();
  }
}
