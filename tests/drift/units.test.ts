import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { POWER_OFF_FILE } from "../../hw/linux/power-off.js";
import { BOX_NODE_FLAGS } from "../../src/box/launch.js";
import { controlSocketPlaces } from "../../src/config/folders.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SYSTEMD = join(ROOT, "systemd");
const RELEASE = "/opt/lacquer/current/";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const setting = (unit: string, key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(read(`systemd/${unit}`))?.[1] ?? "";
const STATE = "/var/lib/lacquer";
const UNITS = readdirSync(SYSTEMD).filter((name) => /\.(service|socket|timer)$/.test(name));

describe("the units agree with the code", () => {
  it.each(UNITS.filter((unit) => unit.endsWith(".service")))("%s starts a program that there is", (unit) => {
    const program = setting(unit, "ExecStart").split(" ").find((word) => word.startsWith(RELEASE))?.slice(RELEASE.length) ?? "";
    // dist/src/bin/box.js is built from src/bin/box.ts.
    const source = program.replace(/^dist\/(.*)\.js$/, "$1.ts");
    expect(existsSync(join(ROOT, source)), source).toBe(true);
  });

  it("starts the box with the flags of npm start, and lets it wait for a sound card that is away rather than simulate one", () => {
    const [, ...words] = setting("lacquer-box.service", "ExecStart").split(" ");
    expect(words).toEqual([...BOX_NODE_FLAGS, "/opt/lacquer/current/dist/src/bin/box.js", "--wait-for-card"]);
  });

  it("has the control socket where clients look for it, open to the group of the page", () => {
    const socket = `/run/${setting("lacquer-box.service", "RuntimeDirectory")}/control.sock`;
    expect(controlSocketPlaces({})).toContain(socket);
    expect(setting("lacquer-web.service", "Environment").split(" ")).toContain(`LACQUER_SOCKET=${socket}`);
    expect(setting("lacquer-web.service", "SupplementaryGroups")).toBe(setting("lacquer-box.service", "Group"));
  });

  it("looks for the file by which the box asks to be switched off where the box leaves it", () => {
    expect(setting("lacquer-poweroff.path", "PathExists")).toBe(`/run/${setting("lacquer-box.service", "RuntimeDirectory")}/${POWER_OFF_FILE}`);
    expect(setting("lacquer-poweroff.service", "ExecStart")).toContain("poweroff");
  });

  it("grants the priority that the audio thread asks for", () => {
    const [, asked] = /^const PRIORITY = (\d+);$/m.exec(read("hw/linux/real-time.ts")) ?? [];
    expect(Number(setting("lacquer-box.service", "LimitRTPRIO"))).toBeGreaterThanOrEqual(Number(asked));
    const [, byHand] = /^@audio - rtprio (\d+)$/m.exec(read("systemd/etc/security/limits.d/lacquer.conf")) ?? [];
    expect(byHand).toBe(setting("lacquer-box.service", "LimitRTPRIO"));
    const [, looked] = /^const PRIORITY = (\d+);$/m.exec(read("src/cli/doctor/real-time-checks.ts")) ?? [];
    expect(looked).toBe(asked);
  });

  it("forgets failed starts in the file in which the box counts them", () => {
    const [, name] = /join\(folder, "(\w+)"\)/.exec(read("src/config/start-counter.ts")) ?? [];
    expect(read("systemd/common.sh")).toContain(`rm -f ${STATE}/${name} ${STATE}/sim/${name}\n`);
  });

  it("keeps the state where the doctor, the installer and the notes look for it", () => {
    expect(setting("lacquer-box.service", "Environment")).toContain(`STATE_DIRECTORY=${STATE}`);
    expect(setting("lacquer-box.service", "ReadWritePaths")).toBe(`-${STATE}`);
    expect(setting("lacquer-web.service", "InaccessiblePaths")).toBe(`-${STATE}`);
    for (const path of ["src/cli/doctor/storage-checks.ts", "systemd/uninstall.sh", "systemd/read-only-root.md"]) expect(read(path), path).toContain(STATE);
  });

  it("has one user and one port in all its files", () => {
    expect(read("systemd/etc/sysusers.d/lacquer.conf")).toContain(`u ${setting("lacquer-box.service", "User")} `);
    expect(read("systemd/etc/avahi/services/lacquer.service")).toContain(`<port>${setting("lacquer-web.socket", "ListenStream")}</port>`);
  });

  it("is stopped whole by uninstall.sh and enabled whole by install.sh", () => {
    const installable = UNITS.filter((unit) => read(`systemd/${unit}`).includes("[Install]"));
    const uninstall = read("systemd/uninstall.sh");
    const install = read("systemd/install.sh");
    for (const unit of installable) {
      expect(uninstall, unit).toContain(unit);
      expect(install, unit).toContain(unit);
    }
  });
});
