import { describe, expect, it } from "vitest";
import { checkMonitorOutput } from "../../../src/cli/doctor/monitor-checks.js";
import type { Finding } from "../../../src/cli/doctor/finding.js";
import { loadBoxConfig } from "../../../src/config/box-config.js";
import { fakeMachine } from "../../support/fake-machine.js";

const { config: { audio } } = loadBoxConfig(undefined);

/** The form of stream0 (sound/usb/proc.c), with a stereo input behind the outputs. */
function stream0(...outputs: readonly number[]): string {
  const altset = (channels: number, n: number): string => `  Interface 1\n    Altset ${n + 1}\n    Format: S32_LE\n    Channels: ${channels}\n    Rates: 48000\n`;
  return `Interface at usb-1.2, high speed : USB Audio\n\nPlayback:\n  Status: Stop\n${outputs.map(altset).join("")}\nCapture:\n  Status: Stop\n${altset(8, 0)}`;
}

function check(text: string | undefined, monitorOutput = true): Finding[] {
  const files = text === undefined ? {} : { "/proc/asound/UMC/stream0": text };
  return checkMonitorOutput(fakeMachine({ files }), { card: "UMC" }, { audio: { ...audio, monitorOutput } });
}

describe("the doctor's look at the monitor output", () => {
  it("finds outputs 3 and 4 of a USB card, or says that there are none, whatever inputs it has", () => {
    expect(check(stream0(4))).toMatchObject([{ level: "ok", sentence: "The card UMC has 4 outputs: 3 and 4 play what is compared." }]);
    expect(check(stream0(2, 6))).toMatchObject([{ level: "ok", sentence: expect.stringContaining("6 outputs") as unknown }]);
    expect(check(stream0(2))).toMatchObject([{ level: "warning",
      sentence: "The card UMC has 2 outputs, and audio.monitorOutput asks for 4: the recorder hears what is compared." }]);
  });

  it("is silent where none is asked for, and where the card tells nothing", () => {
    expect(check(stream0(2), false)).toEqual([]);
    expect(check(undefined)).toEqual([]);
  });
});
