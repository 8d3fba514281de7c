import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.js";
import { runTask, whyNoMachine } from "./support/machine.js";

describe.skipIf(whyNoMachine() !== undefined)("the board of the virtual box", () => {
  test("has controls of the kernel set by level, switch and item, and is looked at by the doctor", async () => {
    const { lines, files } = await runTask({ script: "node \"$GUEST/set-mixer.js\" > /out/mixer.json; node \"$RELEASE/dist/src/bin/cli.js\" doctor --json > /out/doctor.json" });
    const [mixer, doctor] = ["mixer.json", "doctor.json"].map((name) => JSON.parse(files.get(name)?.toString() ?? "null") as unknown);
    // -103.5 dB and 207 steps of 0.5 dB are 0 dB.
    expect(mixer, lines.join("\n")).toEqual({ said: [expect.stringMatching(/lacks "ADC Right Input", "PGA Gain Left"/)], values: [[207, 207], [0, 0], [1]] });
    const findings = doctor as readonly Finding[];
    const of = (check: string): readonly Finding[] => findings.filter((finding) => finding.check === check);
    expect(of("Sound board")).toMatchObject([{ level: "ok", sentence: expect.stringContaining("sndrpihifiberry is that of the HiFiBerry") as unknown }]);
    expect(of("Sound format")).toMatchObject([{ level: "ok" }]);
    expect(of("Libraries")).toMatchObject([{ level: "ok" }]);
    expect(of("Pins")).toMatchObject([{ level: "ok" }]);
  });
});
