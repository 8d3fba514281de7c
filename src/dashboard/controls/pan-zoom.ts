/** What fingers and wheel do to a picture that is longer than its frame. */
export interface PanZoomHandlers {
  /** Moves by a share of the width: above 0 to the right. */
  pan(share: number): void;
  /** Makes what is shown `factor` times as long; what lies at `share` of the width stays there. */
  zoom(factor: number, share: number): void;
}

/** Zoom of one notch of a wheel (100 px). */
const WHEEL_ZOOM = 1.25;

/** Turns one finger into pans, two into zooms, and the wheel into both. The answer takes the handlers away. */
export function watchPanZoom(element: HTMLElement, { pan, zoom }: PanZoomHandlers): () => void {
  const fingers = new Map<number, number>();
  const width = (): number => element.clientWidth || 1;
  const down = (event: PointerEvent): void => {
    fingers.set(event.pointerId, event.offsetX);
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    fingers.set(event.pointerId, event.offsetX);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return pan((event.offsetX - before) / width());
    const [from, to] = [Math.abs(before - other), Math.abs(event.offsetX - other)];
    if (from > 0 && to > 0) zoom(from / to, (event.offsetX + other) / 2 / width());
  };
  const up = (event: PointerEvent): void => void fingers.delete(event.pointerId);
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(-event.deltaX / width());
    else zoom(WHEEL_ZOOM ** (event.deltaY / 100), event.offsetX / width());
  };
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
    element.removeEventListener("wheel", wheel);
  };
}
