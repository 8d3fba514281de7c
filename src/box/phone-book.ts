import * as promises from "node:fs/promises";
import { dirname } from "node:path";
import { phonesText, readPhones, type KeptPhone } from "../config/phones-file.js";
import { codeOf, readOwnFile, replaceFile, setAside, type StateFileSystem } from "../config/state-files.js";
import type { NewPhone } from "../protocol/phones.js";
import { KEY_BYTES, readKey, writeKey } from "../protocol/pairing-key.js";
import { givenName, MAX_NAME } from "../protocol/shape.js";
import { MAX_PHONES, type Phone, type Role } from "../protocol/phones.js";

/** When a phone was seen last is worth a write once in so long. */
const SEEN_MS = 3_600_000;
/** What gives no right is written so long after it was changed, with all that is changed until then. */
const LATER_MS = 2000;
const ID_BYTES = 6;

export interface PhoneBookOptions {
  /** The file; only this user may read it, for it holds the keys. */
  readonly file: string;
  readonly now: () => Date;
  /** Bytes that nobody can foresee. */
  readonly random: (count: number) => Uint8Array;
  readonly files?: StateFileSystem;
}

/**
 * The phones that were paired, kept over restarts. Whatever gives or takes a right is on the disk before it is answered: a phone
 * that was forgotten does not come back with a loss of power, and one that was paired does not have to be again. Names follow within 2 s.
 */
export class PhoneBook {
  readonly #options: PhoneBookOptions;
  readonly #files: StateFileSystem;
  readonly #phones = new Map<string, KeptPhone>();
  readonly #connections = new Map<string, number>();
  readonly #listeners = new Set<(phones: readonly Phone[]) => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #savedAtMs = -Infinity;
  #later: NodeJS.Timeout | undefined;

  constructor(options: PhoneBookOptions) {
    this.#options = options;
    this.#files = options.files ?? promises;
  }

