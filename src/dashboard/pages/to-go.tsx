import { box } from "../box.js";
import { distance, wholeOrTenth } from "../text.js";

/** Half a LU to either side of the target counts as reached (EBU R 128 allows ±0.5 LU for programmes on file). */
const NEAR_LU = 0.5;

/** How a loudness stands to its target, as a class: "near", "over", or "" below it and where nothing can be said. */
export function againstTarget(integratedLufs: number | null, targetLufs: number | null): "near" | "over" | "" {
  if (integratedLufs === null || targetLufs === null) return "";
  const over = integratedLufs - targetLufs;
  if (Math.abs(over) <= NEAR_LU) return "near";
  return over > 0 ? "over" : "";
}

/** The target, and how far the integrated loudness is from it. */
export function ToGo({ integratedLufs }: { readonly integratedLufs: number | null }) {
  const target = box.target.value;
  const targetLufs = target?.loudnessLufs ?? null;
  return (
    <div class={`to-go ${againstTarget(integratedLufs, targetLufs)}`}>
      <p class="aim"><span>{target === null ? "No target" : target.name}</span>{targetLufs !== null && <b>{wholeOrTenth(targetLufs)}</b>}</p>
      <output role="group" aria-label="Distance to the target" aria-live="off">{distance(integratedLufs, targetLufs)}</output>
    </div>
  );
}
