import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;
const lock = read<{ readonly packages: Readonly<Record<string, Locked>> }>("package-lock.json");
const manifest = read<{ readonly allowScripts: Readonly<Record<string, boolean>> }>("package.json");
const locked = Object.entries(lock.packages).filter(([path]) => path !== "").map(([path, entry]) => ({ name: path.split("node_modules/").at(-1) ?? "", ...entry }));
const shipped = locked.filter(({ dev, devOptional }) => dev !== true && devOptional !== true);

/** Whether a version is at least another; both have three numbers. */
function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(".").map((part) => Number.parseInt(part, 10))) as [number[], number[]];
  const at = have.findIndex((part, n) => part !== want[n]);
  return at < 0 || (have[at] ?? 0) > (want[at] ?? 0);
}

describe("the packages that are built in (F60)", () => {
  it("come from the registry that npm is set to and nowhere else, each with the checksum of its content", () => {
    expect(locked.filter(({ resolved, integrity }) => resolved !== undefined || !/^sha512-/.test(integrity ?? ""))).toEqual([]);
  });

  it("run a script when they are installed only where it was looked at", () => {
    const withScripts = shipped.filter(({ hasInstallScript }) => hasInstallScript === true).map(({ name, version }) => `${name}@${version}`);
    expect(withScripts.sort()).toEqual(Object.keys(manifest.allowScripts).sort());
  });

  it("are 20 at most without the optional ones", () => {
    expect(shipped.filter(({ optional }) => optional !== true).length).toBeLessThanOrEqual(20);
  });

  // Under the LGPL: both are used as they are, each in a folder of its own, where anybody may put another version.
  it("have licences that ask for no more than to be named, but for speaker and codec-parser", () => {
    const free = /^\(?(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|0BSD|Python-2\.0|CC0-1\.0)\)?$/;
    expect(shipped.filter(({ name, license }) => !free.test(license ?? "") && !["speaker", "codec-parser"].includes(name)).map(({ name, license }) => [name, license])).toEqual([]);
  });

  // ws: memory exhaustion by tiny fragments (its SECURITY.md, 8.21.0). tar: CVE-2026-23745, CVE-2026-24842, CVE-2026-26960.
  it.each([["ws", "8.21.0"], ["tar", "7.5.8"]])("have %s no older than %s", (wanted, least) => {
    const versions = locked.filter(({ name }) => name === wanted).map(({ version }) => version);
    expect(versions.filter((version) => !isAtLeast(version, least))).toEqual([]);
    expect(isAtLeast("7.5.8", "7.5.8") && isAtLeast("7.5.23", "7.5.8") && !isAtLeast("6.2.1", "7.5.8") && !isAtLeast("7.5.7", "7.5.8")).toBe(true);
  });
});
