import { type AudioRequest, POSITION_FIELDS } from "../../src/hal/audio.js";
import { warmUpProgramme } from "./programme.js";
import { SimAudio, type SimAudioOptions } from "./sim-audio.js";

const REQUEST: Omit<AudioRequest, "formats"> = { sampleRateHz: 48000, periodFrames: 64, periods: 3 };
/** So many periods are served dry, in a tenth of a second. */
const PERIODS = 3000;
const SPEED = 40;

/**
 * Lets a device like the one described run dry on the calling thread, so that V8 has fitted its code to the loop before
 * sound flows: cold code makes objects of fractions, and takes its time.
 */
export function warmUpSim({ clock, format = "FLOAT_LE", isPaced = true }: SimAudioOptions): void {
  warmUpProgramme();
  const mixer = { prepare: () => undefined, render: (target: Float64Array) => void target.fill(0) };
  const device = new SimAudio({ clock, format, isPaced, mixer, speed: SPEED });
  device.open({ ...REQUEST, formats: [format] });
  const block = { buffer: new SharedArrayBuffer(8 * REQUEST.periodFrames), address: 0, bytes: 8 * REQUEST.periodFrames };
  const positions = new Float64Array(POSITION_FIELDS);
  device.start(block);
  for (let n = 0; n < PERIODS; n++) {
    if (device.read() < 0 || device.write() < 0) device.start(block);
    device.positions(positions);
  }
  device.close();
}
