/** What a command writes to; the composition root hands in the process's own streams. */
export interface Terminal {
  /** Takes results. */
  out(text: string): void;
  /** Takes messages for the person at the terminal. */
  err(text: string): void;
  /** Whether messages go to a terminal that can redraw a line. */
  readonly isInteractive: boolean;
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
