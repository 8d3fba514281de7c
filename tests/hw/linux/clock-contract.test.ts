import { systemClock } from "../../../hw/linux/clock.js";
import { findKoffi } from "../../../hw/linux/koffi.js";
import { describeClock } from "../../contracts/clock.js";
import { ManualTime } from "../../support/manual-time.js";

const pause = new Int32Array(new SharedArrayBuffer(4));

describeClock("of the system", () => ({
  clock: systemClock(),
  pass: (ms) => void Atomics.wait(pause, 0, 0, ms),
  ...(findKoffi() === undefined && { garbage: "koffi is not installed" }),
}));

describeClock("moved by hand", () => {
  const clock = new ManualTime();
  return { clock, pass: (ms) => void (clock.nowMs += ms) };
});
