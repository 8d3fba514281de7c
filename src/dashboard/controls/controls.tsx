import { useId } from "preact/hooks";
import type { ChoiceParameter, SwitchParameter } from "../../params/parameter.js";
import { box } from "../box.js";
import { rowOf } from "./rows.js";
import { Slider } from "./slider.js";

interface ToggleProps {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}

/** A switch with its name: the whole line can be touched. */
export function Toggle({ label, hint, isOn, onToggle }: ToggleProps) {
  return (
    <button type="button" class="toggle" role="switch" aria-checked={isOn} aria-disabled={!box.mayControl.value}
      onClick={() => box.allows() && onToggle()}>
      <span class="name">{label}{hint !== undefined && <small>{hint}</small>}</span>
      <i class="knob" aria-hidden="true" />
    </button>
  );
}

function SwitchControl({ row, label = row.label }: { readonly row: SwitchParameter; readonly label?: string }) {
  const isOn = box.value(row.id).value === 1;
  return <Toggle label={label} hint={row.sentence} isOn={isOn} onToggle={() => box.want({ [row.id]: isOn ? 0 : 1 })} />;
}

/** Names of choices as they are written for people. */
const CHOICE_NAMES: Readonly<Record<string, string>> = { lowShelf: "Low shelf", highShelf: "High shelf", rms: "RMS" };

/** Units of choices that are figures. */
const CHOICE_UNITS: Readonly<Record<string, string>> = { "filters.highpassSlope": "dB/oct", "filters.lowpassSlope": "dB/oct" };

function choiceName(name: string): string {
  return CHOICE_NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

function ChoiceControl({ row, label = row.label }: { readonly row: ChoiceParameter; readonly label?: string }) {
  const heading = useId();
  const unit = CHOICE_UNITS[row.id];
  const value = box.value(row.id).value;
  return (
    <fieldset class="choice" aria-labelledby={heading}>
      <legend id={heading}>{label}{unit !== undefined && <small> {unit}</small>}</legend>
      <div class={`segments ${row.choices.length > 4 ? "many" : ""}`}>
        {row.choices.map((name, index) => (
          <button key={name} type="button" aria-pressed={index === value} aria-disabled={!box.mayControl.value}
            onClick={() => box.want({ [row.id]: index })}>{choiceName(name)}</button>
        ))}
      </div>
    </fieldset>
  );
}

/** The control that fits a parameter: slider, switch or choice. */
export function Control({ id, label }: { readonly id: string; readonly label?: string }) {
  const row = rowOf(id);
  const named = label === undefined ? {} : { label };
  switch (row.kind) {
    case "number":
      return <Slider row={row} {...named} />;
    case "switch":
      return <SwitchControl row={row} {...named} />;
    case "choice":
      return <ChoiceControl row={row} {...named} />;
    case "order":
      return null;
  }
}
