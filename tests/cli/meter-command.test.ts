import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.js";
import type { Display } from "../../src/cli/terminal.js";
import { FakeBox, meterSnapshot } from "../support/fake-box.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
const path = join(folder.path, "control.sock");
let box: FakeBox;
let bins = 0;
let feeding: NodeJS.Timeout;

beforeEach(async () => {
  box = new FakeBox(path);
  await box.socket.start();
  feeding = setInterval(() => box.meters(meterSnapshot(++bins)), 10);
});
afterEach(async () => {
  clearInterval(feeding);
  await box.socket.stop();
});

/** `lacquer meter` on a terminal that remembers what was sent to it. */
class Watcher {
  sent = "";
  code: number | undefined;
  press: (key: string) => void = () => undefined;
  resize: () => void = () => undefined;
  isReleased = false;
  interrupt: () => void = () => undefined;
  readonly display = { columns: 80, rows: 30, colours: 0 as const, hasBlocks: false,
    onResize: (listener: () => void): void => { this.resize = listener; },
    onKey: (listener: (key: string) => void) => {
      this.press = listener;
      return () => { this.isReleased = true; };
    } } satisfies Display;

  constructor(...argv: string[]) {
    void main(["meter", ...argv], {
      out: (text) => (this.sent += text), err: (text) => (this.sent += text), isInteractive: true, display: this.display,
      environment: { LACQUER_SOCKET: path }, onInterrupt: (stop) => (this.interrupt = stop),
    }).then((code) => (this.code = code));
  }
}

describe("lacquer meter", () => {
  it("draws on the second screen, and gives terminal and keyboard back at q", async () => {
    const watcher = new Watcher();
    await until(() => watcher.sent.includes("LU"));
    expect(watcher.sent.startsWith("\x1b[?2026h\x1b[?1049h\x1b[?25l")).toBe(true);
    expect(watcher.isReleased).toBe(false);
    watcher.press("q");
    await until(() => watcher.code !== undefined);
    expect(watcher.code).toBe(0);
    expect(watcher.sent.endsWith("\x1b[?25h\x1b[?1049l")).toBe(true);
    expect(watcher.isReleased).toBe(true);
  });

  it.each([["Ctrl-C of a raw keyboard", (watcher: Watcher) => watcher.press("\x03")], ["a signal", (watcher: Watcher) => watcher.interrupt()]])(
    "ends with 0 by %s", async (_, end) => {
      const watcher = new Watcher();
      await until(() => watcher.sent.includes("LUFS"));
      end(watcher);
      await until(() => watcher.code !== undefined);
      expect(watcher.code).toBe(0);
      expect(watcher.sent.endsWith("\x1b[?25h\x1b[?1049l")).toBe(true);
    },
  );

  it("gives the terminal back and says so when the box ends", async () => {
    const watcher = new Watcher();
    await until(() => watcher.sent.includes("LUFS"));
    await box.socket.stop();
    await until(() => watcher.code !== undefined);
    expect(watcher.code).toBe(2);
    expect(watcher.sent).toMatch(/\x1b\[\?25h\x1b\[\?1049llacquer: The box has ended/);
  });

  it("shows a change and a notice as they come, and draws all anew after a change of size", async () => {
    const watcher = new Watcher();
    await until(() => watcher.sent.includes("LUFS"));
    box.change("chain.bypass", 1);
    await until(() => watcher.sent.includes("BYPASS"));
    box.socket.notice({ level: "warning", subject: "sound", sentence: "The sound was interrupted.", times: 1 });
    await until(() => watcher.sent.includes("The sound was interrupted."));
    watcher.sent = "";
    watcher.display.columns = 60;
    watcher.resize();
    expect(watcher.sent).toContain("\x1b[2J");
    expect(watcher.sent).toContain("\x1b[1;1H Lacquer");
    watcher.press("q");
    await until(() => watcher.code !== undefined);
  });

  it.each([["r", ["controlMeters", { action: "reset" }, "cli"]], ["p", ["controlMeters", { action: "pause" }, "cli"]], ["b", ["bypass", {}, "cli"]]])(
    "gives a command at the key %s", async (key, call) => {
      const watcher = new Watcher();
      await until(() => watcher.sent.includes("LUFS"));
      watcher.press(key);
      await until(() => box.calls.some((made) => JSON.stringify(made) === JSON.stringify(call)));
      watcher.press("q");
      await until(() => watcher.code !== undefined);
    },
  );

  it.each([["pause"], ["start"], ["reset"]])("sends %s and draws nothing", async (action) => {
    const watcher = new Watcher(action);
    await until(() => watcher.code !== undefined);
    expect(watcher.code).toBe(0);
    expect(watcher.sent).toBe("");
    expect(box.calls).toContainEqual(["controlMeters", { action }, "cli"]);
  });

  it("prints JSON although there is a screen when it is asked to", async () => {
    const watcher = new Watcher("--json");
    await until(() => watcher.sent.split("\n").length > 3);
    watcher.interrupt();
    await until(() => watcher.code !== undefined);
    expect(JSON.parse(watcher.sent.split("\n")[0]!)).toHaveProperty("integratedLufs", -14.1);
  });
});
