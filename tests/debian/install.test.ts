import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
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
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);
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
    [["--watch", "x"], 1, /--watch is "x"; allowed 0 to 9999/],
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

  it("gives a file with the right text its right mode, and takes 08 for 8 seconds", () => {
    install("1.0.0");
    chmodSync(inRoot("etc/systemd/system/lacquer-box.service"), 0o600);
    install("1.0.0", "--watch", "08");
    expect(treeOf(inRoot("etc/systemd/system"))["/lacquer-box.service"]).toMatch(/^file 644 /);
  });

  it("takes along what runs, and leaves what builds and tests", () => {
    install("1.0.0");
    const paths = Object.keys(treeOf(inRoot("opt/lacquer/current/")));
    expect(paths).toEqual(expect.arrayContaining(["/dist/dsp.wasm", "/dist/dashboard/index.html", "/dist/dashboard/assets/index-1.css", "/dist/src/bin/box.js", "/node_modules/ws/package.json", "/node_modules/@scope/runs/node_modules/inner/index.js"]));
    expect(paths.filter((path) => /vitest|other|\.d\.ts|tsbuildinfo/.test(path))).toEqual([]);
  });

  it("makes the user, enables the units and puts the page on port 80", () => {
    install("1.0.0");
    expect(text("etc/passwd")).toMatch(/^lacquer:/m);
    expect(readdirSync(inRoot("etc/systemd/system/multi-user.target.wants")).sort()).toEqual(["lacquer-box.service", "lacquer-settle.service", "lacquer-tune.service", "lacquer-web.service"]);
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

  it("take away what the newer release does not have any more", () => {
    const odd = join(folder, "odd");
    writeFakeRelease(odd, { version: "0.9.0" });
    writeFileSync(join(odd, "systemd/lacquer-odd.timer"), "[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n");
    mkdirSync(join(odd, "systemd/etc/modules-load.d"));
    writeFileSync(join(odd, "systemd/etc/modules-load.d/odd.conf"), "odd\n");
    install("odd");
    expect(existsSync(inRoot("etc/systemd/system/lacquer-odd.timer"))).toBe(true);
    expect(update(join(folder, "1.0.0"), "--port", "8123").code).toBe(0);
    expect(existsSync(inRoot("etc/systemd/system/lacquer-odd.timer"))).toBe(false);
    expect(existsSync(inRoot("etc/modules-load.d/odd.conf"))).toBe(false);
  });

  it("take an option with its value before the folder, and check it", () => {
    install("1.0.0");
    expect(update("--port", "9000", join(folder, "1.1.0")).code).toBe(0);
    expect(text("etc/systemd/system/lacquer-web.socket.d/port.conf")).toContain("ListenStream=9000");
    expect(update("--rollback", "--watch", "x")).toMatchObject({ code: 1, err: expect.stringContaining('--watch is "x"; allowed 0 to 9999') });
    expect(versionOf("current")).toBe("1.1.0");
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

describe("a release that has not shown that it runs", () => {
  /** Tries a release whose watch ends by what a shell does in it, with the functions of the scripts. */
  function tryWith(watch: string, version: string): { code: number | null; err: string } {
    const { status, stderr } = spawnSync("bash", ["-c", `
      set -euo pipefail; shopt -s inherit_errexit
      . ${SYSTEMD}/common.sh; root=${root}
      is_healthy() { [[ $(link_target current) != ${version}-* ]] || ${watch}; }
      try_release "$(ls ${root}/opt/lacquer/releases | grep ^${version})"`], { encoding: "utf8" });
    return { code: status, err: stderr };
  }

  /** A machine on which releases 1.0.0 and 1.1.0 have run, and 1.2.0 lies beside them with another unit; made once. */
  let machine: string | undefined;
  function ready(): void {
    if (machine === undefined) {
      const other = join(folder, "candidate");
      writeFakeRelease(other, { version: "1.2.0" });
      writeFileSync(join(other, "systemd/lacquer-box.service"), "[Service]\nExecStart=/bin/false\n");
      for (const version of ["1.0.0", "candidate", "1.0.0", "1.1.0"]) install(version);
      machine = mkdtempSync(join(folder, "machine-"));
      spawnSync("cp", ["-a", `${root}/.`, machine]);
    } else {
      spawnSync("cp", ["-a", `${machine}/.`, root]);
    }
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.1.0", "1.0.0"]);
  }
  const unit = (): string => text("etc/systemd/system/lacquer-box.service");
  const isAsBefore = (): void => {
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.1.0", "1.0.0"]);
    expect(unit()).not.toContain("/bin/false");
    expect(existsSync(inRoot("opt/lacquer/fallback"))).toBe(false);
  };

  it.each([["fails", "return 1"], ["is broken off by Ctrl-C", "kill -INT $BASHPID"], ["loses its connection", "kill -HUP $BASHPID"], ["is told to end", "kill -TERM $BASHPID"], ["meets an error of a script", "exit 3"]])(
    "is left for the one before when the watch %s", (_, watch) => {
      ready();
      const { code, err } = tryWith(`{ ${watch}; sleep 1; }`, "1.2.0");
      expect(code, err).toBe(1);
      expect(err).toMatch(/release 1\.2\.0-\w+ has not shown that it runs; back to 1\.1\.0-/);
      isAsBefore();
    });

  it("is left at the next start of the machine when the power went meanwhile, by the release before", () => {
    ready();
    expect(tryWith("kill -KILL $BASHPID", "1.2.0").code).toBe(null);
    expect(versionOf("current")).toBe("1.2.0");
    expect(unit()).toContain("/bin/false");
    const [, program = "", ...argv] = /^ExecStart=(\S+) (\S+)$/m.exec(readFileSync(join(SYSTEMD, "lacquer-settle.service"), "utf8")) ?? [];
    expect(spawnSync(inRoot(program), [...argv, "--root", root]).status).toBe(0);
    isAsBefore();
  });

  it("is not what an update goes back to that comes after a trial without an end", () => {
    ready();
    tryWith("kill -KILL $BASHPID", "1.2.0");
    expect(update(join(folder, "1.3.0")).code).toBe(0);
    expect([versionOf("current"), versionOf("previous")]).toEqual(["1.3.0", "1.1.0"]);
  });

  it("is no way back after a rollback to it that failed", () => {
    install("1.0.0");
    install("1.1.0");
    expect(tryWith("return 1", "1.0.0").code).toBe(1);
    expect(versionOf("current")).toBe("1.1.0");
    expect(update("--rollback")).toMatchObject({ code: 1, err: expect.stringContaining("no release to go back to") });
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

  it("may be run twice, and --purge after it deletes what it has left", () => {
    lived();
    for (const options of [[], [], ["--purge"], ["--purge"]]) expect(script("uninstall", "1.0.0", ...options)).toMatchObject({ code: 0, err: "" });
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
