import { loadTargets } from "../config/targets.js";
import type { ControlState } from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import { meterLine } from "./meter-line.js";

/** Where the line goes. */
export interface LiveStatusOutput {
  write(text: string): void;
  /** Whether a line can be redrawn. */
  readonly isTerminal: boolean;
  readonly columns: number;
}

const REDRAW_MS = 250;
const QUIET_LINE_MS = 5000;

/** The meters of a running box in one line: redrawn at the foot of a terminal, else one line each 5 s. */
export class LiveStatus {
  readonly #output: LiveStatusOutput;
  readonly #targets = loadTargets();
  readonly #timer: NodeJS.Timeout;
  #target: string | undefined;
  #snapshot: MeterSnapshot | null = null;
  #isShown = false;

  constructor(output: LiveStatusOutput) {
    this.#output = output;
    this.#timer = setInterval(() => this.#draw(), output.isTerminal ? REDRAW_MS : QUIET_LINE_MS);
  }

  /** Takes what the box says of its target. */
  setState({ target }: Pick<ControlState, "target">): void {
    this.#target = target;
  }

  /** Takes the meters; null when there is no box to ask. */
  setSnapshot(snapshot: MeterSnapshot | null): void {
    this.#snapshot = snapshot;
  }

  /** Prints text above the line. */
  print(text: string): void {
    this.#clear();
    this.#output.write(text);
    if (this.#output.isTerminal && text.endsWith("\n")) this.#draw();
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#isShown) this.#output.write("\r\x1b[K");
    this.#isShown = false;
  }

  #draw(): void {
    if (this.#snapshot === null) return;
    const targetLufs = this.#targets.find(({ id }) => id === this.#target)?.loudnessLufs ?? null;
    const line = meterLine(this.#snapshot, targetLufs);
    const { isTerminal, columns } = this.#output;
    this.#output.write(isTerminal ? `\r${line.slice(0, columns - 1)}\x1b[K` : `${line}\n`);
    this.#isShown = isTerminal;
  }
}
