import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SYSTEMD = join(import.meta.dirname, "..", "..", "systemd");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lacquer-helpers-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), mode);
}

/** Puts a command in place of the system's; it notes how it was called. */
function command(name: string, body: string): void {
  write(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${body}\n`, 0o755);
}

function run(script: string, environment: Record<string, string> = {}): string {
  const ended = spawnSync(join(SYSTEMD, script), { encoding: "utf8", env: { PATH: `${folder}/bin:${process.env["PATH"]}`, ...environment } });
  expect(ended.status, ended.stderr).toBe(0);
  return ended.stdout;
}

const calls = (): string => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "");

describe("tune.sh", () => {
  beforeEach(() => {
    command("chrt", "exit 0");
    command("iw", "exit 0");
    command("swapoff", "exit 0");
  });

  it("sets every processor to full clock, raises the interrupts of sound alone, wakes Wi-Fi and drops swap", () => {
    for (const cpu of [0, 1]) write(`sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`, "ondemand\n");
    for (const [pid, name] of [[80, "irq/28-DMA IRQ"], [81, "irq/33-mmc0"], [82, "irq/41-snd"]]) write(`proc/${pid}/comm`, `${name}\n`);
    write("sys/class/net/wlan0/wireless/x", "");
    write("sys/class/net/eth0/x", "");
    write("proc/swaps", "Filename Type Size Used Priority\n/var/swap file 102396 0 -2\n");
    run("tune.sh", { LACQUER_ROOT: folder });
    for (const cpu of [0, 1]) expect(readFileSync(join(folder, `sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`), "utf8")).toBe("performance\n");
    expect(calls().trim().split("\n").sort()).toEqual(["chrt --fifo --pid 85 80", "chrt --fifo --pid 85 82", "iw dev wlan0 set power_save off", "swapoff -a"]);
  });

  it("ends well on a machine that offers nothing of it, and asks nothing of it", () => {
    expect(run("tune.sh", { LACQUER_ROOT: folder })).toMatch(/performance on 0 processors/);
    expect(calls()).toBe("");
  });
});

describe("hotspot.sh", () => {
  /** A NetworkManager with these active connections (NAME:TYPE, as nmcli -t prints them), and stations at the hotspot. */
  function network({ active, stations = 0, device = "wlan0:wifi" }: { active: string; stations?: number; device?: string }): void {
    write("active", active === "" ? "" : `${active}\n`);
    command("nmcli", `case "$*" in
      *DEVICE,TYPE*) printf '%s\\n' '${device}' eth0:ethernet ;;
      *NAME,TYPE*--active) cat "${folder}/active" ;;
      *NAME*--active) cut -d: -f1 "${folder}/active" ;;
      "connection down lacquer-hotspot") : >"${folder}/active" ;;
      esac`);
    command("rfkill", "");
    command("iw", `case "$*" in *station*) for i in $(seq 1 ${stations}); do echo "Station 00:00:00:00:00:0$i (on wlan0)"; done ;; esac`);
  }
  const HOTSPOT = "lacquer-hotspot:802-11-wireless";
  const look = (): string => run("hotspot.sh", { LACQUER_HOTSPOT_WAIT_S: "0", RUNTIME_DIRECTORY: folder, LACQUER_COUNTRY: "DE" });
  const opens = (): boolean => calls().includes("nmcli --wait 30 connection up lacquer-hotspot");
  const closes = (): boolean => calls().includes("nmcli connection down lacquer-hotspot");

  it("opens, with the country set and the radio on first, where nothing is connected", () => {
    network({ active: "lo:loopback" });
    expect(look()).toMatch(/the hotspot is open/);
    expect(calls().indexOf("iw reg set DE")).toBeGreaterThan(-1);
    expect(calls().indexOf("iw reg set DE")).toBeLessThan(calls().indexOf("rfkill unblock wifi"));
    expect(calls().indexOf("rfkill unblock wifi")).toBeLessThan(calls().indexOf("connection up"));
  });

  it.each([["a known Wi-Fi", "Home:802-11-wireless"], ["a Wi-Fi with a colon in its name", "my\\:lab:802-11-wireless"], ["a cable", "Wired connection 1:802-3-ethernet"]])(
    "stays closed with %s", (_, active) => {
      network({ active });
      look();
      expect(opens()).toBe(false);
    });

  it("stays closed on a machine without Wi-Fi", () => {
    network({ active: "", device: "can0:can" });
    look();
    expect(opens()).toBe(false);
  });

  it("stays open while somebody uses it, and for 10 minutes while nobody does", () => {
    network({ active: HOTSPOT, stations: 1 });
    look();
    network({ active: HOTSPOT });
    write("opened", `${Math.floor(Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]))}\n`);
    look();
    expect(closes()).toBe(false);
  });

  it("lets NetworkManager look for a known network after that, and opens again when there is none", () => {
    network({ active: HOTSPOT });
    write("opened", "-601\n");
    look();
    expect(closes()).toBe(true);
    expect(opens()).toBe(true);
  });
});
