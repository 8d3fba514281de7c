import { go, PAGES, route } from "./route.js";

const FAR_PX = 70;
const LONGEST_MS = 600;

/** Turns a quick sideways stroke over the page into the next or the last page; strokes over what can be dragged are left alone. */
export function watchSwipe(element: HTMLElement): () => void {
  let start: { x: number; y: number; atMs: number } | null = null;
  const down = (event: TouchEvent): void => {
    const [touch] = event.touches;
    const isFree = event.touches.length === 1 && !(event.target as Element).closest("[data-drag], dialog, input");
    start = isFree && touch !== undefined ? { x: touch.clientX, y: touch.clientY, atMs: event.timeStamp } : null;
  };
  const up = (event: TouchEvent): void => {
    const [touch] = event.changedTouches;
    if (start === null || touch === undefined || event.timeStamp - start.atMs > LONGEST_MS) return;
    const [x, y] = [touch.clientX - start.x, touch.clientY - start.y];
    if (Math.abs(x) < FAR_PX || Math.abs(x) < 2 * Math.abs(y)) return;
    const next = PAGES[PAGES.indexOf(route.peek().page) + (x < 0 ? 1 : -1)];
    if (next !== undefined) go(next);
  };
  element.addEventListener("touchstart", down, { passive: true });
  element.addEventListener("touchend", up, { passive: true });
  return () => {
    element.removeEventListener("touchstart", down);
    element.removeEventListener("touchend", up);
  };
}
