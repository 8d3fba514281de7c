import type { ReadStream, WriteStream } from "node:tty";
import type { ColourDepth } from "./painter.js";
import type { Display, Terminal } from "./terminal.js";

/** The parts of a process that a terminal is made of. */
export interface TerminalProcess {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const FALLBACK_COLUMNS = 80;
const FALLBACK_ROWS = 24;

/**
 * The terminal of a process.
 * @param onInterrupt - takes what is to be called at Ctrl-C and the like
 */
export function processTerminal(from: TerminalProcess, onInterrupt: (stop: () => void) => void): Terminal {
  const { stdout, stderr, env } = from;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isInteractive: stderr.isTTY === true,
    environment: env,
    onInterrupt,
    // A dumb terminal, as an editor has, cannot place its cursor.
    ...(stdout.isTTY === true && env["TERM"] !== "dumb" && { display: displayOf(from) }),
  };
}

function displayOf({ stdin, stdout, env }: TerminalProcess): Display {
  return {
    get columns() {
      return stdout.columns || FALLBACK_COLUMNS;
    },
    get rows() {
      return stdout.rows || FALLBACK_ROWS;
    },
    colours: coloursOf(stdout, env),
    hasBlocks: /utf-?8/i.test(env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "") && env["TERM"] !== "linux",
    onResize: (listener) => void stdout.on("resize", listener),
    onKey: (listener) => listenToKeys(stdin, listener),
  };
}

/** https://no-color.org: any text in NO_COLOR means none. */
function coloursOf(stdout: WriteStream, env: TerminalProcess["env"]): ColourDepth {
  if (env["NO_COLOR"]) return 0;
  const bits = stdout.getColorDepth(env);
  if (bits >= 8) return 256;
  return bits >= 4 ? 16 : 0;
}

function listenToKeys(stdin: ReadStream, listener: (key: string) => void): () => void {
  if (stdin.isTTY !== true) return () => undefined;
  const hear = (bytes: Buffer): void => listener(bytes.toString());
  stdin.setRawMode(true);
  stdin.on("data", hear);
  return () => {
    stdin.off("data", hear);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