  /** Reads the file. Returns a sentence for people when it, or a phone in it, cannot be used: that is not paired then. */
  async load(): Promise<string | undefined> {
    const { file } = this.#options;
    const bytes = await readOwnFile(this.#files, file);
    if (bytes === undefined) return undefined;
    try {
      if (!Buffer.isBuffer(bytes)) throw new Error(bytes.problem);
      const { phones, others } = readPhones(bytes.toString());
      const sound = phones.filter(isSound);
      for (const phone of sound.slice(0, MAX_PHONES)) this.#phones.set(phone.id, phone);
      const lost = others + phones.length - sound.length;
      return lost === 0 ? undefined : await this.#leaveOut(lost);
    } catch (error) {
      return `The paired phones cannot be read (${codeOf(error)}), so they have to be paired again. ${await setAside(this.#files, file)}`;
    }
  }

  /** The phones, in the order in which they were paired. */
  get list(): readonly Phone[] {
    return [...this.#phones.values()].map((phone) => this.#shown(phone));
  }

  /** The phone of this id. */
  find(id: string): Phone | undefined {
    const phone = this.#phones.get(id);
    return phone && this.#shown(phone);
  }

  /** The key of a phone. */
  keyOf(id: string): string | undefined {
    return this.#phones.get(id)?.key;
  }

  /** Hears of the list whenever it is another. */
  onChange(listener: (phones: readonly Phone[]) => void): void {
    this.#listeners.add(listener);
  }

  /** @throws RangeError when there is no room for one more phone */
  requireRoom(): void {
    if (this.#phones.size >= MAX_PHONES) throw new RangeError(`${MAX_PHONES} phones are paired already; forget one of them first.`);
  }

  /** Pairs a phone; one of the name of another is told apart by a number behind it. @throws RangeError when there are too many, Error when it cannot be kept */
  async add(name: string, role: Role): Promise<NewPhone> {
    const id = Buffer.from(this.#options.random(ID_BYTES)).toString("hex");
    const key = writeKey(this.#options.random(KEY_BYTES));
    await this.#change(() => {
      this.requireRoom();
      this.#phones.set(id, { id, name: this.#unlike(name), role, key, pairedAt: this.#options.now().toISOString(), lastSeen: null });
    });
    return { phone: id, key, role };
  }

  /** Takes a phone's right away. @throws RangeError when there is no such phone */
  async forget(id: string): Promise<void> {
    await this.#change(() => this.#phones.delete(this.#kept(id).id));
  }

  /** Changes what a phone is called, or what it may do. @throws RangeError when there is no such phone */
  async edit(id: string, edit: { readonly name?: string; readonly role?: Role }): Promise<void> {
    const { name, role } = this.#kept(id);
    if ((edit.role ?? role) !== role) return await this.#change(() => this.#phones.set(id, { ...this.#kept(id), ...edit }));
    if ((edit.name ?? name) === name) return;
    await this.#inTurn(() => Promise.resolve(void this.#phones.set(id, { ...this.#kept(id), ...edit })));
    this.#tell();
    this.#writeLater();
  }

  /** A phone has connected. */
  arrive(id: string): void {
    this.#connections.set(id, (this.#connections.get(id) ?? 0) + 1);
    this.#see(id);
  }

  /** A phone has gone. */
  leave(id: string): void {
    const left = (this.#connections.get(id) ?? 1) - 1;
    if (left > 0) this.#connections.set(id, left);
    else this.#connections.delete(id);
    this.#see(id);
  }

  /** Brings to the disk what is not there yet. Never rejects. */
  async flush(): Promise<void> {
    await this.#inTurn(() => this.#write()).catch(() => undefined);
  }

  #see(id: string): void {
    const phone = this.#phones.get(id);
    if (phone === undefined) return;
    const now = this.#options.now();
    this.#phones.set(id, { ...phone, lastSeen: now.toISOString() });
    this.#tell();
    if (Math.abs(now.getTime() - this.#savedAtMs) > SEEN_MS) this.#writeLater();
  }

  #writeLater(): void {
    this.#later ??= setTimeout(() => void this.flush(), LATER_MS).unref();
  }

  /** Keeps the file as it was under another name, and writes it anew without what could not be used. */
  async #leaveOut(count: number): Promise<string> {
    const kept = await setAside(this.#files, this.#options.file);
    await this.flush();
    return `${count === 1 ? "A paired phone" : `${count} paired phones`} cannot be read, and must be paired again. ${kept}`;
  }

  #shown({ id, name, role, pairedAt, lastSeen }: KeptPhone): Phone {
    return { id, name, role, pairedAt, lastSeen, isHere: this.#connections.has(id) };
  }

  /** `name`, or "name 2" where a phone has it, and so on. */
  #unlike(name: string): string {
    const names = new Set([...this.#phones.values()].map((phone) => phone.name));
    for (let number = 1; ; number++) {
      const ending = number === 1 ? "" : ` ${number}`;
      // A character of two halves is not cut between them.
      const told = name.slice(0, MAX_NAME - ending.length).replace(/[\uD800-\uDBFF]$/, "") + ending;
      if (!names.has(told)) return told;
    }
  }

  #kept(id: string): KeptPhone {
    const phone = this.#phones.get(id);
    if (phone === undefined) throw new RangeError("There is no such phone; it may have been forgotten already.");
    return phone;
  }

  /** Changes the list, keeps it, and takes the change back when it cannot be kept; one after the other. */
  async #change(apply: () => void): Promise<void> {
    await this.#inTurn(async () => {
      const before = new Map(this.#phones);
      apply();
      try {
        await this.#write();
      } catch (error) {
        this.#phones.clear();
        for (const [id, phone] of before) this.#phones.set(id, phone);
        throw new Error(`The phones cannot be kept (${codeOf(error)}); nothing is changed.`, { cause: error });
      }
    });
    this.#tell();
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  async #write(): Promise<void> {
    const { file, now } = this.#options;
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#savedAtMs = now().getTime();
    await this.#files.mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(this.#files, file, phonesText([...this.#phones.values()]));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.list);
  }
}

/** Whether a phone of the file can be one that this box has paired: its id is part of a path, and its name is shown. */
function isSound({ id, key, name }: KeptPhone): boolean {
  try {
    return /^[0-9a-f]{1,64}$/.test(id) && readKey(key) !== undefined && givenName(name, "name") === name;
  } catch {
    return false;
  }
}
