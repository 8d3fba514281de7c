/** Colours of what is drawn on a canvas; those of style.css beside them. Each means one thing. */
export const COLOUR = {
  ground: "#0b0c0e",
  panel: "#14161a",
  track: "#22262c",
  grid: "#24282f",
  gridStrong: "#343a43",
  text: "#eceae5",
  dim: "#9aa1ab",
  /** What a finger moves, and what the box does to the sound. */
  accent: "#ffb13d",
  /** Sound at a sane level. */
  level: "#4cc2a5",
  levelDim: "#2b6f60",
  /** Sound on its way in. */
  input: "#8792a2",
  /** Close to the ceiling. */
  hot: "#f2d14b",
  /** Over it. */
  over: "#ff5a52",
} as const;

/** The font of what is written on a canvas, at `px` pixels. */
export function font(px: number, weight = 500): string {
  return `${weight} ${px}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
}

/** A colour of `COLOUR` at an opacity of 0..1. */
export function faint(colour: string, opacity: number): string {
  return colour + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
