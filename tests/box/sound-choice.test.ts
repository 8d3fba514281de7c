import { describe, expect, it } from "vitest";
import { chooseSound } from "../../src/box/sound-choice.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { FIRST_CARD } from "../../src/hal/sound-cards.js";
import type { BoxConfig } from "../../src/config/config-schema.js";

const { config } = loadBoxConfig(undefined);
const CARD = { card: 0, deviceNumber: 0, device: "hw:CARD=sndrpihifiberry,DEV=0", name: "HiFiBerry DAC+ADC" };
const USB = { card: 1, deviceNumber: 0, device: "hw:CARD=Device,DEV=0", name: "USB Audio" };

const choose = (audio: Partial<BoxConfig["audio"]>, cards: readonly (typeof CARD)[], board = "auto", waitsForCard = false): ReturnType<typeof chooseSound> =>
  chooseSound({ board, audio: { ...config.audio, ...audio } }, cards, waitsForCard);

describe("the choice of the sound device", () => {
  it("takes the first card that records and plays, for both directions", () => {
    expect(choose({}, [CARD, USB])).toMatchObject({ driver: "alsa", captureDevice: CARD.device, playbackDevice: CARD.device });
  });

  it("takes the simulated board where there is no card, and says how to get one", () => {
    const choice = choose({}, []);
    expect(choice.driver).toBe("sim");
    const text = choice.lines.join("\n");
    expect(text).toContain("No sound card that records and plays was found");
    expect(text).toContain("dtoverlay=");
    expect(text).toContain("audio.captureDevice");
  });

  it("takes the simulated board although there is a card, when it is asked to", () => {
    expect(choose({}, [CARD], "sim").driver).toBe("sim");
    expect(choose({ driver: "sim" }, [CARD]).driver).toBe("sim");
  });

  it("takes the devices that are named, one for both or one for each, before any card", () => {
    expect(choose({ captureDevice: "hw:1" }, [CARD])).toMatchObject({ captureDevice: "hw:1", playbackDevice: CARD.device });
    expect(choose({ captureDevice: "hw:1" }, [])).toMatchObject({ driver: "alsa", captureDevice: "hw:1", playbackDevice: "hw:1" });
    expect(choose({ captureDevice: "hw:1", playbackDevice: "hw:2" }, [CARD])).toMatchObject({ captureDevice: "hw:1", playbackDevice: "hw:2" });
  });

  it("calls a card that is named by its number by its id, which tells the board and stays", () => {
    expect(choose({ captureDevice: "hw:0,0", playbackDevice: "hw:1" }, [CARD, USB])).toMatchObject({ captureDevice: CARD.device, playbackDevice: USB.device });
    expect(choose({ captureDevice: "hw:0,1", playbackDevice: "plughw:0" }, [CARD, USB])).toMatchObject({ captureDevice: "hw:0,1", playbackDevice: "plughw:0" });
  });

  it("keeps the driver that is named, and waits for a card rather than pretend", () => {
    expect(choose({ driver: "stream" }, [USB])).toMatchObject({ driver: "stream", captureDevice: USB.device });
    expect(choose({ driver: "stream" }, [])).toMatchObject({ driver: "stream", captureDevice: "default", playbackDevice: "default" });
    expect(choose({ driver: "alsa" }, [])).toMatchObject({ driver: "alsa", captureDevice: FIRST_CARD, playbackDevice: FIRST_CARD });
  });

  it("waits for the first card that comes where it is to wait, but simulates one when asked to by name", () => {
    expect(choose({}, [], "auto", true)).toMatchObject({ driver: "alsa", captureDevice: FIRST_CARD, playbackDevice: FIRST_CARD });
    expect(choose({}, [], "auto", true).lines).toEqual(["No sound card was found: the box waits for one."]);
    expect(choose({}, [CARD], "auto", true)).toMatchObject({ driver: "alsa", captureDevice: CARD.device });
    expect(choose({}, [], "sim", true).driver).toBe("sim");
  });
});
