import { AudioError, type AudioRequest } from "../src/hal/audio.js";

/**
 * Holds a request to what the port of sound devices allows: 44100 to 192000 Hz, 2 to 4 periods of 16 to 1024 frames.
 * @throws AudioError of kind "unsupported" that names the device, the figure and the range.
 */
export function checkFigures(device: string, { sampleRateHz, periodFrames, periods }: AudioRequest): void {
  const check = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new AudioError("unsupported", `${device} has no ${name} of ${value}: choose ${least} to ${most}.`);
  };
  check("sample rate", sampleRateHz, 44100, 192000);
  check("period", periodFrames, 16, 1024);
  check("number of periods", periods, 2, 4);
}
