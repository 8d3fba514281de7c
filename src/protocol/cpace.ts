import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { joinParts } from "./length-value.js";

const { Point } = ristretto255;
type Element = InstanceType<typeof Point>;

const DSI = utf8ToBytes("CPaceRistretto255");
const DSI_ISK = utf8ToBytes("CPaceRistretto255_ISK");
/** Block of SHA-512. */
const HASH_BLOCK_BYTES = 128;

/** What both sides of an exchange must have the same: the secret of few bits, what it is for, and its number. */
export interface CpaceInput {
  readonly secret: Uint8Array;
  readonly channel: Uint8Array;
  readonly session: Uint8Array;
}

function generator({ secret, channel, session }: CpaceInput): Element {
  const [dsiBytes, secretBytes] = [joinParts(DSI).length, joinParts(secret).length];
  const padding = new Uint8Array(Math.max(0, HASH_BLOCK_BYTES - 1 - secretBytes - dsiBytes));
  const hash = sha512(joinParts(DSI, secret, padding, channel, session));
  const derive = ristretto255_hasher.deriveToCurve;
  if (derive === undefined) throw new Error("This release of the library cannot map to the group.");
  return derive(hash);
}

/**
 * One side of CPace, suite CPACE-RISTR255-SHA512 (draft-irtf-cfrg-cpace-21): a key of full strength from a short secret. Who
 * listens learns nothing, and who takes part can try one secret an exchange.
 */
export class Cpace {
  /** What is sent to the other side: 32 bytes. */
  readonly share: Uint8Array;
  readonly #scalar: bigint;
  readonly #session: Uint8Array;

  /** @param random - 32 bytes that nobody else knows and that are used once */
  constructor(input: CpaceInput, random: Uint8Array) {
    const bytes = random.slice();
    // Below the order of the group, as 8.3 of the draft samples it.
    bytes[31] = (bytes[31] ?? 0) & 0x0f;
    this.#scalar = Point.Fn.create(bytesToNumberLE(bytes));
    this.#session = input.session;
    this.share = generator(input).multiply(this.#scalar).toBytes();
  }

  /**
   * The key that both sides have when they had the same secret: 64 bytes. Undefined when the other side's share is no
   * element of the group, or the neutral one.
   *
   * @param of - the associated data of each side; `isInitiator` says which one this is
   */
  key(otherShare: Uint8Array, of: { readonly initiator: Uint8Array; readonly responder: Uint8Array; readonly isInitiator: boolean }): Uint8Array | undefined {
    const element = elementOf(otherShare)?.multiply(this.#scalar);
    if (element === undefined || element.is0()) return undefined;
    const [first, second] = of.isInitiator ? [this.share, otherShare] : [otherShare, this.share];
    return sha512(concatBytes(
      joinParts(DSI_ISK, this.#session, element.toBytes()), joinParts(first, of.initiator), joinParts(second, of.responder),
    ));
  }
}

function elementOf(share: Uint8Array): Element | undefined {
  try {
    return Point.fromBytes(share);
  } catch {
    return undefined;
  }
}
