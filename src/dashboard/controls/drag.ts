/** Farther than this a finger drags; nearer it taps. */
const SLOP_PX = 6;
/** Two taps within this time and place are one double tap. */
const DOUBLE_MS = 350;
const DOUBLE_PX = 32;

/** A place on an element, in pixels from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a finger does. */
export interface DragHandlers {
  /** What is held moves up and down as well: the page must not scroll then. */
  readonly isFree?: boolean;
  /** A finger is down; answers whether it has something to drag. */
  begin(at: Point): boolean;
  /** It has moved to `at`, by `by` since the last call; `isFine` while a key asks for small steps. */
  move(at: Point, by: Point, isFine: boolean): void;
  end?(): void;
  tap?(at: Point): void;
  doubleTap?(at: Point): void;
}

/** Turns pointers on `element` into drags, taps and double taps; one finger at a time. The answer takes the handlers away. */
export function watchDrag(element: HTMLElement, handlers: DragHandlers): () => void {
  let pointer: number | null = null;
  let start: Point = { x: 0, y: 0 };
  let last = start;
  let isDragging = false;
  let hasGrip = false;
  let lastTap = { atMs: -Infinity, x: 0, y: 0 };
  const place = (event: PointerEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  // After pointerdown, which has said whether there is something in the hand.
  const touch = (event: TouchEvent): void => {
    if (hasGrip && handlers.isFree === true) event.preventDefault();
  };
  const down = (event: PointerEvent): void => {
    if (pointer !== null || event.button !== 0) return;
    start = last = place(event);
    hasGrip = handlers.begin(start);
    pointer = event.pointerId;
    isDragging = false;
  };
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== pointer || !hasGrip) return;
    const at = place(event);
    if (!isDragging && Math.hypot(at.x - start.x, at.y - start.y) < SLOP_PX) return;
    // Not before: a tap must stay the click of the button that it meets.
    if (!isDragging) element.setPointerCapture(event.pointerId);
    isDragging = true;
    handlers.move(at, { x: at.x - last.x, y: at.y - last.y }, event.shiftKey);
    last = at;
  };
  const up = (event: PointerEvent): void => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (isDragging) handlers.end?.();
    else if (event.type === "pointerup") tapped(place(event), event.timeStamp);
  };
  const tapped = (at: Point, atMs: number): void => {
    const isSecond = atMs - lastTap.atMs < DOUBLE_MS && Math.hypot(at.x - lastTap.x, at.y - lastTap.y) < DOUBLE_PX;
    lastTap = { atMs: isSecond ? -Infinity : atMs, ...at };
    if (isSecond) handlers.doubleTap?.(at);
    else handlers.tap?.(at);
  };
  element.addEventListener("touchstart", touch, { passive: false });
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  return () => {
    element.removeEventListener("touchstart", touch);
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
  };
}
