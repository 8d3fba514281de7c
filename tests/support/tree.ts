import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Everything below a folder: path -> kind, mode, and a sum over the content or the target of a link. */
export function treeOf(folder: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(folder, below))) {
    const path = `${below}/${name}`;
    const stats = lstatSync(join(folder, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found[path] = `link to ${readlinkSync(join(folder, path))}`;
    else if (stats.isDirectory()) Object.assign(found, { [path]: `folder ${mode}` }, treeOf(folder, path));
    else found[path] = `file ${mode} ${createHash("sha256").update(readFileSync(join(folder, path))).digest("hex")}`;
  }
  return found;
}
