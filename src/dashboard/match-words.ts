import type { MatchPreview } from "../protocol/mix-comparison.js";
import { figure } from "./text.js";

/** Less is none that is heard. */
const HEARD_DB = 0.5;

/** Where the bands of the EQ fall short of what is wanted most: "What is left: up to 1.3 dB, around 80 Hz". */
export function restLine({ freqHz, wantedDb, gainsDb }: Pick<MatchPreview, "freqHz" | "wantedDb" | "gainsDb">): string {
  const rests = freqHz.map((hz, band) => ({ hz, db: Math.abs((wantedDb[band] ?? 0) - (gainsDb[band] ?? 0)) }));
  const most = rests.reduce((worst, rest) => (rest.db > worst.db ? rest : worst), { hz: 0, db: 0 });
  if (most.db < HEARD_DB) return `The EQ does all of it, within ${figure(HEARD_DB)} dB`;
  return `What is left: up to ${figure(most.db)} dB, around ${most.hz < 1000 ? `${Math.round(most.hz)} Hz` : `${figure(most.hz / 1000)} kHz`}`;
}
