import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

const FOLDER = 0o040755;
const LINK = 0o120777;
const REGULAR = 0o100000;

/**
 * An archive in the form that Linux unpacks at its start (newc of cpio, Documentation/driver-api/early-userspace in the
 * kernel's source). Several of them one after the other count as one, so that what seldom changes is packed once.
 */
export class Archive {
  readonly #parts: Buffer[] = [];
  readonly #folders = new Set<string>([""]);
  #count = 0;

  /** Adds a file. @param path - absolute, in the machine; its folders are added too */
  file(path: string, content: string | Uint8Array, mode = 0o644): void {
    this.#entry(path, REGULAR | mode, Buffer.from(content));
  }

  link(path: string, target: string): void {
    this.#entry(path, LINK, Buffer.from(target));
  }

  folder(path: string): void {
    const name = path.replace(/^\/+|\/+$/g, "");
    if (this.#folders.has(name)) return;
    this.#folders.add(name);
    this.#entry(name, FOLDER, Buffer.alloc(0));
  }

  /** Adds a file or a folder of this machine with all that it holds. `isWanted` is asked for each file's path here. */
  tree(from: string, path: string, isWanted: (file: string) => boolean = () => true): void {
    const kind = lstatSync(from);
    if (kind.isSymbolicLink()) return this.link(path, readlinkSync(from));
    if (!kind.isDirectory()) return isWanted(from) ? this.file(path, readFileSync(from), statSync(from).mode & 0o777) : undefined;
    this.folder(path);
    for (const name of readdirSync(from).sort()) this.tree(join(from, name), `${path}/${name}`, isWanted);
  }

  /** All of it, with its end. */
  bytes(): Buffer {
    return Buffer.concat([...this.#parts, ...entry("TRAILER!!!", 0, 0, Buffer.alloc(0))]);
  }

  #entry(path: string, mode: number, content: Buffer): void {
    const name = path.replace(/^\/+/, "");
    const above = name.slice(0, Math.max(0, name.lastIndexOf("/")));
    this.folder(above);
    this.#parts.push(...entry(name, ++this.#count, mode, content));
  }
}

function entry(name: string, number: number, mode: number, content: Buffer): Buffer[] {
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1;
  const fields = [number, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${name}\0`);
  return [head, padding(head.length), content, padding(content.length)];
}

/** To the next multiple of four bytes. */
function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
