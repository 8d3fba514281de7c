import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PICTURE_BYTES, type Display } from "../../src/hal/display.js";
import { I2cError } from "../../src/hal/i2c-bus.js";
import { randomUniform } from "../support/signals.js";

export interface DisplayUnderTest {
  readonly display: Display;
  /** What is seen on it. */
  readonly seen: () => Uint8Array;
  /** Pulls it out, or plugs it in; its memory is lost. */
  readonly plug: (isPlugged: boolean) => void;
  readonly pass: (ms: number) => void;
}

const DARK = new Uint8Array(PICTURE_BYTES);

/** What every Display keeps. */
export function describeDisplay(name: string, make: () => DisplayUnderTest): void {
  describe(`Display: ${name}`, () => {
    let test: DisplayUnderTest;
    beforeEach(() => {
      test = make();
    });
    afterEach(async () => await test.display.close());
    const random = randomUniform(5);
    const picture = (): Uint8Array => Uint8Array.from({ length: PICTURE_BYTES }, () => Math.floor(256 * random()));

    it("is dark until the first picture, then shows each picture to the pixel", async () => {
      await test.display.open();
      expect(test.seen()).toEqual(DARK);
      for (let n = 0; n < 5; n++) {
        const shown = picture();
        await test.display.show(shown);
        expect(test.seen()).toEqual(shown);
      }
    });

    it("shows every change of a few pixels, wherever they lie", async () => {
      await test.display.open();
      const shown = picture();
      for (let n = 0; n < 300; n++) {
        for (let k = 0; k < 3; k++) shown[Math.floor(PICTURE_BYTES * random())] = Math.floor(256 * random());
        await test.display.show(shown);
        expect(Buffer.compare(test.seen(), shown)).toBe(0);
      }
    });

    it("is dark once it is closed, which may be asked for twice, and shows pictures again after it was opened anew", async () => {
      await test.display.open();
      const shown = picture();
      await test.display.show(shown);
      await test.display.close();
      await test.display.close();
      expect(test.seen()).toEqual(DARK);
      await test.display.open();
      await test.display.show(shown);
      expect(test.seen()).toEqual(shown);
    });

    it("says that it does not answer when it is pulled out, and is whole again when it is back and opened", async () => {
      await test.display.open();
      await test.display.show(picture());
      test.plug(false);
      await expect(test.display.show(picture())).rejects.toBeInstanceOf(I2cError);
      await test.display.close();
      await expect(test.display.open()).rejects.toMatchObject({ kind: "noAnswer" });
      test.plug(true);
      await test.display.open();
      const shown = picture();
      await test.display.show(shown);
      expect(test.seen()).toEqual(shown);
    });

    it("is whole again within 4 s when it was out while nobody looked and its picture stays the same", async () => {
      await test.display.open();
      const shown = picture();
      await test.display.show(shown);
      test.plug(false);
      test.plug(true);
      expect(test.seen()).not.toEqual(shown);
      for (let ms = 0; ms < 4000; ms += 50) {
        test.pass(50);
        await test.display.show(shown);
      }
      expect(test.seen()).toEqual(shown);
    });
  });
}
