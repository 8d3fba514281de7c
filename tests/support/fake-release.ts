import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** What a fake release is made of, beside the scripts and units of this one. */
export interface FakeRelease {
  readonly version: string;
  /** Text of each further file, in place of the usual one. */
  readonly files?: Readonly<Record<string, string>>;
}

const LOCK = {
  name: "lacquer", lockfileVersion: 3,
  packages: {
    "": { name: "lacquer" },
    "node_modules/ws": { version: "8.0.0" },
    "node_modules/@scope/runs": { version: "1.0.0", optional: true },
    "node_modules/@scope/runs/node_modules/inner": { version: "1.0.0" },
    "node_modules/vitest": { version: "4.0.0", dev: true },
    "node_modules/not-installed": { version: "1.0.0", optional: true },
  },
};

/** As package.json names them. */
const FILES = ["dist/dsp.wasm", "dist/src/**/*.js", "dist/hw/**/*.js", "dist/dashboard", "config", "systemd"];

/** Writes a built release into `folder`: our scripts and units, and small files in place of the programs. */
export function writeFakeRelease(folder: string, { version, files = {} }: FakeRelease): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  cpSync(join(ROOT, "systemd"), join(folder, "systemd"), { recursive: true });
  const usual = {
    "package.json": JSON.stringify({ name: "lacquer", version, type: "module", files: FILES }),
    "package-lock.json": JSON.stringify(LOCK),
    "LICENSE": "", "README.md": "", "CHANGELOG.md": "", "config/default.json": "{}",
    "dist/dashboard/index.html": "", "dist/dashboard/assets/index-1.css": "", "src/other.ts": "", "dist/dsp.wasm": "", "dist/hw/a.js": "", "dist/src/bin/box.js": "", "dist/src/bin/web.js": "",
    "dist/src/bin/cli.js": "", "dist/src/bin/cli.d.ts": "", "dist/src/tsconfig.tsbuildinfo": "",
    "node_modules/ws/package.json": "{}", "node_modules/vitest/package.json": "{}",
    "node_modules/@scope/runs/index.js": "", "node_modules/@scope/runs/node_modules/inner/index.js": "",
  };
  for (const [path, text] of Object.entries({ ...usual, ...files })) write(path, text);
}
