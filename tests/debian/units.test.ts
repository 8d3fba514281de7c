import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SYSTEMD = join(import.meta.dirname, "..", "..", "systemd");
const UNITS = readdirSync(SYSTEMD).filter((name) => /\.(service|socket|timer|path)$/.test(name));

/** Settings of a unit file: each key with its values in order. */
function settings(unit: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, key = "", value = ""] of readFileSync(join(SYSTEMD, unit), "utf8").matchAll(/^(\w+)=(.*)$/gm)) {
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}

const setting = (unit: string, key: string): string | undefined => settings(unit).get(key)?.at(-1);

/** A root folder with the units and everything that they start, for systemd-analyze to look at. */
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "units-"));
  const place = (path: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
    chmodSync(join(root, path), 0o755);
  };
  for (const unit of UNITS) {
    mkdirSync(join(root, "etc/systemd/system"), { recursive: true });
    cpSync(join(SYSTEMD, unit), join(root, "etc/systemd/system", unit));
    for (const command of settings(unit).get("ExecStart") ?? []) {
      const [program = ""] = command.split(" ");
      place(program.startsWith("/") ? program : `/usr/bin/${program}`);
    }
  }
  mkdirSync(join(root, "usr/lib/systemd"), { recursive: true });
  cpSync("/usr/lib/systemd/system", join(root, "usr/lib/systemd/system"), { recursive: true, verbatimSymlinks: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("the units", () => {
  it.each(UNITS)("systemd-analyze verify finds nothing in %s", (unit) => {
    const found = spawnSync("systemd-analyze", ["verify", "--man=no", `--root=${root}`, unit], { encoding: "utf8" });
    const ours = found.stderr.split("\n").filter((line) => line.includes("lacquer"));
    expect(ours).toEqual([]);
  });

  // The threshold of systemd-analyze counts tenths.
  it.each([["lacquer-box.service", 20], ["lacquer-web.service", 13]])("%s is exposed by %d tenths at most", (unit, tenths) => {
    const text = execFileSync("systemd-analyze",
      ["security", "--offline=true", `--threshold=${tenths}`, join(SYSTEMD, unit)], { encoding: "utf8" });
    console.log(text.trim().split("\n").at(-1));
  });

  it("refuses an exposure over the threshold, so that the test above can fail", () => {
    expect(spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=1", join(SYSTEMD, "lacquer-box.service")]).status).toBe(1);
  });

  it("leave V8 its compiler, and the box its sound card and its priority", () => {
    expect(settings("lacquer-box.service").has("PrivateDevices")).toBe(false);
    expect(settings("lacquer-box.service").has("RestrictRealtime")).toBe(false);
    for (const unit of ["lacquer-box.service", "lacquer-web.service"]) expect(settings(unit).has("MemoryDenyWriteExecute")).toBe(false);
  });

  it("restart the box within 250 ms, without a limit of systemd, 2 s after the last frame of sound", () => {
    const box = (key: string): string | undefined => setting("lacquer-box.service", key);
    expect([box("Type"), box("WatchdogSec"), box("Restart"), box("RestartSec"), box("StartLimitIntervalSec")])
      .toEqual(["notify", "2", "always", "250ms", "0"]);
  });
});
