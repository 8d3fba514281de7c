import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "node:path";
import { main } from "../../src/cli/main.js";
import type { Song } from "../../src/protocol/messages.js";
import { FakeBox } from "../support/fake-box.js";
import { temporaryFolder } from "../support/temp-folder.js";

const LOGGED = { startedAt: "2026-11-23T10:00:00.000Z", endedAt: null, faults: { xruns: 0, clips: 0, bypassedS: 0 } };
const path = join(temporaryFolder().path, "control.sock");
const songs: Song[] = [
  { index: 1, name: "Overture", startedS: 0, durationS: 185.4, integratedLufs: -14.13, loudnessRangeLu: 6.2, maxTruePeakDbtp: -1.04, ...LOGGED },
  { index: 2, name: "Song 2", startedS: 190, durationS: 0, integratedLufs: null, loudnessRangeLu: null, maxTruePeakDbtp: null, ...LOGGED },
];
const names: (string | undefined)[] = [];
const switched: unknown[] = [];
const box = new FakeBox(path, {
  listSongs: () => ({ songs }),
  markSong: ({ name }) => {
    names.push(name);
    return { songs };
  },
  logs: () => ({ text: "Lacquer 1.2.3 on fake\n\n== Status" }),
  bypassStage: (input) => {
    switched.push(input);
    return { on: input.on ?? true };
  },
  hardBypass: (input) => {
    switched.push(input);
    return input;
  },
});

beforeAll(() => box.socket.start());
afterAll(() => box.socket.stop());

async function lacquer(...argv: string[]): Promise<string> {
  let out = "";
  const code = await main(argv, { out: (text) => (out += text), err: (text) => (out += text), isInteractive: false, environment: { LACQUER_SOCKET: path } });
  return `${code} ${out}`;
}

it("lacquer songs lists each with its time, loudness, range and true peak", async () => {
  expect(await lacquer("songs")).toBe(`0 ${[
    "   Song      Time  Integrated  Range   True peak",
    "1  Overture  3:05  -14.1 LUFS  6.2 LU  -1.0 dBTP",
    "2  Song 2    0:00  -           -       -",
  ].join("\n")}\n`);
});

it("lacquer song begins the next one, by a name or without", async () => {
  expect(await lacquer("song", "Encore")).toBe("0 \"Song 2\" is measured from now on.\n");
  expect(JSON.parse((await lacquer("song", "--json")).slice(2))).toEqual(songs[1]);
  expect(names).toEqual(["Encore", undefined]);
});

it("lacquer logs prints the bundle as it is", async () => {
  expect(await lacquer("logs")).toBe("0 Lacquer 1.2.3 on fake\n\n== Status\n");
});

it("lacquer bypass switches one stage, or the relay", async () => {
  expect(await lacquer("bypass", "eq", "on")).toBe("0 Bypass is on: the sound goes around eq.\n");
  expect(await lacquer("bypass", "multiband")).toContain("multiband");
  expect(await lacquer("bypass", "hard")).toBe("0 Bypass is on: the bare input is heard, through the relay.\n");
  expect(await lacquer("bypass", "hard", "off")).toBe("0 Bypass is off: the box is heard.\n");
  expect(switched).toEqual([{ stage: "eq", on: true }, { stage: "multiband" }, { on: true }, { on: false }]);
  expect(await lacquer("bypass", "hard", "maybe")).toMatch(/^2 lacquer: bypass is "maybe"; allowed on or off\./);
});
