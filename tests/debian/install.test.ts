import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeFakeRelease } from "../support/fake-release.js";
import { treeOf } from "../support/tree.js";

const SYSTEMD = join(import.meta.dirname, "..", "..", "systemd");

let folder: string;
/** Root of the machine that is installed into. */
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-install-"));
  for (const version of ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"]) writeFakeRelease(join(folder, version), { version });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  root = mkdtempSync(join(folder, "root-"));
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/machine-id"), "0123456789abcdef0123456789abcdef\n");
});

function script(name: string, version: string, ...options: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(join(folder, version, "systemd", `${name}.sh`), [...options, "--root", root], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function install(version: string, ...options: string[]): string {
  const { code, out, err } = script("install", version, ...options);
  expect(code, err).toBe(0);
  return out;
}

/** Runs the installed lacquer-update. */
function update(...options: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(join(root, "opt/lacquer/current/systemd/update.sh"), [...options, "--root", root], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const inRoot = (path: string): string => join(root, path);
const text = (path: string): string => readFileSync(inRoot(path), "utf8");
const releases = (): string[] => readdirSync(inRoot("opt/lacquer/releases"));
const versionOf = (link: string): string => (JSON.parse(text(`opt/lacquer/${link}/package.json`)) as { version: string }).version;

describe("the scripts of the service", () => {
  it("shellcheck finds nothing", () => {
    const scripts = readdirSync(SYSTEMD).filter((name) => name.endsWith(".sh")).map((name) => join(SYSTEMD, name));
    expect(spawnSync("shellcheck", ["--external-sources", "--source-path", join(SYSTEMD, ".."), ...scripts], { encoding: "utf8" })).toMatchObject({ status: 0, stdout: "" });
  });

  it.each([
    [["--port", "0"], 1, /--port is "0"; allowed 1 to 65535/],
    [["--port", "65536"], 1, /allowed 1 to 65535/],
    [["--hotspot", "de"], 1, /two capital letters/],
    [["--nonsense"], 2, /there is no option --nonsense/],
  ])("refuse %j and change nothing", (options, code, reason) => {
    const before = treeOf(root);
    const ended = script("install", "1.0.0", ...options);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(reason);
    expect(treeOf(root)).toEqual(before);
  });
});

describe("install.sh", () => {
  it("leaves the same files when it is run twice", () => {
    const options = ["--port", "8123", "--hotspot", "DE"];
    install("1.0.0", ...options);
    const once = treeOf(root);
    install("1.0.0", ...options);
    expect(treeOf(root)).toEqual(once);
  });

  it("takes along what runs, and leaves what builds and tests", () => {
    install("1.0.0");
    const paths = Object.keys(treeOf(inRoot("opt/lacquer/current/")));
    expect(paths).toEqual(expect.arrayContaining(["/dist/dsp.wasm", "/src/page/page.html", "/dist/src/bin/box.js", "/node_modules/ws/package.json", "/node_modules/@scope/runs/node_modules/inner/index.js"]));
    expect(paths.filter((path) => /vitest|other|\.d\.ts|tsbuildinfo/.test(path))).toEqual([]);
  });

  it("makes the user, enables the units and puts the page on port 80", () => {
    install("1.0.0");
    expect(text("etc/passwd")).toMatch(/^lacquer:/m);
    expect(readdirSync(inRoot("etc/systemd/system/multi-user.target.wants")).sort()).toEqual(["lacquer-box.service", "lacquer-tune.service", "lacquer-web.service"]);
    expect(readdirSync(inRoot("etc/systemd/system/sockets.target.wants"))).toEqual(["lacquer-web.socket"]);
    expect(text("etc/systemd/system/lacquer-web.socket")).toMatch(/^ListenStream=80$/m);
    expect(text("etc/avahi/services/lacquer.service")).toContain("<port>80</port>");
    expect(existsSync(inRoot("etc/NetworkManager/system-connections"))).toBe(false);
  });

  it("keeps a chosen port through an update, for the socket and for mDNS", () => {
    install("1.0.0", "--port", "8123");
    install("1.1.0");
    expect(text("etc/systemd/system/lacquer-web.socket.d/port.conf")).toBe("[Socket]\nListenStream=\nListenStream=8123\n");
    expect(text("etc/avahi/services/lacquer.service")).toContain("<port>8123</port>");
  });

  it("makes a key of 12 unmistakable characters for the hotspot, shows it, keeps it, and keeps it from other users", () => {
    const profile = "etc/NetworkManager/system-connections/lacquer-hotspot.nmconnection";
    const shown = install("1.0.0", "--hotspot", "DE");
    const key = /^psk=(.*)$/m.exec(text(profile))?.[1] ?? "";
    expect(key).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
    expect(shown).toContain(`Lacquer-cdef, key ${key}`);
    expect(treeOf(inRoot("etc"))["/NetworkManager/system-connections/lacquer-hotspot.nmconnection"]).toMatch(/^file 600 /);
    expect(text(profile)).not.toContain("@");
    install("1.1.0", "--hotspot", "DE");
    expect(text(profile)).toContain(`psk=${key}\n`);
  });

  it("gives one release one name, and sweeps up a copy that was interrupted", () => {
    install("1.0.0");
    const [name] = releases();
    expect(name).toMatch(/^1\.0\.0-[0-9a-f]{8}$/);
    mkdirSync(inRoot("opt/lacquer/releases/.new-99/dist"), { recursive: true });
    install("1.0.0");
    expect(releases()).toEqual([name]);
  });

  it("installs nothing when a part of the release cannot be copied", () => {
    const torn = join(folder, "torn");
    writeFakeRelease(torn, { version: "1.0.0" });
    rmSync(join(torn, "config"), { recursive: true });
    const ended = script("install", "torn");
    expect(ended.code).not.toBe(0);
    expect(ended.err).toContain("config");
    expect(existsSync(inRoot("opt/lacquer/current"))).toBe(false);
  });

  it("says what is missing in a folder that was not built", () => {
    const bare = join(folder, "bare");
    writeFakeRelease(bare, { version: "1.0.0" });
    rmSync(join(bare, "dist/dsp.wasm"));
    const ended = script("install", "bare");
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/dist\/dsp\.wasm is missing: run npm ci && npm run build/);
    expect(existsSync(inRoot("opt"))).toBe(false);
  });
});

describe("update and rollback", () => {
  it("go to the new release and back to the one before", () => {
    install("1.0.0");
    expect(update(join(folder, "1.1.0")).code).toBe(0);
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.1.0", "1.0.0"]);
    expect(update("--rollback").code).toBe(0);
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.0.0", "1.1.0"]);
    expect(update("--list").out).toMatch(/^\* 1\.0\.0-.*\n- 1\.1\.0-/);
  });

  it("put back the units of the release that they go back to", () => {
    const unit = "etc/systemd/system/lacquer-box.service";
    install("1.0.0");
    const before = text(unit);
    const other = join(folder, "other");
    writeFakeRelease(other, { version: "2.0.0" });
    writeFileSync(join(other, "systemd/lacquer-box.service"), before.replace("WatchdogSec=2", "WatchdogSec=3"));
    update(other);
    expect(text(unit)).toContain("WatchdogSec=3");
    update("--rollback");
    expect(text(unit)).toBe(before);
  });

  it("keep three releases at most, the running one and the one before among them", () => {
    for (const version of ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"]) install(version);
    expect(releases().map((name) => name.split("-")[0]).sort()).toEqual(["1.2.0", "1.3.0", "1.4.0"]);
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.4.0", "1.3.0"]);
  });

  it("leave a whole release behind the link at every moment of four switches", async () => {
    install("1.0.0");
    const looker = spawn("bash", ["-c", `looks=0; trap 'echo "looks $looks"; exit' TERM
      while :; do looks=$((looks + 1)); [[ -e ${root}/opt/lacquer/current/dist/dsp.wasm ]] || echo absent; done`]);
    let seen = "";
    looker.stdout.on("data", (data: Buffer) => (seen += data.toString()));
    for (const step of [[join(folder, "1.1.0")], ["--rollback"], ["--rollback"], [join(folder, "1.2.0")]]) expect(update(...step).code).toBe(0);
    looker.kill("SIGTERM");
    await new Promise((resolve) => looker.once("close", resolve));
    expect(seen).not.toContain("absent");
    expect(Number(/looks (\d+)/.exec(seen)?.[1])).toBeGreaterThan(1000);
  });

  it("refuse a folder that holds no release, and a way back that is not there", () => {
    install("1.0.0");
    expect(update(SYSTEMD)).toMatchObject({ code: 1, err: expect.stringContaining("holds no release") });
    expect(update("--rollback")).toMatchObject({ code: 1, err: expect.stringContaining("no release to go back to") });
    expect(basename(readlinkSync(inRoot("opt/lacquer/current")))).toBe(releases()[0]);
  });
});

describe("uninstall.sh", () => {
  /** What the machine has of its own, and what the service has made while it ran. */
  function lived(): Record<string, string> {
    mkdirSync(inRoot("etc/avahi"));
    install("1.0.0", "--port", "8123", "--hotspot", "DE");
    for (const made of ["var/lib/lacquer", "etc/lacquer"]) {
      mkdirSync(inRoot(made), { recursive: true });
      writeFileSync(inRoot(`${made}/x`), "kept");
    }
    return treeOf(root);
  }

  /** The files of users, which sysusers and userdel rewrite. */
  const USERS = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$/;

  it("leaves the saved state, the configuration and the user, and nothing else of its own", () => {
    lived();
    expect(script("uninstall", "1.0.0").code).toBe(0);
    const left = Object.keys(treeOf(root)).filter((path) => !USERS.test(path));
    expect(left.sort()).toEqual(["/etc", "/etc/avahi", "/etc/lacquer", "/etc/lacquer/x", "/etc/machine-id", "/var", "/var/lib", "/var/lib/lacquer", "/var/lib/lacquer/x"]);
    expect(text("etc/passwd")).toMatch(/^lacquer:/m);
  });

  it("leaves nothing at all with --purge", () => {
    lived();
    expect(script("uninstall", "1.0.0", "--purge").code).toBe(0);
    const left = Object.keys(treeOf(root)).filter((path) => !USERS.test(path));
    expect(left.sort()).toEqual(["/etc", "/etc/avahi", "/etc/machine-id", "/var", "/var/lib"]);
    expect(text("etc/passwd")).not.toMatch(/^lacquer:/m);
  });

  it("lets the next installation find the state", () => {
    lived();
    script("uninstall", "1.0.0");
    install("1.1.0");
    expect(text("var/lib/lacquer/x")).toBe("kept");
    expect(versionOf("current")).toBe("1.1.0");
  });
});
