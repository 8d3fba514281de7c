import { LineError, type LineErrorKind } from "../../src/hal/digital.js";
import { errnoName } from "../linux/errno.js";

const KINDS: Readonly<Record<string, LineErrorKind>> = {
  ENOENT: "missing", ENXIO: "missing", EBUSY: "busy", EACCES: "denied", EPERM: "denied", EINVAL: "unsupported", ENOTSUP: "unsupported",
  EOPNOTSUPP: "unsupported", ENODEV: "disconnected", ENOTTY: "unsupported", end: "disconnected",
};

const REMEDIES: Readonly<Record<LineErrorKind, string>> = {
  missing: "does not exist; see that the board of the configuration is the one that is built in",
  busy: "is held by something else; `gpioinfo` names who holds it, and an overlay in config.txt may",
  denied: "is not permitted to this user; put it into the group gpio",
  unsupported: "does not offer what it is to do; give the control another one",
  disconnected: "is gone; see that its chip is plugged in",
  other: "does not work",
};

/** Describes an error of the system about something on the GPIO, by its name such as "EBUSY". */
export function lineFailure(what: string, name: string): LineError {
  const kind = KINDS[name] ?? "other";
  return new LineError(kind, `The ${what} ${REMEDIES[kind]} (${name}).`);
}

/** The same by the number of the error; `step` is what was tried. */
export function lineError(errno: number, what: string, step: "open" | "request" | "use"): LineError {
  const name = errnoName(errno);
  const isGone = name === "ENODEV" || (name === "ENXIO" && step !== "open");
  return lineFailure(what, isGone ? "ENODEV" : name);
}
