import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.js";
import { openAudio } from "../../src/files/open-audio.js";
import { ffmpegIntegratedLufs, ffmpegLoudness } from "../support/ffmpeg.js";
import { idealTruePeakDb } from "../support/true-peak.js";

// Game music from Debian's extremetuxracer-data and neverball-data.
const TRACKS = [
  ["/usr/share/games/etr/music/race1-jt.ogg", "spotify", -14, "transparent"],
  ["/usr/share/games/etr/music/freezingpoint.ogg", "apple-music", -16, "glue"],
  ["/usr/share/games/etr/music/spunkyrace-ks.ogg", "youtube", -14, "warm"],
  ["/usr/share/games/etr/music/lostrace-ks.ogg", "ebu-r128", -23, "broadcast"],
  ["/usr/share/games/neverball/bgm/track1.ogg", "spotify", -14, "loud"],
  ["/usr/share/games/neverball/bgm/track2.ogg", "deezer", -15, "vocal-presence"],
  ["/usr/share/games/neverball/bgm/track3.ogg", "spotify", -14, undefined],
  ["/usr/share/games/neverball/bgm/track6.ogg", "podcast", -16, "podcast"],
] as const;

const PASSAGE_S = 60;
const CEILING_DBTP = -1;
/** ffmpeg rounds its true peak to 0.1 dB and reads it 4-fold, up to 0.02 dB high. */
const FFMPEG_PEAK_ROUNDING_DB = 0.051;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "lacquer-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A passage from the middle of a track: a whole one takes long and shows no more. */
function passageOf(track: string): string {
  const path = join(folder, `${basename(track)}.wav`);
  execFileSync("ffmpeg", ["-v", "error", "-y", "-ss", "20", "-t", String(PASSAGE_S), "-i", track, "-c:a", "pcm_s24le", path]);
  return path;
}

async function master(track: string, target: string, preset: string | undefined): Promise<{ path: string; report: { after: { integratedLufs: number }; landed: string } }> {
  const path = join(folder, `${basename(track)}-${target}.wav`);
  let out = "";
  let err = "";
  const presetArguments = preset === undefined ? [] : ["--preset", preset];
  const code = await main(["master", passageOf(track), path, "--target", target, "--ceiling", String(CEILING_DBTP), "--json", ...presetArguments], {
    out: (text) => (out += text), err: (text) => (err += text), isInteractive: false,
  });
  expect(code, err).toBe(0);
  return { path, report: JSON.parse(out) as { after: { integratedLufs: number }; landed: string } };
}

describe("lacquer master on real tracks", () => {
  it.each(TRACKS)("lands %s on %s (%s LUFS, preset %s) within 0.1 LU, under -1 dBTP, as ffmpeg reads it", async (track, target, lufs, preset) => {
    const { path, report } = await master(track, target, preset);
    const reading = ffmpegLoudness(path);
    const integratedLufs = ffmpegIntegratedLufs(path);
    const source = await openAudio(path);
    const sound = new Float64Array(2 * source.frames);
    source.read(sound, source.frames);
    source.close();
    const channel = (offset: number): Float64Array => Float64Array.from({ length: source.frames }, (_, n) => sound[2 * n + offset]!);
    const ideal = Math.max(idealTruePeakDb(channel(0)), idealTruePeakDb(channel(1)));
    console.log(`${basename(track)} -> ${target} (${preset ?? "default"}): ours ${report.after.integratedLufs.toFixed(3)}, ffmpeg ${integratedLufs.toFixed(3)} LUFS; true peak ffmpeg ${reading.truePeakDbtp}, 32-fold ${ideal.toFixed(3)} dBTP`);
    expect(report.landed).toBe("landed");
    expect(Math.abs(integratedLufs - lufs)).toBeLessThanOrEqual(0.1);
    expect(reading.truePeakDbtp).toBeLessThanOrEqual(CEILING_DBTP + FFMPEG_PEAK_ROUNDING_DB);
    expect(ideal).toBeLessThanOrEqual(CEILING_DBTP + 0.05);
  });
});
