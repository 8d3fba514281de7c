import { painted, type ColourDepth, type Line } from "./painter.js";

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[?25h\x1b[?1049l";
/** Terminals that know it show a frame at once; the others take no notice. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";

/** Draws pictures on a terminal's second screen: only lines that changed are sent, so that nothing flickers. */
export class Screen {
  readonly #write: (text: string) => void;
  #shown: string[] = [];
  #isOpen = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Shows a picture; opens the second screen the first time. */
  draw(lines: readonly Line[], columns: number, colours: ColourDepth): void {
    const wanted = lines.map((line) => painted(line, columns, colours));
    let text = this.#isOpen ? "" : ENTER;
    this.#isOpen = true;
    for (let row = 0; row < Math.max(wanted.length, this.#shown.length); row++) {
      const line = wanted[row] ?? "";
      if (line !== (this.#shown[row] ?? "")) text += `\x1b[${row + 1};1H${line}\x1b[K`;
    }
    this.#shown = wanted;
    if (text !== "") this.#write(`${BEGIN_FRAME}${text}${END_FRAME}`);
  }

  /** Forgets what is shown, as after a change of size: the next picture is drawn whole. */
  clear(): void {
    this.#shown = [];
    if (this.#isOpen) this.#write("\x1b[2J");
  }

  /** Gives the terminal back as it was, with its cursor. */
  close(): void {
    if (this.#isOpen) this.#write(LEAVE);
    this.#isOpen = false;
  }
}
