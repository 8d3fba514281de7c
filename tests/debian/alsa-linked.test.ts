import { afterEach, expect, it } from "vitest";
import { type Libasound, openLibasound, type PcmHandle } from "../../hw/alsa/libasound.js";
import { faultCode } from "../../src/hal/audio.js";
import { DriverOnCard } from "../support/driver-on-card.js";

/** The system's library with streams that are linked as the kernel links any two: one call starts them, one after the other. */
function linkingLibrary(): Libasound {
  const library = openLibasound();
  let linked: readonly PcmHandle[] = [];
  return {
    ...library,
    link: (one, other) => {
      linked = [other, one];
      return 0;
    },
    unlink: () => {
      linked = [];
      return 0;
    },
    start: (pcm) => {
      const answers = (linked.length > 0 ? linked : [pcm]).map((each) => library.start(each));
      return Math.min(...answers);
    },
  };
}

let driver: DriverOnCard;
afterEach(() => driver.dispose());

// Up to 1 ms, as of two cards.
it.each([0, 5, -5, 37, 48, -48])("delays by 192 frames where linked streams start %i frames apart, at the start and after an xrun", (oddFrames) => {
  driver = new DriverOnCard({}, linkingLibrary);
  expect(driver.audio.open(driver.request).isLinked).toBe(true);
  driver.card.set({ oddFrames });
  driver.goOn();
  driver.card.set({ captureXruns: 1, oddFrames: -oddFrames });
  expect(driver.pass()).toBe(faultCode("overrun"));
  driver.goOn();
  driver.recorded();
});
