import { randomBytes } from "node:crypto";
import { CommandFailure } from "../protocol/command-failure.js";
import { BoxHandshake, readHello, type Hello, type RandomBytes } from "../protocol/handshake.js";
import { readCode, writeKey, KEY_BYTES } from "../protocol/pairing-key.js";
import type { SealedChannel } from "../protocol/sealed-channel.js";
import type { ControlLink } from "./control-link.js";

/** A phone that has proved what it knows. */
export interface ProvedPhone {
  readonly channel: SealedChannel;
  /** The fourth text of the handshake. */
  readonly proof: string;
  /** Id of a phone that was paired before. */
  readonly phone: string | null;
  /** Key or code of the offer by which a new phone is to be paired. */
  readonly secret: string;
}

const random: RandomBytes = (count) => Uint8Array.from(randomBytes(count));

/** What a phone of this kind has to know. With none to be known it gets a secret that nobody knows: the answer is the same. */
async function secretsOf({ kind, phone }: Hello, link: ControlLink): Promise<readonly string[]> {
  const nobodys = [writeKey(random(KEY_BYTES))];
  if (kind === "paired") {
    try {
      return [(await link.command("phoneKey", { phone: phone ?? "" })).key];
    } catch (error) {
      if (error instanceof CommandFailure) return nobodys;
      throw error;
    }
  }
  const { offers } = await link.command("pairingState", {});
  const known = offers.flatMap(({ key, code }) => (kind === "url" ? [key] : code === null ? [] : [readCode(code) ?? ""]));
  return known.length > 0 ? known : nobodys;
}

/** The box's side of one handshake, with what the box knows of phones and offers. Every method throws what ends it. */
export class PhoneHandshakes {
  readonly #link: ControlLink;
  #hello: Hello | undefined;
  #handshake: BoxHandshake | undefined;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** The second text, for the first. */
  async share(message: string): Promise<string> {
    const hello = readHello(message);
    this.#hello = hello;
    this.#handshake = new BoxHandshake(hello, await secretsOf(hello, this.#link), random);
    return this.#handshake.share;
  }

  /** What a phone proved by the third text. @throws HandshakeError; a wrong code is counted before */
  async prove(message: string): Promise<ProvedPhone> {
    const [hello, handshake] = [this.#hello, this.#handshake];
    if (hello === undefined || handshake === undefined) throw new Error("The handshake has not begun.");
    try {
      const { channel, proof, secret } = handshake.accept(message);
      return { channel, proof, phone: hello.kind === "paired" ? hello.phone : null, secret };
    } catch (error) {
      if (hello.kind === "code") await this.#link.command("wrongPairingTry", {});
      throw error;
    }
  }
}
