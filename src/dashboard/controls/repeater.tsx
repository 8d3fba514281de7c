import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { HeldPress } from "./held-press.js";


interface RepeaterProps {
  readonly label: string;
  readonly class: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

/** A button that presses itself again while it is held. */
export function Repeater({ label, class: className, onPress, children }: RepeaterProps) {
  const press = useRef(onPress);
  press.current = onPress;
  const held = useMemo(() => new HeldPress(() => press.current()), []);
  const release = (): void => held.release();
  useEffect(() => release, []);
  return (
    <button type="button" class={className} aria-label={label} tabIndex={-1}
      onPointerDown={() => held.begin()}
      onPointerUp={release} onPointerLeave={release} onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()} onClick={() => held.click()}>{children}</button>
  );
}
