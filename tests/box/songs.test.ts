import { beforeEach, describe, expect, it } from "vitest";
import { LiveMeters } from "../../src/box/live-meters.js";
import { feedTone } from "../support/feed-meters.js";

let meters: LiveMeters;

beforeEach(() => {
  meters = new LiveMeters();
});

describe("songs", () => {
  // EBU Tech 3341 case 1 and 2: stereo sines of 1 kHz at -23 and -33 dBFS read -23 and -33 LUFS (±0.1).
  it("have each their own loudness and maximum, and the meters begin anew at the mark", () => {
    feedTone(meters, 10, -23);
    meters.markSong();
    feedTone(meters, 5, -33);
    const [first, second] = meters.songs;
    expect(first).toMatchObject({ index: 1, name: "Song 1", startedS: 0, durationS: 10 });
    expect(Math.abs(first!.integratedLufs! + 23)).toBeLessThan(0.1);
    expect(Math.abs(first!.maxTruePeakDbtp! + 23)).toBeLessThan(0.1);
    expect(second).toMatchObject({ index: 2, name: "Song 2", startedS: 10, durationS: 5 });
    expect(Math.abs(second!.integratedLufs! + 33)).toBeLessThan(0.1);
    expect(meters.figures).toMatchObject({ songIndex: 2, measuredS: 5 });
  });

  // EBU Tech 3342 case 1: 20 s at -20 dBFS and 20 s at -30 dBFS have a loudness range of 10 LU (±1).
  it("have each their own loudness range: 10 LU for a song of two levels, none for the next", () => {
    feedTone(meters, 20, -20);
    feedTone(meters, 20, -30);
    meters.markSong();
    feedTone(meters, 10, -20);
    const [first, second] = meters.songs;
    expect(Math.abs(first!.loudnessRangeLu! - 10)).toBeLessThan(1);
    expect(second!.loudnessRangeLu!).toBeLessThan(0.1);
  });

  it("are named by the mark that begins them; a mark before anything was measured only names", () => {
    meters.markSong("Overture");
    feedTone(meters, 1, -23);
    meters.markSong("Waltz");
    meters.markSong("Minuet");
    feedTone(meters, 1, -23);
    meters.markSong();
    expect(meters.songs.map(({ index, name, startedS }) => [index, name, startedS])).toEqual([[1, "Overture", 0], [2, "Minuet", 1], [3, "Song 3", 2]]);
  });

  it("leave pauses out of their duration, and the next is measured though the last was held", () => {
    feedTone(meters, 2, -23);
    meters.control("pause");
    feedTone(meters, 3, -10);
    meters.markSong();
    feedTone(meters, 1, -23);
    expect(meters.songs.map(({ startedS, durationS }) => [startedS, durationS])).toEqual([[0, 2], [5, 1]]);
    expect(Math.abs(meters.songs[0]!.integratedLufs! + 23)).toBeLessThan(0.1);
    expect(meters.figures.isPaused).toBe(false);
  });

  it("begin anew under the same number when the meters are reset", () => {
    feedTone(meters, 2, -10);
    meters.control("reset");
    feedTone(meters, 2, -30);
    expect(meters.songs).toHaveLength(1);
    expect(meters.songs[0]).toMatchObject({ index: 1, startedS: 2, durationS: 2 });
    expect(meters.songs[0]!.maxTruePeakDbtp!).toBeLessThan(-29);
  });

  it("are kept up to 500: the oldest is forgotten", () => {
    for (let song = 0; song < 510; song++) {
      feedTone(meters, 0.01, -23);
      meters.markSong();
    }
    expect(meters.songs).toHaveLength(500);
    expect([meters.songs[0]!.index, meters.songs.at(-1)!.index]).toEqual([12, 511]);
  });
});

describe("the history of the loudness", () => {
  it("goes on over songs, pauses and resets: 12 s at three levels", () => {
    feedTone(meters, 4, -23);
    meters.markSong();
    feedTone(meters, 4, -33);
    meters.control("pause");
    meters.control("reset");
    feedTone(meters, 4, -13);
    const { endS, stepS, shortTermLufs, momentaryMaxLufs } = meters.history;
    expect([endS, stepS, shortTermLufs.length]).toEqual([12, 1, 12]);
    // The first window of 3 s ends with the third second; each level fills its window after 3 s.
    expect(shortTermLufs.slice(0, 2)).toEqual([null, null]);
    [-23, -33, -13].forEach((lufs, k) => expect(Math.abs(shortTermLufs[4 * k + 3]! - lufs)).toBeLessThan(0.1));
    [-23, -33, -13].forEach((lufs, k) => expect(Math.abs(momentaryMaxLufs[4 * k + 2]! - lufs)).toBeLessThan(0.1));
  });
});
