import { Box, SoundLostError, type BoxOptions } from "./box.js";
import type { BoxSetup } from "./box-setup.js";
import { Notices } from "./notices.js";

/** The box cannot start with what it was given: starting it again would end the same way. */
const BAD_INPUT = 2;
/** The sound was lost for good (EX_SOFTWARE of sysexits.h): whoever started the box should start it again. */
const LOST = 70;
/** A process that has not ended by then, after SIGTERM, is ended. */
const LAST_MS = 1900;

export interface BoxProcess {
  readonly log: (line: string) => void;
  /** Calls `stop` when the process is asked to end, with what asks, for people. */
  readonly onStop: (stop: (why: string) => void) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** Runs a box until it is asked to end or cannot go on; ends the process with 0, 2 or 70. */
export async function runBox<Device>(
  setup: BoxSetup,
  parts: Pick<BoxOptions<Device>, "threadUrl" | "takeWriterUrl" | "trackPreparerUrl" | "referencePlayerUrl" | "service" | "panel" | "fit" | "setMixer" | "powerOff" | "systemMs"> & { readonly device: () => Promise<Device> },
  { log, onStop, exit }: BoxProcess,
): Promise<void> {
  let box: Box<Device> | undefined;
  let isStopping = false;
  onStop((why) => {
    // A second Ctrl-C must not cut the fade of the first.
    if (isStopping) return;
    isStopping = true;
    log(`The box ends: ${why}.`);
    setTimeout(() => exit(0), LAST_MS).unref();
    void Promise.resolve(box?.stop()).finally(() => exit(0));
  });
  const notices = new Notices({ log, nowMs: () => performance.now() });
  setup.faults.forEach((fault, n) => notices.stand(`configuration ${n}`, "error", fault));
  for (const line of setup.sound.lines) notices.note(line);
  try {
    box = new Box({ ...setup, ...parts, device: await parts.device(), notices });
    void box.failed.then((reason) => {
      if (isStopping) return;
      log(`error: ${reason} The box ends, to be started again.`);
      exit(LOST);
    });
    await box.start();
  } catch (error) {
    // What a stop breaks off in the middle is no failure; the stop itself ends the process.
    if (isStopping) return;
    log(`error: ${error instanceof Error ? error.message : String(error)}`);
    exit(error instanceof SoundLostError ? LOST : BAD_INPUT);
  }
}
