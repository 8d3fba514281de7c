import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { PlatformReading, PlatformReadings } from "../../protocol/levels.js";
import { box } from "../box.js";
import { adjustment, duration, figure, wholeOrTenth } from "../text.js";

/** How often it is worked out anew from the song that runs. */
const ASK_MS = 3000;
/** Platforms that are listed before more are asked for. */
const FIRST_PLATFORMS = 4;

const newest = signal<PlatformReadings | null>(null);

/** The newest readings; until the first, the platforms without figures, so that nothing below moves under a finger. */
function usePlatforms(): PlatformReadings {
  const isLive = box.phase.value === "live";
  useEffect(() => {
    if (!isLive) return undefined;
    const load = async (): Promise<void> => void (newest.value = await box.askQuietly("platforms", {}) ?? newest.peek());
    void load();
    const timer = setInterval(() => void load(), ASK_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  if (newest.value !== null) return newest.value;
  const platforms = box.targets.value.flatMap(({ id, name, loudnessLufs }) => (loudnessLufs === null ? [] : [{ id, name, loudnessLufs, adjustmentDb: null }]));
  return { integratedLufs: null, maxTruePeakDbtp: null, plrDb: null, platforms };
}

async function hearAs(platform: string | null): Promise<void> {
  const answer = await box.ask("preview", { platform });
  if (answer !== undefined) box.levels.value = answer;
}

function PreviewOn({ platforms }: { readonly platforms: readonly PlatformReading[] }) {
  const preview = box.levels.value?.preview;
  if (preview === undefined || preview.platform === null) return null;
  const { hasMonitorOutput, platform, gainDb, secondsLeft } = preview;
  const name = platforms.find(({ id }) => id === platform)?.name ?? platform;
  return (
    <div class="preview-on">
      <p><strong>As {name} plays it:</strong> {Math.abs(gainDb) < 0.05 ? "at its full level" : `${figure(-gainDb)} dB down`}. {hasMonitorOutput ? "The recorder keeps the full level." : "The recorder hears that too."}</p>
      <p class="hint">The bypass is as low, so that input and master compare fairly. It ends by itself{secondsLeft === null ? "" : ` in ${duration(secondsLeft)}`}.</p>
      <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => void hearAs(null)}>Back to the full level</button>
    </div>
  );
}

function PlatformRow({ reading }: { readonly reading: PlatformReading }) {
  const { id, name, loudnessLufs, adjustmentDb } = reading;
  const isOn = box.levels.value?.preview.platform === id;
  return (
    <li>
      <div class="entry-text">
        <strong>{name}{id === box.adjusted.value?.target && <em> target</em>}</strong>
        <span>{wholeOrTenth(loudnessLufs)} LUFS · {adjustment(adjustmentDb)}</span>
      </div>
      <button type="button" class="plain" aria-pressed={isOn} aria-label={`Hear it as ${name} plays it`} disabled={!box.mayControl.value || adjustmentDb === null}
        onClick={() => void hearAs(isOn ? null : id)}>{isOn ? "Heard" : "Hear"}</button>
    </li>
  );
}

/** What each platform will do to this master, and how it sounds there. */
export function PlatformPanel() {
  const [isAll, setAll] = useState(false);
  const readings = usePlatforms();
  const { integratedLufs, plrDb } = readings;
  const target = box.adjusted.value?.target;
  const platforms = [...readings.platforms].sort((a, b) => Number(b.id === target) - Number(a.id === target));
  return (
    <section class="panel platforms" aria-label="Platforms">
      <div class="heads"><h2 class="head">What platforms do to this master</h2></div>
      <p class="hint">{integratedLufs === null ? "Play some of the song first." : (
        <>It measures {figure(integratedLufs)} LUFS. Its peaks stand {figure(plrDb)} dB over that (PLR), and keep that wherever it is turned down.</>)}</p>
      <PreviewOn platforms={platforms} />
      <ul class="list">{platforms.slice(0, isAll ? platforms.length : FIRST_PLATFORMS).map((reading) => <PlatformRow key={reading.id} reading={reading} />)}</ul>
      {platforms.length > FIRST_PLATFORMS && (
        <button type="button" class="plain wide" aria-expanded={isAll} onClick={() => setAll(!isAll)}>{isAll ? "Show fewer" : `Show all ${platforms.length}`}</button>
      )}
    </section>
  );
}
