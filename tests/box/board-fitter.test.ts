import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { BoardFitter } from "../../src/box/board-fitter.js";
import { fitBoard } from "../../src/box/fit-board.js";
import { Notices } from "../../src/box/notices.js";
import type { Panel } from "../../src/box/panel.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { LineError } from "../../src/hal/digital.js";
import type { Control, PanelDevices } from "../../src/hal/panel.js";

const { config } = loadBoxConfig(undefined);
const DEVICE = { pisound: "hw:CARD=pisound,DEV=0", hifiberry: "hw:CARD=sndrpihifiberry,DEV=0", usb: "hw:CARD=Scarlett,DEV=0" };

let notices: Notices;
/** What was done to panels, relays and mixers, in order. */
let done: string[];
let isRelayBusy: boolean;
let relayTries: number;
let mixerSays: readonly string[];

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices({ log: () => undefined, nowMs: () => performance.now() });
  done = [];
  isRelayBusy = false;
  relayTries = 0;
  mixerSays = [];
});
afterEach(() => void vi.useRealTimers());

function devices(controls: readonly Control[]): PanelDevices {
  const [pin] = controls.find(({ kind }) => kind === "relay")?.pins ?? [];
  const relay = pin === undefined ? null : {
    open: async (): Promise<void> => {
      relayTries++;
      if (isRelayBusy) throw new LineError("busy", `The line GPIO${pin} is held by something else (EBUSY).`);
      done.push(`relay ${pin}`);
    },
    close: async () => void done.push(`no relay ${pin}`),
  };
  return { encoders: new Map(), buttons: new Map(), knobs: new Map(), lights: new Map(), display: null, relay, lines: [], end: async () => undefined };
}

function fitter(device: string): BoardFitter {
  const sound = { driver: "alsa" as const, captureDevice: device, playbackDevice: device, lines: [] };
  return new BoardFitter({
    fit: (now) => fitBoard({ config, board: config.board, hasOwnControls: false, sound }, BOARDS, now),
    devices,
    makePanel: (controls) => ({
      start: () => void done.push(`panel of ${controls.length}`),
      stop: async () => void done.push(`no panel of ${controls.length}`),
    }) as Panel,
    setMixer: (name, settings) => {
      done.push(`mixer of ${name}, ${settings.length > 0 ? "set" : "empty"}`);
      return mixerSays;
    },
    notices,
  }, device);
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe("BoardFitter", () => {
  it("takes the relay and sets the mixer before the sound begins, and opens the panel after", async () => {
    const box = fitter(DEVICE.hifiberry);
    box.prepare();
    await settled();
    expect(done).toEqual(["mixer of hw:CARD=sndrpihifiberry, set", "relay 25"]);
    box.start();
    expect(done.at(-1)).toBe("panel of 12");
    expect(box.board).toBe("hifiberry-dacplusadcpro");
  });

  it("touches no pin until the card is known, and then wires the panel as its board needs it, once", async () => {
    const box = fitter("first card");
    box.prepare();
    box.start();
    await settled();
    expect(done).toEqual(["panel of 0"]);
    for (let n = 0; n < 3; n++) box.sees(DEVICE.pisound);
    await settled();
    expect(done).toEqual(["panel of 0", "no panel of 0", "panel of 7", "relay 27"]);
    expect([box.board, box.wired.controls.length]).toEqual(["pisound", 7]);
  });

  it("gives the relay of the old board back before it takes that of the new one", async () => {
    const box = fitter(DEVICE.usb);
    box.prepare();
    box.start();
    await settled();
    box.sees(DEVICE.pisound);
    await settled();
    expect(done.slice(-3)).toEqual(["no relay 25", "panel of 7", "relay 27"]);
  });

  it("leaves the panel alone when another card has the same pins, and sets the mixer of each card once in its life", async () => {
    const box = fitter(DEVICE.usb);
    box.prepare();
    box.start();
    for (const device of [DEVICE.hifiberry, DEVICE.usb, DEVICE.hifiberry]) box.sees(device);
    await settled();
    expect(done).toEqual(["panel of 12", "relay 25", "mixer of hw:CARD=sndrpihifiberry, set"]);
    expect(box.board).toBe("hifiberry-dacplusadcpro");
  });

  it("stands by what the mixer says, and by what does not go with the board until another one comes", async () => {
    mixerSays = ["The mixer of the sound card lacks \"Aux Switch\"."];
    fitter(DEVICE.hifiberry).prepare();
    expect(notices.standing).toEqual(mixerSays);
  });

  it("tries a relay again that was busy, once a second, until it has it", async () => {
    isRelayBusy = true;
    const box = fitter(DEVICE.hifiberry);
    box.prepare();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(relayTries).toBe(11);
    expect(notices.standing).toEqual(["The bypass relay does not work: The line GPIO25 is held by something else (EBUSY)."]);
    expect(box.isRelayUp).toBe(false);
    isRelayBusy = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect([done.at(-1), notices.standing, box.isRelayUp]).toEqual(["relay 25", [], true]);
  });

  it("stands by a fault of the old board's relay no more once the relay is on the pin of another board", async () => {
    isRelayBusy = true;
    const box = fitter(DEVICE.usb);
    box.prepare();
    box.start();
    await settled();
    expect(notices.standing).toHaveLength(1);
    isRelayBusy = false;
    box.sees(DEVICE.pisound);
    await settled();
    expect([done.at(-1), notices.standing]).toEqual(["relay 27", []]);
  });

  it("closes the panel and leaves the relay to the sound when it is stopped, and sees no card any more", async () => {
    const box = fitter(DEVICE.hifiberry);
    box.prepare();
    box.start();
    await settled();
    await box.stop();
    box.sees(DEVICE.pisound);
    await settled();
    expect(done.at(-1)).toBe("no panel of 12");
  });
});
