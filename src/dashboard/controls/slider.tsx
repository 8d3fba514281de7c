import { useEffect, useRef } from "preact/hooks";
import type { NumberParameter } from "../../params/parameter.js";
import { formatValue, positionOf } from "../../params/values.js";
import { box } from "../box.js";
import { withMinus } from "../text.js";
import { watchDrag } from "./drag.js";
import { Hold } from "./hold.js";
import { Minus, Plus } from "./icons.js";
import { Repeater } from "./repeater.js";
import { dragSpeed, originOf, stepped } from "./travel.js";
import { typeValue } from "./value-sheet.js";

/** Keys of a slider (WAI-ARIA Authoring Practices, slider pattern) -> presses of a step button. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};

function reset(row: NumberParameter): void {
  box.want({ [row.id]: row.default });
}

function openEntry(row: NumberParameter): void {
  if (box.allows()) typeValue(row);
}

function onKey(row: NumberParameter, event: KeyboardEvent): void {
  const steps = KEY_STEPS[event.key];
  const held = box.wishes.of(row.id).peek() ?? box.value(row.id).peek();
  if (steps !== undefined) box.want({ [row.id]: stepped(row, held, steps) });
  else if (event.key === "Home") box.want({ [row.id]: row.min });
  else if (event.key === "End") box.want({ [row.id]: row.max });
  else if (event.key === "Delete" || event.key === "Backspace") reset(row);
  else if (event.key === "Enter") openEntry(row);
  else return;
  event.preventDefault();
}

/** Lets a finger drag the value of `row` on `element`: relative, so that a touch moves nothing; finer above and below. */
function watchSlider(element: HTMLElement, row: NumberParameter): () => void {
  let hold: Hold | null = null;
  return watchDrag(element, {
    begin() {
      hold = new Hold(row);
      return true;
    },
    move(at, by, isFine) {
      const speed = dragSpeed(at.y - element.clientHeight / 2, isFine);
      box.want(hold?.move((by.x / element.clientWidth) * speed) ?? {});
    },
    end() {
      hold = null;
    },
    doubleTap: () => reset(row),
  });
}

/** A continuous value: drag, step, type it, or tap twice for its default. It shows what the box holds. */
export function Slider({ row, label = row.label }: { readonly row: NumberParameter; readonly label?: string }) {
  const track = useRef<HTMLDivElement>(null);
  const value = box.value(row.id).value;
  const wish = box.wishes.of(row.id).value;
  const written = withMinus(formatValue(row, value));
  useEffect(() => (track.current === null ? undefined : watchSlider(track.current, row)), [row]);
  const mayControl = box.mayControl.value;
  const place = positionOf(row, value);
  const origin = originOf(row);
  const press = (steps: number) => (): void => box.want({ [row.id]: stepped(row, box.wishes.of(row.id).peek() ?? box.value(row.id).peek(), steps) });
  return (
    <div class={`slider ${mayControl ? "" : "held"}`} data-parameter={row.id}>
      <Repeater class="step" label={`${label} down`} onPress={press(-1)}><Minus /></Repeater>
      <div class="track" ref={track} data-drag>
        <div class="rail" role="slider" tabIndex={0} aria-disabled={!mayControl} aria-label={label} aria-valuemin={row.min} aria-valuemax={row.max} aria-valuenow={value}
          aria-valuetext={written} onKeyDown={(event) => onKey(row, event)}>
          <span class="name">{label}</span>
          <span class="groove">
            <i class="fill" style={{ left: `${Math.min(place, origin) * 100}%`, width: `${Math.abs(place - origin) * 100}%` }} />
            {wish !== null && <i class="wish" style={{ left: `${positionOf(row, wish) * 100}%` }} />}
            <i class="hand" style={{ left: `${place * 100}%` }} />
          </span>
        </div>
        <button type="button" class="value" aria-label={`${label}: ${written}. Type a value`} aria-disabled={!mayControl}
          onClick={() => openEntry(row)}>{written}</button>
      </div>
      <Repeater class="step" label={`${label} up`} onPress={press(1)}><Plus /></Repeater>
    </div>
  );
}
