interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  /** The value as people read it. */
  readonly written: string;
  readonly isDisabled?: boolean;
  /** Hears of each move. */
  readonly onMove: (value: number) => void;
  /** Hears where it was let go. */
  readonly onSet?: (value: number) => void;
}

/** A slider from 0 for what is no parameter of the box. */
export function Range({ label, value, max, step, written, isDisabled = false, onMove, onSet }: RangeProps) {
  return (
    <label class="plain-range">
      <span>{label}<b>{written}</b></span>
      <input type="range" min={0} max={max} step={step} value={value} aria-valuetext={written} disabled={isDisabled} data-drag
        onInput={(event) => onMove(event.currentTarget.valueAsNumber)} onChange={(event) => onSet?.(event.currentTarget.valueAsNumber)} />
    </label>
  );
}
