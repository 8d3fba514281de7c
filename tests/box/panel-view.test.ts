import { describe, expect, it } from "vitest";
import { LiveMeters } from "../../src/box/live-meters.js";
import { PanelViewer } from "../../src/box/panel-view.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import type { PairingView } from "../../src/control/panel/views.js";

const KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** What is heard by the view of a box in this state. */
function heardWhen({ isBypassed, isHardBypassed, isBare }: { readonly isBypassed: boolean; readonly isHardBypassed: boolean; readonly isBare: boolean }): string {
  const window = new LiveMeters().openWindow();
  const store = new ParameterStore({ targets: [{ id: "spotify", ceilingDbtp: -1, loudnessLufs: -14 }], nowMs: () => 0, onListenerError: (error) => { throw error; } });
  if (isBypassed) store.set({ "chain.bypass": 1 }, "cli");
  store.setHardBypass(isHardBypassed, "cli");
  return new PanelViewer({
    state: () => store.state, targets: [], meters: () => window.take(), faults: () => [], isBare: () => isBare, compared: () => "mix", offers: () => [], page: () => null,
    bindings: { shownAt: () => null, hintAt: () => null },
  }).viewAt(0, null).heard;
}

/** What the display shows of an open door while the page is at this address. */
function pairingAt(address: string | null, port: number): PairingView | null {
  const window = new LiveMeters().openWindow();
  const store = new ParameterStore({ targets: [{ id: "spotify", ceilingDbtp: -1, loudnessLufs: -14 }], nowMs: () => 0, onListenerError: (error) => { throw error; } });
  const viewer = new PanelViewer({
    state: () => store.state,
    targets: [], meters: () => window.take(), faults: () => [], isBare: () => false,
    offers: () => [{ role: "control", code: "12345678", key: KEY, secondsLeft: 60, triesLeft: 5, pagePort: port }],
    page: () => ({ port, address }), compared: () => "mix",
    bindings: { shownAt: () => null, hintAt: () => null },
  });
  return viewer.viewAt(0, null).pairing;
}

describe("PanelViewer", () => {
  // ISO/IEC 18004, table 7: 53 bytes are the most in version 3-L, which has 29 modules: two pixels each on 64 lines.
  it.each([
    ["10.42.0.1", 80, 29], ["192.168.178.123", 80, 29], ["255.255.255.255", 80, 29], ["192.168.43.1", 8080, 29],
    ["192.168.178.23", 8080, 29], ["192.168.178.123", 8080, 33],
  ])("makes of %s at port %d with the key a QR code of %d modules", (address, port, modules) => {
    expect(pairingAt(address, port)?.modules.length).toBe(modules);
  });

  it.each([
    [false, false, false, "master"], [true, false, false, "bypass"], [false, true, false, "hardBypass"], [true, true, false, "hardBypass"],
    [false, false, true, "hardBypass"], [true, false, true, "hardBypass"],
  ])("tells of what is heard: bypass %s, hard bypass %s, the relay let go by itself %s -> %s", (isBypassed, isHardBypassed, isBare, heard) => {
    expect(heardWhen({ isBypassed, isHardBypassed, isBare })).toBe(heard);
  });

  it("makes no QR code without a network", () => {
    expect(pairingAt(null, 80)).toEqual({ code: "12345678", secondsLeft: 60, modules: [] });
  });
});
