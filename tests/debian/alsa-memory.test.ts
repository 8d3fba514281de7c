import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

const WARM_OPENS = 50;
const OPENS = 300;
/** At 2 s between two attempts, 300 take 10 minutes: a quarter of the 1 MB a minute that is promised. */
const ALLOWED_MB = 2.5;

it(`F04: takes no more memory after ${OPENS} attempts to open a card that is gone than ${ALLOWED_MB} MB`, () => {
  const script = `
    const { AlsaAudio } = await import("${process.cwd()}/dist/hw/alsa/alsa-audio.js");
    const { systemClock } = await import("${process.cwd()}/dist/hw/linux/clock.js");
    const audio = new AlsaAudio({ captureDevice: "nowhere", playbackDevice: "nowhere" }, systemClock());
    const request = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S32_LE"] };
    function attempt(opens) {
      for (let n = 0; n < opens; n++) {
        let isOpen = true;
        try { audio.open(request); } catch { isOpen = false; }
        if (isOpen) throw new Error("there is such a card");
      }
      gc();
      return process.memoryUsage.rss() / 2 ** 20;
    }
    const before = attempt(${WARM_OPENS});
    console.log(attempt(${OPENS}) - before);`;
  const grownMb = Number(execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], { encoding: "utf8" }));
  console.log(`${OPENS} attempts to open: ${grownMb.toFixed(1)} MB more`);
  expect(grownMb).toBeLessThan(ALLOWED_MB);
});
