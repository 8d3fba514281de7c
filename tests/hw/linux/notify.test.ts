import { describe, expect, it } from "vitest";
import { systemdNotifier } from "../../../hw/linux/notify.js";

describe("systemdNotifier", () => {
  it("does nothing, without complaint, where no service manager listens", () => {
    const notifier = systemdNotifier({ WATCHDOG_USEC: "2000000" });
    notifier.ready();
    notifier.status("sound flows");
    notifier.feedWatchdog();
    notifier.stopping();
    expect(notifier.watchdogMs).toBeUndefined();
  });
});
