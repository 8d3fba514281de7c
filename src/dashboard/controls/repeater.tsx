import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

const FIRST_MS = 420;
const NEXT_MS = 70;

interface RepeaterProps {
  readonly label: string;
  readonly class: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

/** A button that presses itself again while it is held. */
export function Repeater({ label, class: className, onPress, children }: RepeaterProps) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const press = useRef(onPress);
  press.current = onPress;
  const release = (): void => clearTimeout(timer.current);
  const again = (): void => {
    press.current();
    timer.current = setTimeout(again, NEXT_MS);
  };
  useEffect(() => release, []);
  return (
    <button type="button" class={className} aria-label={label} tabIndex={-1}
      onPointerDown={() => (timer.current = setTimeout(again, FIRST_MS))}
      onPointerUp={release} onPointerLeave={release} onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()} onClick={onPress}>{children}</button>
  );
}
