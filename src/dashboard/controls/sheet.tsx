import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Close } from "./icons.js";

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog over the page: at the foot of a phone, in the middle of a larger screen. Escape and the cross close it. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby={heading} onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}>
      <div class="sheet-body">
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon" aria-label="Close" onClick={onClose}><Close /></button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
