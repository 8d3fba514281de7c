import { expect, it } from "vitest";
import { FaultPort } from "../../../hw/sim/fault-port.js";
import { Programme } from "../../../hw/sim/programme.js";
import { SimAudio } from "../../../hw/sim/sim-audio.js";
import { systemClock } from "../../../hw/linux/clock.js";
import { type AudioRequest, PCM_FORMATS, POSITION_CAPTURED, POSITION_FIELDS, POSITION_TIME_MS } from "../../../src/hal/audio.js";
import { describeAudioDuplex, type DuplexUnderTest } from "../../contracts/audio-duplex.js";
import { ManualTime } from "../../support/manual-time.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: PCM_FORMATS };

function underTest(device: SimAudio, faults: FaultPort, request: AudioRequest): DuplexUnderTest {
  return {
    device,
    request,
    refused: { ...request, sampleRateHz: 40000 },
    causes: {
      overrun: { begin: () => faults.overrun() },
      underrun: { begin: () => faults.underrun() },
      suspended: { begin: () => faults.suspend() },
      stalled: { begin: () => faults.stall(60_000), end: () => faults.resume() },
      disconnected: { begin: () => faults.unplug(), end: () => faults.replug() },
    },
  };
}

for (const format of ["FLOAT_LE", "S24_3LE"] as const) {
  describeAudioDuplex(`SimAudio in ${format}, time moved by hand`, () => {
    const time = new ManualTime();
    const faults = new FaultPort();
    return underTest(new SimAudio({ clock: time, sleeper: time, mixer: new Programme(), faults, format }), faults, REQUEST);
  });
}

describeAudioDuplex("SimAudio with a monitor output, time moved by hand", () => {
  const time = new ManualTime();
  const faults = new FaultPort();
  const device = new SimAudio({ clock: time, sleeper: time, mixer: new Programme(), faults });
  return { ...underTest(device, faults, { ...REQUEST, wantsMonitor: true }), hasMonitor: true };
});

it("hands out no more sound than its clock has counted, and not less than a period behind it, on the system's clock", () => {
  const clock = systemClock();
  const device = new SimAudio({ clock, mixer: new Programme() });
  device.open({ ...REQUEST, periodFrames: 1024, periods: 4 });
  const block = { buffer: new SharedArrayBuffer(1024 * 8), address: 0, bytes: 1024 * 8 };
  const times = new Float64Array(3);
  const positions = new Float64Array(POSITION_FIELDS);
  clock.read(times, 0);
  device.start(block);
  clock.read(times, 1);
  for (let n = 1; n <= 20; n++) {
    // A machine that stands still for 85 ms loses sound here, as with a real card; then the count begins anew.
    if (device.read() < 0 || device.write() < 0) {
      clock.read(times, 0);
      device.start(block);
      clock.read(times, 1);
      n = 0;
      continue;
    }
    device.positions(positions);
    clock.read(times, 2);
    expect(n * 1024).toBeLessThanOrEqual((times[2]! - times[0]!) * 48);
    expect(positions[POSITION_CAPTURED]).toBeLessThanOrEqual((times[2]! - times[0]!) * 48);
    expect(positions[POSITION_CAPTURED]).toBeGreaterThanOrEqual((positions[POSITION_TIME_MS]! - times[1]!) * 48 - 1024);
  }
});
