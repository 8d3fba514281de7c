import { I2cError, type I2cErrorKind } from "../../src/hal/i2c-bus.js";
import { errnoName } from "../linux/errno.js";

const KINDS: Readonly<Record<string, I2cErrorKind>> = {
  ENXIO: "noAnswer", EREMOTEIO: "noAnswer", ENODEV: "noAnswer", ETIMEDOUT: "stuck", EBUSY: "busy", EAGAIN: "busy", ENOENT: "missing",
  EACCES: "denied", EPERM: "denied",
};

/** What strerror(3) writes, where a driver gives nothing else. */
const TEXTS: readonly (readonly [text: string, name: string])[] = [
  ["Remote I/O error", "EREMOTEIO"], ["No such device or address", "ENXIO"], ["No such device", "ENODEV"], ["timed out", "ETIMEDOUT"],
  ["Device or resource busy", "EBUSY"], ["temporarily unavailable", "EAGAIN"], ["No such file", "ENOENT"], ["Permission denied", "EACCES"],
  ["not permitted", "EPERM"],
];

const REMEDIES: Readonly<Record<I2cErrorKind, string>> = {
  noAnswer: "does not answer; see that it is plugged in, and that its address is right (`i2cdetect -y 1`)",
  stuck: "does not let the bus go; see its wires, and unplug what hangs on the bus one by one",
  busy: "is held by a driver of the kernel, or by another master; see the overlays in config.txt",
  missing: "has no bus; put dtparam=i2c_arm=on into config.txt and start again",
  denied: "is not permitted to this user; put it into the group i2c",
  other: "cannot be used",
};

/** Describes a failure of a kind with the device at an address of a bus. */
export function i2cFailure(kind: I2cErrorKind, bus: string, address: number, detail: string): I2cError {
  return new I2cError(kind, `The device 0x${address.toString(16).padStart(2, "0")} on ${bus} ${REMEDIES[kind]} (${detail}).`);
}

/** Name of what went wrong: by the code, by the number, or, where `i2c-bus` leaves the code empty for a NAK, by the text. */
function nameOf({ code, errno, message }: NodeJS.ErrnoException): string {
  if (code !== undefined && code !== "") return code;
  const [, byText] = TEXTS.find(([text]) => message.includes(text)) ?? [];
  if (byText !== undefined) return byText;
  return typeof errno === "number" && errno !== 0 ? errnoName(Math.abs(errno)) : message;
}

/** Describes what a transfer of the package `i2c-bus` failed with. */
export function i2cErrorOf(error: unknown, bus: string, address: number): I2cError {
  if (error instanceof I2cError) return error;
  const name = error instanceof Error ? nameOf(error) : String(error);
  return i2cFailure(KINDS[name] ?? "other", bus, address, name);
}
