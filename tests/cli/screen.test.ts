import { EventEmitter } from "node:events";
import type { ReadStream, WriteStream } from "node:tty";
import { describe, expect, it } from "vitest";
import { processTerminal } from "../../src/cli/process-terminal.js";
import { Screen } from "../../src/cli/screen.js";

describe("the screen", () => {
  function fixture(): { screen: Screen; sent: () => string } {
    let text = "";
    const screen = new Screen((piece) => (text += piece));
    return { screen, sent: () => {
      const all = text;
      text = "";
      return all;
    } };
  }

  it("opens the second screen and hides the cursor, and gives both back once", () => {
    const { screen, sent } = fixture();
    screen.draw([[["one"]]], 80, 0);
    expect(sent()).toContain("\x1b[?1049h\x1b[?25l");
    screen.close();
    expect(sent()).toBe("\x1b[?25h\x1b[?1049l");
    screen.close();
    expect(sent()).toBe("");
  });

  it("sends only the lines that changed, and nothing when none did", () => {
    const { screen, sent } = fixture();
    screen.draw([[["one"]], [["two"]], [["three"]]], 80, 0);
    sent();
    screen.draw([[["one"]], [["2"]], [["three"]]], 80, 0);
    expect(sent()).toBe("\x1b[?2026h\x1b[2;1H2\x1b[K\x1b[?2026l");
    screen.draw([[["one"]], [["2"]], [["three"]]], 80, 0);
    expect(sent()).toBe("");
  });

  it("clears lines that are no longer there, and draws all anew after a change of size", () => {
    const { screen, sent } = fixture();
    screen.draw([[["one"]], [["two"]]], 80, 0);
    sent();
    screen.draw([[["one"]]], 80, 0);
    expect(sent()).toContain("\x1b[2;1H\x1b[K");
    screen.clear();
    screen.draw([[["one"]]], 80, 0);
    expect(sent()).toContain("\x1b[1;1Hone");
  });

  it("leaves a terminal alone on which nothing was drawn", () => {
    const { screen, sent } = fixture();
    screen.clear();
    screen.close();
    expect(sent()).toBe("");
  });
});

describe("the terminal of a process", () => {
  function display(env: Record<string, string>, bits = 8, isTTY = true): ReturnType<typeof processTerminal>["display"] {
    const stdout = Object.assign(new EventEmitter(), { isTTY, columns: 100, rows: 30, write: () => true, getColorDepth: () => bits }) as unknown as WriteStream;
    const stdin = Object.assign(new EventEmitter(), { isTTY: false }) as unknown as ReadStream;
    return processTerminal({ stdin, stdout, stderr: stdout, env }, () => undefined).display;
  }

  it("has no screen in a pipe, nor on a dumb terminal", () => {
    expect(display({ TERM: "xterm" }, 8, false)).toBeUndefined();
    expect(display({ TERM: "dumb" })).toBeUndefined();
  });

  it.each([[8, {}, 256], [24, {}, 256], [4, {}, 16], [1, {}, 0], [8, { NO_COLOR: "1" }, 0], [8, { NO_COLOR: "" }, 256]])(
    "takes %d bits of colour with %j for %d colours", (bits, env, colours) => {
      expect(display(env as Record<string, string>, bits)?.colours).toBe(colours);
    },
  );

  it.each([[{ LANG: "de_DE.UTF-8" }, true], [{ LC_ALL: "C.utf8" }, true], [{ LANG: "C" }, false], [{}, false], [{ LANG: "C.UTF-8", TERM: "linux" }, false]])(
    "draws with blocks in %j: %s", (env, blocks) => {
      expect(display(env as Record<string, string>)?.hasBlocks).toBe(blocks);
    },
  );
});
