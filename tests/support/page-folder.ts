import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a page as the bundler would, small: a file that names another with a hash in its name. */
export function makePage(folder: string): string {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Lacquer</title><script type=module src=/assets/page-abc123.js></script>\n");
  writeFileSync(join(folder, "assets", "page-abc123.js"), "document.title;\n");
  writeFileSync(join(folder, ".hidden"), "not for the network");
  return folder;
}
