import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Archive } from "./cpio.js";
import { ADDONS, KOFFI } from "./node-parts.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const RELEASE = "/opt/lacquer/current";
/** Packages that this machine compiled for itself, and those that only they need. */
const LEFT_OUT = /^node_modules\/(@koromix\/.*|alsa-capture|speaker)$/;

/**
 * The release as `install.sh` copies it, with the tests' own programs beside it: the files that package.json names, and of the
 * packages those that run.
 */
export function productImage(node: string): Buffer {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
  const { files } = read("package.json") as { readonly files: readonly string[] };
  const { packages } = read("package-lock.json") as { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> };
  const archive = new Archive();
  const add = (path: string, isWanted?: (file: string) => boolean): void => archive.tree(join(ROOT, path), `${RELEASE}/${path}`, isWanted);
  add("package.json");
  // A pattern stands for the folder that it begins with.
  for (const path of files.map((pattern) => pattern.replace(/\/\*.*$/, ""))) {
    add(path, /^dist\/(src|hw)$/.test(path) ? isProgram : undefined);
  }
  add("dist/tests", isProgram);
  for (const [path, { dev = false }] of Object.entries(packages)) {
    const isOuter = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path);
    if (isOuter && !dev && existsSync(join(ROOT, path)) && !LEFT_OUT.test(path)) add(path, isRunning);
  }
  archive.tree(join(node, "koffi"), `${RELEASE}/node_modules/${KOFFI}`);
  for (const { package: name, addon } of ADDONS) {
    archive.file(`${RELEASE}/node_modules/${name}/build/Release/${addon}`, readFileSync(join(node, addon)), 0o755);
  }
  return archive.bytes();
}

function isProgram(file: string): boolean {
  return /\.c?js$/.test(file);
}

/** Whether the file of a package is needed: what was compiled for this machine, and what that was compiled from, is not. */
function isRunning(file: string): boolean {
  return !/\/node_modules\/(koffi\/(vendor|doc|lib)|epoll\/build|i2c-bus\/build|nan)\//.test(file);
}
