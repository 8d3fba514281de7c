import { dirname } from "node:path";

/** One call that changed files, as log-writes.c takes it down. */
export type Operation =
  | { readonly kind: "create"; readonly inode: string; readonly path: string }
  | { readonly kind: "truncate"; readonly inode: string; readonly size: number }
  | { readonly kind: "write"; readonly inode: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: "sync"; readonly inode: string }
  | { readonly kind: "syncdir"; readonly path: string }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "said"; readonly text: string };

function parseLine(line: string): Operation {
  const [kind, first = "", second = "", third = ""] = line.split(" ");
  switch (kind) {
    case "create": return { kind, inode: first, path: second };
    case "truncate": return { kind, inode: first, size: Number(second) };
    case "write": return { kind, inode: first, offset: Number(second), bytes: Buffer.from(third, "hex") };
    case "sync": return { kind, inode: first };
    case "syncdir": return { kind, path: first };
    case "rename": return { kind, from: first, to: second };
    case "unlink": return { kind, path: first };
    case "said": return { kind, text: Buffer.from(first, "hex").toString() };
    default: throw new Error(`The log has an unknown line: ${line}`);
  }
}

/** The operations of a log, in the order in which they were completed. */
export function parseLog(text: string): Operation[] {
  return text.split("\n").filter((line) => line !== "").map(parseLine);
}

/** A piece of a file that is on the disk or not as a whole. */
const SECTOR_BYTES = 512;

/** The content of a file: what is on the disk for certain, and what was done since. */
class Content {
  durable: Buffer = Buffer.alloc(0);
  readonly pending: (Operation & { readonly kind: "write" | "truncate" })[] = [];

  sync(): void {
    this.durable = this.#after(this.pending);
    this.pending.length = 0;
  }

  get now(): Buffer {
    return this.#after(this.pending);
  }

  /**
   * What may be found after a cut: nothing of what is pending, all of it, each beginning of it, the new size without the
   * data (delayed allocation), and `chances` random choices of single sectors.
   */
  variants(chances: number, random: () => number): Buffer[] {
    if (this.pending.length === 0) return [this.durable];
    const whole = this.now;
    const variants = [this.durable, whole, Buffer.alloc(whole.length), ...this.pending.map((_, count) => this.#after(this.pending.slice(0, count)))];
    for (let n = 0; n < chances; n++) {
      const mixed = Buffer.alloc(random() < 0.5 ? whole.length : Math.ceil(random() * whole.length));
      this.durable.copy(mixed);
      for (let at = 0; at < mixed.length; at += SECTOR_BYTES) if (random() < 0.5) whole.copy(mixed, at, at, Math.min(at + SECTOR_BYTES, mixed.length));
      variants.push(mixed);
    }
    return variants;
  }

  #after(operations: readonly (Operation & { readonly kind: "write" | "truncate" })[]): Buffer {
    let bytes = this.durable;
    for (const operation of operations) {
      const size = operation.kind === "truncate" ? operation.size : Math.max(bytes.length, operation.offset + operation.bytes.length);
      const next = Buffer.alloc(size);
      bytes.copy(next);
      if (operation.kind === "write") operation.bytes.copy(next, operation.offset);
      bytes = next;
    }
    return bytes;
  }
}

/** Path -> content of all files of a disk. */
export type DiskImage = Map<string, Buffer>;

/**
 * A disk that keeps only what it is told to: a file's data when the file was synced, a name when its folder was. Stricter
 * than POSIX asks of a disk, and than ext4 is: after a cut each name may independently be what it was at any time since.
 */
export class DiskModel {
  readonly #contents = new Map<string, Content>();
  /** Path -> what it has named since its folder was synced, the oldest first. */
  readonly #names = new Map<string, (Content | null)[]>();

  apply(operation: Operation): void {
    switch (operation.kind) {
      case "create": {
        const content = new Content();
        this.#contents.set(operation.inode, content);
        return this.#name(operation.path, content);
      }
      case "write":
      case "truncate":
        return void this.#content(operation.inode).pending.push(operation);
      case "sync":
        return this.#content(operation.inode).sync();
      case "syncdir":
        for (const [path, names] of this.#names) if (dirname(path) === operation.path) names.splice(0, names.length - 1);
        return;
      case "rename":
        this.#name(operation.to, this.#names.get(operation.from)?.at(-1) ?? null);
        return this.#name(operation.from, null);
      case "unlink":
        return this.#name(operation.path, null);
      case "said":
        return;
    }
  }

  /** The files as a process sees them now. */
  now(): DiskImage {
    const named = [...this.#names].map(([path, names]) => [path, names.at(-1)] as const);
    return new Map(named.filter(([, content]) => content).map(([path, content]) => [path, content!.now]));
  }

  /** Every combination of names, each with the variants of the files' contents. */
  *afterCut(chances: number, random: () => number): Generator<DiskImage> {
    for (const named of this.#choices([...this.#names])) {
      const variants = new Map([...new Set(named.values())].map((content) => [content, content.variants(chances, random)]));
      const most = Math.max(1, ...[...variants.values()].map((list) => list.length));
      for (let n = 0; n < most; n++) {
        yield new Map([...named].map(([path, content]) => {
          const list = variants.get(content)!;
          return [path, list[Math.min(n, list.length - 1)]!];
        }));
      }
    }
  }

  *#choices(names: readonly [string, readonly (Content | null)[]][]): Generator<Map<string, Content>> {
    const [first, ...rest] = names;
    if (first === undefined) return yield new Map();
    for (const others of this.#choices(rest)) {
      for (const content of new Set(first[1])) yield content === null ? others : new Map(others).set(first[0], content);
    }
  }

  #content(inode: string): Content {
    const content = this.#contents.get(inode);
    if (content === undefined) throw new Error(`The log writes to the file ${inode}, which it did not create.`);
    return content;
  }

  #name(path: string, content: Content | null): void {
    const names = this.#names.get(path) ?? [null];
    names.push(content);
    this.#names.set(path, names);
  }
}
