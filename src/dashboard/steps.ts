import { formatValue } from "../params/values.js";
import type { Values } from "../protocol/messages.js";
import { box } from "./box.js";
import { rowOf } from "./controls/rows.js";
import { STAGE_NAMES } from "./stages.js";
import { withMinus } from "./text.js";

/** "EQ band 3 Gain": a parameter as it is called away from its page. */
function fullName(id: string): string {
  const [stage = "", band = ""] = id.split(".");
  const place = (STAGE_NAMES as Readonly<Record<string, string>>)[stage];
  const number = /^band(\d+)$/.exec(band)?.[1];
  const parts = [place, number === undefined ? undefined : `band ${number}`, rowOf(id).label];
  return [...new Set(parts)].filter((part) => part !== undefined).join(" ");
}

/** What a step changed: "Undone: Limiter Ceiling −2.0 dBTP", "Redone: EQ band 3 Gain 1.5 dB and 4 more". */
export function stepSentence(word: string, before: Values, after: Values): string {
  const [first, ...others] = Object.keys(after).filter((id) => after[id] !== before[id]);
  if (first === undefined) return `${word}.`;
  const written = withMinus(formatValue(rowOf(first), after[first] ?? NaN));
  return `${word}: ${fullName(first)} ${written}${others.length === 0 ? "" : ` and ${others.length} more`}.`;
}

/** Takes the last change back, or makes it again, whoever made it; says what that was. */
export async function step(command: "undo" | "redo"): Promise<void> {
  const before = Object.fromEntries(box.ids.map((id) => [id, box.value(id).peek()]));
  const answer = await box.ask(command, {});
  if (answer !== undefined) box.tell("info", stepSentence(command === "undo" ? "Undone" : "Redone", before, answer.values));
}
