import { BoxHandshake, PhoneHandshake, readHello, type Credential } from "../../src/protocol/handshake.js";
import { writeKey } from "../../src/protocol/pairing-key.js";
import type { SealedChannel } from "../../src/protocol/sealed-channel.js";
import { randomUniform } from "./signals.js";

/** Bytes that are the same in each run of a test. */
export function seededBytes(seed: number): (count: number) => Uint8Array {
  const random = randomUniform(seed);
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

export const KEY = writeKey(Uint8Array.from({ length: 16 }, (_, n) => 17 * n));
export const OTHER_KEY = writeKey(Uint8Array.from({ length: 16 }, (_, n) => 255 - n));

/** A whole handshake, and all that was said in it. */
export interface Met {
  readonly phone: SealedChannel;
  readonly box: SealedChannel;
  readonly said: readonly string[];
}

/** Lets a phone and the box shake hands; `change` may alter each of the four texts on its way. @throws HandshakeError when they do not agree */
export function shakeHands(credential: Credential, secrets: readonly string[], change: (text: string, n: number) => string = (text) => text, seed = 1): Met {
  const phone = new PhoneHandshake(credential, seededBytes(seed));
  const said: string[] = [];
  const sent = (text: string): string => {
    said.push(text);
    return change(text, said.length - 1);
  };
  const box = new BoxHandshake(readHello(sent(phone.hello)), secrets, seededBytes(seed + 1000));
  const proof = phone.prove(sent(box.share));
  const accepted = box.accept(sent(proof));
  return { phone: phone.finish(sent(accepted.proof)), box: accepted.channel, said };
}
