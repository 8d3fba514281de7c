import { useEffect, useState } from "preact/hooks";
import type { Song } from "../../protocol/messages.js";
import { songsCsv } from "../../protocol/songs-csv.js";
import { box } from "../box.js";
import { Pause, Play } from "../controls/icons.js";
import { Sheet } from "../controls/sheet.js";
import { saveText } from "../files.js";
import { clock, duration, figure } from "../text.js";

async function loadSongs(): Promise<void> {
  const answer = await box.askQuietly("listSongs", {});
  if (answer !== undefined) box.songs.value = answer.songs;
}

async function markSong(): Promise<void> {
  const answer = await box.ask("markSong", {});
  if (answer !== undefined) box.songs.value = answer.songs;
}

/** How often the figures of the song that runs are asked for. */
const SONGS_MS = 5000;

/** What went wrong in a song, in a few words; "" when nothing did. */
function faultWords({ faults: { xruns, clips, bypassedS } }: Song): string {
  const counted = (count: number, one: string): string[] => (count === 0 ? [] : [`${count} ${one}${count === 1 ? "" : "s"}`]);
  return [...counted(xruns, "dropout"), ...counted(clips, "clip"), ...(bypassedS >= 1 ? [`${duration(bypassedS)} bypassed`] : [])].join(", ");
}

/** What was measured of each song, the newest first. */
function SongTable() {
  const isLive = box.phase.value === "live";
  useEffect(() => {
    if (!isLive) return undefined;
    void loadSongs();
    const timer = setInterval(() => void loadSongs(), SONGS_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  const songs = [...box.songs.value].reverse();
  if (songs.length === 0) return <p class="hint">Nothing has been measured yet.</p>;
  return (
    <table class="songs">
      <thead><tr><th scope="col">Song</th><th scope="col">Time</th><th scope="col">LUFS</th><th scope="col">LU</th><th scope="col">dBTP</th></tr></thead>
      <tbody>
        {songs.map((song) => (
          <tr key={song.index}>
            <th scope="row">{song.name}<small class="song-time">{clock(Date.parse(song.startedAt)).slice(0, 5)}</small><span class="song-faults">{faultWords(song)}</span></th><td>{duration(song.durationS)}</td><td>{figure(song.integratedLufs)}</td>
            <td>{figure(song.loudnessRangeLu)}</td><td>{figure(song.maxTruePeakDbtp)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

async function exportSongs(format: "csv" | "json"): Promise<void> {
  const answer = await box.ask("listSongs", {});
  if (answer === undefined) return;
  const isCsv = format === "csv";
  saveText(`lacquer-songs.${format}`, isCsv ? "text/csv" : "application/json", isCsv ? songsCsv(answer.songs) : `${JSON.stringify(answer.songs, null, 2)}\n`);
}

/** The log of the songs, and its way out of the box. */
export function SongLog() {
  return (
    <>
      <SongTable />
      <div class="actions">
        <button type="button" class="plain" onClick={() => void exportSongs("csv")}>Export CSV</button>
        <button type="button" class="plain" onClick={() => void exportSongs("json")}>Export JSON</button>
      </div>
    </>
  );
}

function Songs({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet title="Songs of this box" onClose={onClose}>
      <SongLog />
      <div class="actions">
        <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => void box.ask("controlMeters", { action: "reset" }).then(loadSongs)}>
          Measure this song anew
        </button>
      </div>
    </Sheet>
  );
}

/** The song that is measured: its time, hold and continue, and the next one. */
export function SongPanel() {
  const [isOpen, setOpen] = useState(false);
  const snapshot = box.feed.figures.value?.snapshot;
  const isPaused = snapshot?.isPaused ?? false;
  const isOff = !box.mayControl.value;
  return (
    <section class="panel song" aria-label="Measurement">
      <button type="button" class="plain timer" onClick={() => setOpen(true)}>
        <small>{isPaused ? "Paused" : `Song ${snapshot?.songIndex ?? 1}`}</small>
        <output role="group" aria-label="Measured" aria-live="off">{duration(snapshot?.measuredS ?? 0)}</output>
        <span class="unseen">measured; songs of this box</span>
      </button>
      <button type="button" class="plain" disabled={isOff} onClick={() => void box.ask("controlMeters", { action: isPaused ? "start" : "pause" })}>
        {isPaused ? <Play /> : <Pause />}{isPaused ? "Start" : "Pause"}
      </button>
      <button type="button" class="plain" disabled={isOff} onClick={() => void markSong()}>New song</button>
      {isOpen && <Songs onClose={() => setOpen(false)} />}
    </section>
  );
}
