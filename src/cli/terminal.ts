import type { ColourDepth } from "./painter.js";

/** A screen that can be drawn on, with its keyboard. */
export interface Display {
  readonly columns: number;
  readonly rows: number;
  /** Colours, as the terminal and NO_COLOR say. */
  readonly colours: ColourDepth;
  /** Whether it shows Unicode's block elements. */
  readonly hasBlocks: boolean;
  onResize(listener: () => void): void;
  /** Hands over each key from now on; the answer gives the keyboard back. */
  onKey(listener: (key: string) => void): () => void;
}

/** What a command writes to; the composition root hands in the process's own streams. */
export interface Terminal {
  /** Takes results. */
  out(text: string): void;
  /** Takes messages for the person at the terminal. */
  err(text: string): void;
  /** Whether messages go to a terminal that can redraw a line. */
  readonly isInteractive: boolean;
  /** The screen, where results go to one. */
  readonly display?: Display;
  /** Where the paths of the running box are looked up; nowhere unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Calls `stop` at Ctrl-C and the like, in place of the end of the process. */
  onInterrupt?(stop: () => void): void;
}

const BAR_WIDTH = 30;

/** A progress bar on one line of the terminal; silent where there is none. */
export class ProgressBar {
  readonly #terminal: Terminal;
  #shown = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Draws the bar at `share`, 0..1, behind its label. */
  update(label: string, share: number): void {
    if (!this.#terminal.isInteractive) return;
    const done = Math.max(0, Math.min(1, share));
    const full = Math.round(done * BAR_WIDTH);
    const bar = "#".repeat(full) + ".".repeat(BAR_WIDTH - full);
    const line = `\r${label.padEnd(16)} [${bar}] ${String(Math.floor(done * 100)).padStart(3)} %`;
    if (line === this.#shown) return;
    this.#shown = line;
    this.#terminal.err(line);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#shown !== "") this.#terminal.err(`\r${" ".repeat(this.#shown.length)}\r`);
    this.#shown = "";
  }
}
