import { describe, expect, it } from "vitest";
import { loadBoxConfig } from "../../../src/config/box-config.js";
import { checkConfig, checkSavedCopies, checkStateFolder } from "../../../src/cli/doctor/storage-checks.js";
import { slotText } from "../../../src/config/slot-text.js";
import { fakeMachine } from "../../support/fake-machine.js";
import { temporaryFile } from "../../support/temporary-file.js";

const HOME = { HOME: "/home/pi" };
const MOUNTS = "/dev/root / ext4 rw,noatime 0 0\n";
const MB = 2 ** 20;

describe("the doctor's look at what is saved", () => {
  it("is content with a home that can be written, although the folder is not there yet", () => {
    const machine = fakeMachine({ files: { "/proc/mounts": MOUNTS }, writable: ["/home/pi"], freeBytes: 900 * MB });
    expect(checkStateFolder(machine, HOME)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("/home/pi/.local/state/lacquer") }]);
  });

  it("says whose folder it is where this user may not write", () => {
    const machine = fakeMachine({ files: { "/proc/mounts": MOUNTS, "/home/pi/.local/x": "" }, freeBytes: 900 * MB });
    expect(checkStateFolder(machine, HOME)).toMatchObject([{ level: "problem", remedy: expect.stringContaining("chown $USER /home/pi/.local") }]);
  });

  it("finds the read-only file system, and the writable one mounted into it", () => {
    const readOnly = "/dev/root / ext4 ro,noatime 0 0\n";
    const service = { "/etc/systemd/system/lacquer-box.service": "", "/proc/mounts": readOnly };
    expect(checkStateFolder(fakeMachine({ files: service, freeBytes: 900 * MB }), HOME)).toMatchObject([{ level: "problem", sentence: expect.stringContaining("/var/lib/lacquer") }]);
    const files = { ...service, "/proc/mounts": `${readOnly}/dev/mmcblk0p3 /var/lib/lacquer ext4 rw,noatime 0 0\n` };
    expect(checkStateFolder(fakeMachine({ files, freeBytes: 900 * MB }), HOME)).toMatchObject([{ level: "ok" }]);
  });

  it.each(["overlay", "tmpfs"])("warns of a state on %s, which forgets it", (type) => {
    const files = { "/etc/systemd/system/lacquer-box.service": "", "/proc/mounts": `${MOUNTS}overlayroot /var ${type} rw,upperdir=/x 0 0\n` };
    expect(checkStateFolder(fakeMachine({ files, freeBytes: 900 * MB }), HOME)).toMatchObject([{ level: "warning", sentence: expect.stringContaining(type) }]);
  });

  it.each([[900, "ok"], [63, "warning"], [0.5, "problem"]])("finds %d MB of room %s", (freeMb, level) => {
    const machine = fakeMachine({ files: { "/proc/mounts": MOUNTS }, writable: ["/home/pi"], freeBytes: freeMb * MB });
    expect(checkStateFolder(machine, HOME)).toMatchObject([{ level }]);
  });

  it("says each fault of the configuration with its line", () => {
    const file = temporaryFile("lacquer.json", "{\n  \"version\": 1,\n  \"audio\": { \"periods\": 9 },\n  \"web\": { \"port\": 0 }\n}\n");
    const findings = checkConfig(loadBoxConfig(file), undefined, []);
    expect(findings.map(({ level }) => level)).toEqual(["problem", "problem"]);
    expect(findings[0]?.sentence).toMatch(/:3\b.*periods/s);
    expect(findings[1]?.sentence).toMatch(/:4\b.*port/s);
  });

  describe("finds of the two saved copies", () => {
    const SLOTS = ["/home/pi/.local/state/lacquer/state-v1-a", "/home/pi/.local/state/lacquer/state-v1-b"] as const;
    const good = slotText(1, { revision: 7, state: { preset: "Über" } });
    const bad = good.replace("7", "8");

    it.each([
      ["none yet", [], "ok", /Nothing was saved/],
      ["one, good", [good], "ok", /in order/],
      ["both good", [good, good], "ok", /Both/],
      ["one damaged", [good, bad], "warning", /state-v1-b \(its checksum does not match\) is damaged/],
      ["both damaged", [bad, ""], "problem", /No copy is good/],
    ] as const)("%s", (_, texts, level, sentence) => {
      const files = Object.fromEntries(texts.map((text, i) => [SLOTS[i]!, text]));
      expect(checkSavedCopies(fakeMachine({ files }), HOME)).toMatchObject([{ level, sentence: expect.stringMatching(sentence) }]);
    });

    it("nothing, where they are the service's own and another user asks", () => {
      const files = { "/etc/systemd/system/lacquer-box.service": "", "/var/lib/lacquer/hidden": "" };
      expect(checkSavedCopies(fakeMachine({ files }), HOME)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("sudo lacquer doctor") }]);
    });
  });
});
