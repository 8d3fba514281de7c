import type { ServiceManager } from "../../src/hal/service-manager.js";
import { findLibrary } from "./koffi.js";

type SdNotify = (unset: number, state: string) => number;

/** Time of the watchdog that `environment` sets for this process, as sd_watchdog_enabled(3) reads it. */
function watchdogMsOf(environment: NodeJS.ProcessEnv): number | undefined {
  const owner = environment["WATCHDOG_PID"];
  const microseconds = Number(environment["WATCHDOG_USEC"]);
  const isOurs = owner === undefined || Number(owner) === process.pid;
  return isOurs && microseconds > 0 ? microseconds / 1000 : undefined;
}

/**
 * Tells systemd about the box by sd_notify(3). Where nobody listens (no NOTIFY_SOCKET), libsystemd is absent or `koffi`
 * is not installed, every call silently does nothing.
 */
export function systemdNotifier(environment: NodeJS.ProcessEnv = process.env): ServiceManager {
  const notify = environment["NOTIFY_SOCKET"] === undefined
    ? undefined
    : findLibrary("libsystemd.so.0")?.func<SdNotify>("int sd_notify(int unset, const char *state)");
  const say = (state: string): void => {
    notify?.(0, state);
  };
  return {
    ready: () => say("READY=1"),
    status: (sentence) => say(`STATUS=${sentence.replaceAll("\n", " ")}`),
    feedWatchdog: () => say("WATCHDOG=1"),
    stopping: () => say("STOPPING=1"),
    watchdogMs: notify === undefined ? undefined : watchdogMsOf(environment),
  };
}
