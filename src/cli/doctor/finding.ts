/** How a check ended: nothing to do, something that may disturb the sound some day, something that stops or spoils it. */
export type Level = "ok" | "warning" | "problem";

/** What a check found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly level: Level;
  readonly sentence: string;
  /** What to do; there unless the level is "ok". */
  readonly remedy?: string;
}

/** All is well, or nothing can be said. */
export function ok(check: string, sentence: string): Finding {
  return { check, level: "ok", sentence };
}

/** Sound flows, but it may be disturbed. */
export function warning(check: string, sentence: string, remedy: string): Finding {
  return { check, level: "warning", sentence, remedy };
}

/** Sound does not flow, or not as it should. */
export function problem(check: string, sentence: string, remedy: string): Finding {
  return { check, level: "problem", sentence, remedy };
}

/** Device files that this user may not use, although the service may. */
export function notPermitted(check: string, paths: readonly string[], group: string): Finding {
  return warning(check, `This user may not use ${paths.join(", ")}; the service may, which is of the group ${group}.`, `Run adduser $USER ${group} and log in again, or ask as root: sudo lacquer doctor.`);
}
