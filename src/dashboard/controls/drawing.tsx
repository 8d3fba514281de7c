import { useEffect, useRef } from "preact/hooks";
import { frames, type Painter } from "../frames.js";
import { surfaceOf, type Surface } from "../paint/surface.js";

/** Draws a frame; `dtMs` since the one before. */
export type Paint = (surface: Surface, dtMs: number) => void;

interface DrawingProps {
  readonly paint: Paint;
  /** What a screen reader says in its place; without one it is hidden from it, because text beside it says the same. */
  readonly label?: string;
  readonly class?: string;
  /** Stands for all that a picture shows which seldom changes: while it is the same, nothing is drawn anew. */
  readonly still?: () => string;
  /** Puts handlers for fingers on the canvas; the answer takes them away. */
  readonly touch?: (canvas: HTMLCanvasElement) => () => void;
}

/** What is so near to the screen is drawn as if it were on it, so that a page that is scrolled shows nothing old. */
const NEAR = "120px 0px";

/** A canvas that is drawn at the display's rate while it is on the screen. */
export function Drawing({ paint, label, class: className = "", still, touch }: DrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const newest = useRef(paint);
  newest.current = paint;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    let surface: Surface | undefined;
    let drawn: string | undefined;
    const sizes = new ResizeObserver(() => {
      surface = surfaceOf(element, element.clientWidth, element.clientHeight);
      drawn = undefined;
    });
    const sight = new IntersectionObserver((entries) => (painter.isSeen = entries.at(-1)?.isIntersecting ?? false), { rootMargin: NEAR });
    const painter: Painter = {
      isSeen: false,
      frame(_, dtMs) {
        const picture = still?.();
        if (surface === undefined || (picture !== undefined && picture === drawn)) return;
        drawn = picture;
        surface.context.clearRect(0, 0, surface.width, surface.height);
        newest.current(surface, dtMs);
      },
    };
    sizes.observe(element);
    sight.observe(element);
    const leave = frames.add(painter);
    const untouch = touch?.(element);
    return () => {
      leave();
      untouch?.();
      sizes.disconnect();
      sight.disconnect();
    };
    // The handlers are made once: they read signals.
  }, []);
  return label === undefined
    ? <canvas ref={canvas} class={`drawing ${className}`} aria-hidden="true" />
    : <canvas ref={canvas} class={`drawing ${className}`} role="img" aria-label={label} />;
}
