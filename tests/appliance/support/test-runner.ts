import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PACKAGES = "/opt/lacquer/current/node_modules";
/** The matchers of vitest, and what they need. */
const MATCHERS = ["@vitest/expect", "@vitest/spy", "@vitest/utils", "@vitest/pretty-format", "chai", "tinyrainbow", "@standard-schema/spec"];

/** Files of the machine by which a suite that imports vitest runs there: see guest/vitest.ts. */
export function testRunner(): Record<string, Uint8Array | string> {
  const files: Record<string, Uint8Array | string> = {
    [`${PACKAGES}/vitest/package.json`]: JSON.stringify({ name: "vitest", type: "module", exports: "./index.js" }),
    [`${PACKAGES}/vitest/index.js`]: 'export * from "../../dist/tests/appliance/guest/vitest.js";\n',
  };
  for (const name of MATCHERS) {
    const folder = join(ROOT, "node_modules", name);
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (/\.(c?js|json)$/.test(path)) files[`${PACKAGES}/${name}/${path}`] = readFileSync(join(folder, path));
    }
  }
  return files;
}
