import { box } from "../box.js";
import type { ClipLight } from "../clips.js";
import { clock } from "../text.js";

function Light({ name, light }: { readonly name: string; readonly light: ClipLight }) {
  const isLit = light.count > 0;
  const when = light.atMs === null ? "" : clock(light.atMs);
  return (
    <button type="button" class={`clip ${isLit ? "lit" : ""}`} onClick={() => box.clips.clear()}>
      <strong>{name}</strong>
      <span>{isLit ? when || "before" : "none"}</span>
      {isLit && <span class="unseen">{light.count} times; touch to clear</span>}
    </button>
  );
}

/** The clip lights of input and output, with the time of the last; a touch puts both out. */
export function clipLights() {
  return (
    <div class="clips">
      <Light name="In clip" light={box.clips.input.value} />
      <Light name="Out over" light={box.clips.output.value} />
    </div>
  );
}
