import { join } from "node:path";
import { phoneCommands } from "../../src/box/phone-commands.js";
import { PhoneBook } from "../../src/box/phone-book.js";
import { Pairing } from "../../src/box/pairing.js";
import type { BoxCommands } from "../../src/server/box-commands.js";
import { FakeBox, type FakeBoxParts } from "./fake-box.js";
import { seededBytes } from "./handshakes.js";

/** A box that changes nothing by itself, with real phones and real pairing, and a clock that can be put forward. */
export class PhoneBox {
  readonly clock = { skippedMs: 0 };
  readonly told: string[] = [];
  readonly book: PhoneBook;
  readonly pairing: Pairing;
  readonly fake: FakeBox;

  /** @param folder - holds the socket and the phones */
  constructor(folder: string, commands: Partial<BoxCommands> = {}, parts: FakeBoxParts = {}, seed = 1) {
    const nowMs = (): number => performance.now() + this.clock.skippedMs;
    this.book = new PhoneBook({ file: join(folder, "phones.json"), now: () => new Date(), random: seededBytes(seed) });
    this.pairing = new Pairing({ nowMs, random: seededBytes(seed + 1), pagePort: () => this.fake.socket.pagePort });
    const notices = { tell: (_: string, level: string, sentence: string) => void this.told.push(`${level}: ${sentence}`) };
    this.fake = new FakeBox(join(folder, "box.sock"), {
      ...phoneCommands({ phones: this.book, pairing: this.pairing, notices, isSimulated: true, button: () => ({ name: "target", holdS: 3 }) }), ...commands,
    }, { phones: this.book, ...parts });
    this.book.onChange((phones) => this.fake.socket.phones(phones));
  }

  /** Begins to answer. */
  async start(): Promise<this> {
    await this.book.load();
    await this.fake.socket.start();
    return this;
  }

  /** Commands that came by phones, as [name, input, source]. */
  get calls(): readonly unknown[] {
    return this.fake.calls;
  }
}
