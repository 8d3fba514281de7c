import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { NumberParameter } from "../../params/parameter.js";
import { parseValue } from "../../params/parse.js";
import { formatRange, formatValue } from "../../params/values.js";
import { box } from "../box.js";
import { plainly, withMinus, withPoint } from "../text.js";
import { Sheet } from "./sheet.js";

const shown = signal<NumberParameter | null>(null);

/** Opens the sheet in which the value of `row` is typed. */
export function typeValue(row: NumberParameter): void {
  shown.value = row;
}

/** Turns the sign of what was typed: number pads of phones have no minus. */
function negated(text: string): string {
  const trimmed = text.trim();
  return /^[-\u2212]/.test(trimmed) ? trimmed.slice(1) : `-${trimmed}`;
}

function Entry({ row }: { readonly row: NumberParameter }) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => formatValue(row, box.value(row.id).peek()).replace(/[^\d.-]+.*$/, ""));
  const [problem, setProblem] = useState("");
  const close = (): void => void (shown.value = null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    const parsed = parseValue(row, withPoint(text));
    if ("problem" in parsed) return setProblem(plainly(parsed.problem));
    box.want({ [row.id]: parsed.value });
    close();
  };
  const reset = (): void => {
    box.want({ [row.id]: row.default });
    close();
  };
  return (
    <Sheet title={row.label} onClose={close}>
      <form onSubmit={submit} class="entry">
        <p class="hint">{row.sentence}</p>
        <div class="entry-row">
          {row.min < 0 && <button type="button" class="plain" aria-label="Change the sign" onClick={() => setText(negated(text))}>±</button>}
          <input ref={field} aria-label={`${row.label}${row.unit === "" ? "" : ` in ${row.unit}`}`} inputMode="decimal" autocomplete="off" enterkeyhint="done"
            aria-describedby="entry-help" aria-invalid={problem !== ""} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <span class="unit">{row.unit}</span>
        </div>
        <p id="entry-help" class={problem === "" ? "hint" : "hint bad"} role={problem === "" ? undefined : "alert"}>
          {problem === "" ? `${withMinus(formatRange(row))}` : problem}
        </p>
        <div class="actions">
          <button type="button" class="plain" onClick={reset}>Default {withMinus(formatValue(row, row.default))}</button>
          <button type="submit" class="primary">Set</button>
        </div>
      </form>
    </Sheet>
  );
}

/** Where a value is typed, while one is. */
export function ValueSheet() {
  const row = shown.value;
  return row === null ? null : <Entry key={row.id} row={row} />;
}
