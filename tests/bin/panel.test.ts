import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PanelDeed, PanelSight } from "../../hw/sim/sim-panel.js";
import type { ControlLink } from "../../src/server/control-link.js";
import { readText } from "../support/read-picture.js";
import { RunningBox } from "../support/running-box.js";

/** The panel of the product at the simulated board: the drivers on simulated lines and chips, in the process of the box. */
describe("the front panel of the running box", () => {
  let box: RunningBox;
  let link: ControlLink;
  beforeAll(async () => {
    ({ box, link } = await RunningBox.start({ environment: process.env, script: "box" }));
  });
  afterAll(async () => {
    link.close();
    await box.stop();
  });

  const hand = (panel: PanelDeed): void => void box.child.send({ panel });
  async function look(): Promise<PanelSight & { readonly bytes: Uint8Array }> {
    const told = once(box.child, "message");
    box.child.send({ panel: "look" });
    const [{ panel }] = await told as [{ panel: PanelSight }];
    return { ...panel, bytes: Uint8Array.from(panel.picture) };
  }
  /** Looks at the panel until it is as wanted. */
  async function seen(isWanted: (sight: PanelSight & { readonly bytes: Uint8Array }) => boolean): Promise<PanelSight & { readonly bytes: Uint8Array }> {
    for (let n = 0; n < 400; n++) {
      const sight = await look();
      if (isWanted(sight)) return sight;
      await setTimeout(25);
    }
    throw new Error(`The panel does not come to show what it should: ${box.output}`);
  }
  const valueOf = async (id: string): Promise<number> => (await link.command("get", { ids: [id] })).values[id] as number;
  async function comesTo(id: string, value: number): Promise<void> {
    for (let n = 0; n < 400 && await valueOf(id) !== value; n++) await setTimeout(25);
    expect(await valueOf(id)).toBe(value);
  }
  async function press(name: string, ms: number): Promise<void> {
    hand({ press: name, isDown: true });
    await setTimeout(ms);
    hand({ press: name, isDown: false });
    // No finger is quicker, and what is quicker is bounce.
    await setTimeout(50);
  }

  it("shows target and meters once sound flows", async () => {
    const sight = await seen(({ bytes }) => /-\d/.test(readText(bytes, 46)));
    expect(readText(sight.bytes, 0)).toBe("Spotify-14LUFS");
  });

  it("turns the threshold that the control socket reports, and shows it while it is turned", async () => {
    const before = await valueOf("compressor.thresholdDb");
    hand({ turn: "threshold", detents: -1 });
    await comesTo("compressor.thresholdDb", before - 0.5);
    expect(readText((await seen(({ bytes }) => readText(bytes, 0) === "Threshold")).bytes, 15, { scale: 2 })).toBe(`${(before - 0.5).toFixed(1)}dB`);
    await seen(({ bytes }) => readText(bytes, 0).startsWith("Spotify"));
  });

  it("bypasses level-matched by a click, with the word on the display and its light, and back", async () => {
    await press("bypass", 100);
    await comesTo("chain.bypass", 1);
    await seen(({ bytes, lit }) => readText(bytes, 33, { scale: 2, isInverted: true }) === "BYPASS" && lit.includes("bypassed"));
    await press("bypass", 100);
    await comesTo("chain.bypass", 0);
    await seen(({ lit }) => !lit.includes("bypassed"));
  });

  it("lets the relay go by a hold, and holds it again by another", async () => {
    await press("bypass", 600);
    await seen(({ bytes }) => readText(bytes, 37, { isInverted: true }) === "HARDBYPASS");
    await press("bypass", 600);
    await seen(({ bytes }) => readText(bytes, 0).startsWith("Spotify") && readText(bytes, 37).startsWith("GR"));
  });

  it("goes through the targets and begins songs", async () => {
    await press("target", 80);
    await seen(({ bytes }) => readText(bytes, 0) === "AppleMusic-16LUFS");
    await press("song", 80);
    await seen(({ bytes }) => readText(bytes, 22) === "Newsong");
    expect((await link.command("listSongs", {})).songs).toHaveLength(2);
  });

  it("opens the door to a phone by a hold of 3 s, with the code on the display", async () => {
    hand({ press: "target", isDown: true });
    await seen(({ bytes }) => readText(bytes, 46) === "PAIRAPHONE");
    await seen(({ bytes }) => readText(bytes, 22) === "PAIRAPHONE");
    hand({ press: "target", isDown: false });
    const { bytes } = await seen((sight) => readText(sight.bytes, 0).startsWith("PAIR"));
    const { offers: [offer] } = await link.command("pairingState", {});
    expect(readText(bytes, 14, { scale: 2 }) + readText(bytes, 34, { scale: 2 })).toBe(offer?.code);
    await link.command("stopPairing", {});
  });

  it("forgets every phone by a hold of 10 s that is counted down, and shuts the open door", async () => {
    const { key } = await link.command("startPairing", { isStanding: true });
    for (const name of ["One", "Two"]) await link.command("addPhone", { name, secret: key });
    await link.command("startPairing", {});
    hand({ press: "target", isDown: true });
    await seen(({ bytes }) => readText(bytes, 46) === "FORGETPHONES" && readText(bytes, 34) === "holdonfor2s:");
    expect((await link.command("listPhones", {})).phones).toHaveLength(2);
    await seen(({ bytes }) => readText(bytes, 22) + readText(bytes, 34) === "2phonesforgotten");
    hand({ press: "target", isDown: false });
    expect((await link.command("listPhones", {})).phones).toEqual([]);
    expect((await link.command("pairingState", {})).offers.filter(({ secondsLeft }) => secondsLeft !== null)).toEqual([]);
  });

  it("goes on without the display while it is out, says so, and shows on it when it is back", async () => {
    hand({ plug: "display", isIn: false });
    const stands = async (): Promise<boolean> => (await link.command("status", {})).notices.some((sentence) => sentence.includes("The display does not work"));
    for (let n = 0; n < 200 && !await stands(); n++) await setTimeout(25);
    expect(await stands()).toBe(true);
    hand({ turn: "ratio", detents: 1 });
    await comesTo("compressor.ratio", 2.1);
    hand({ plug: "display", isIn: true });
    for (let n = 0; n < 200 && await stands(); n++) await setTimeout(25);
    await seen(({ bytes }) => readText(bytes, 0) === "AppleMusic-16LUFS");
  });
});
