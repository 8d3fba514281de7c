import { useEffect, useState } from "preact/hooks";
import { box } from "../box.js";
import { Pause, Play } from "../controls/icons.js";
import { Sheet } from "../controls/sheet.js";
import { duration, figure } from "../text.js";

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

/** What was measured of each song of this session, the newest first. */
export function SongTable() {
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
            <th scope="row">{song.name}</th><td>{duration(song.durationS)}</td><td>{figure(song.integratedLufs)}</td>
            <td>{figure(song.loudnessRangeLu)}</td><td>{figure(song.maxTruePeakDbtp)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Songs({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet title="Songs of this session" onClose={onClose}>
      <SongTable />
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
        <span class="unseen">measured; songs of this session</span>
      </button>
      <button type="button" class="plain" disabled={isOff} onClick={() => void box.ask("controlMeters", { action: isPaused ? "start" : "pause" })}>
        {isPaused ? <Play /> : <Pause />}{isPaused ? "Start" : "Pause"}
      </button>
      <button type="button" class="plain" disabled={isOff} onClick={() => void markSong()}>New song</button>
      {isOpen && <Songs onClose={() => setOpen(false)} />}
    </section>
  );
}
