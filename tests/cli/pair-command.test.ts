import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { encode } from "uqr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.js";
import { qrLines } from "../../src/cli/qr-text.js";
import type { Display, Terminal } from "../../src/cli/terminal.js";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { PhoneBox } from "../support/phone-box.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
let place: string;
let box: PhoneBox;
let page: ControlLink;

beforeEach(async () => {
  place = mkdtempSync(join(folder.path, "c"));
  box = await new PhoneBox(place).start();
  page = await openControlLink({ path: join(place, "box.sock"), source: "web" });
  await page.command("announcePage", { port: 8080 });
});
afterEach(async () => {
  page.close();
  await box.fake.socket.stop();
});

class Run {
  out = "";
  err = "";
  code: number | undefined;
  interrupt: () => void = () => undefined;

  constructor(argv: readonly string[], more: Partial<Terminal> = {}) {
    void main(argv, {
      out: (text) => (this.out += text), err: (text) => (this.err += text), isInteractive: false,
      environment: { LACQUER_SOCKET: join(place, "box.sock") }, onInterrupt: (stop) => (this.interrupt = stop), ...more,
    }).then((code) => (this.code = code));
  }
}

describe("lacquer pair", () => {
  it("shows the address and the digits, and says who came and what that phone may", async () => {
    const run = new Run(["pair", "--view"]);
    await until(() => run.out.includes("type  "));
    const [offer] = box.pairing.offers;
    expect(run.out).toContain(`/#${offer!.key}\n`);
    expect(run.out).toContain(`${offer!.code!.slice(0, 4)} ${offer!.code!.slice(4)}`);
    await page.command("addPhone", { name: "Anna", secret: offer!.code! });
    await until(() => run.code !== undefined);
    expect(run.code).toBe(0);
    expect(run.out).toContain('"Anna" is paired and may look.\n');
  });

  it("ends with 1 when the minute is over, and counts the seconds on a terminal", async () => {
    const run = new Run(["pair"], { isInteractive: true });
    await until(() => run.err.includes(" s left"));
    box.clock.skippedMs = 61_000;
    await until(() => run.code !== undefined, 5);
    expect(run.code).toBe(1);
    expect(run.err).toContain("Nobody came in");
  });

  it("closes the door at Ctrl-C", async () => {
    const run = new Run(["pair"]);
    await until(() => box.pairing.offers.length === 1);
    run.interrupt();
    await until(() => run.code !== undefined);
    expect(run.code).toBe(1);
    expect(box.pairing.offers).toEqual([]);
  });

  it("gives a program the offer and the phone as lines of JSON", async () => {
    const run = new Run(["pair", "--json"]);
    await until(() => run.out.includes("\n"));
    const offer = JSON.parse(run.out) as { key: string; url: string };
    expect(offer.url).toMatch(new RegExp(`^http://.+:8080/#${offer.key}$`));
    await page.command("addPhone", { name: "Anna", secret: offer.key });
    await until(() => run.code === 0);
    expect(JSON.parse(run.out.split("\n")[1]!)).toMatchObject({ name: "Anna", role: "control" });
  });

  it("says that the page is not served, and ends with 1", async () => {
    page.close();
    await until(() => box.fake.socket.pagePort === null);
    const run = new Run(["pair"]);
    await until(() => run.code !== undefined);
    expect([run.code, run.out]).toEqual([1, "The page is not served at present; start its process, then come again.\n"]);
  });

  it("draws a QR code on a screen", async () => {
    const display = { columns: 80, rows: 40, colours: 256, hasBlocks: true, onResize: () => undefined, onKey: () => () => undefined } as const satisfies Display;
    const run = new Run(["pair"], { display });
    await until(() => run.out.includes("▀"));
    run.interrupt();
    await until(() => run.code !== undefined);
  });
});

describe("lacquer phones", () => {
  it("lists the phones and forgets one by its name", async () => {
    await box.book.add("Anna", "control");
    await box.book.add("Ben", "view");
    const list = new Run(["phones"]);
    await until(() => list.code !== undefined);
    expect(list.out).toMatch(/^Anna {2}control {2}never seen {2}[0-9a-f]{12}\nBen {3}view {5}never seen/);
    const wrong = new Run(["phones", "forget", "Eve"]);
    await until(() => wrong.code !== undefined);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('0 phones are called "Eve"; there are Anna')]);
    const forgotten = new Run(["phones", "forget", "anna"]);
    await until(() => forgotten.code !== undefined);
    expect(forgotten.out).toBe('"Anna" is forgotten.\n');
    expect(box.book.list.map(({ name }) => name)).toEqual(["Ben"]);
  });
});

describe("a QR code in letters", () => {
  const text = "http://192.168.100.100:8080/#ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const { data } = encode(text, { ecc: "L", border: 2 });

  it("has every module of the code, two in a character, with a light edge of two", () => {
    const lines = qrLines(text, { colours: 256, hasBlocks: true }).map((line) => line.replace(/\x1b\[[\d;]*m/g, ""));
    const seen = lines.flatMap((line) => [0, 1].map((half) => [...line].map((letter) => (half === 0 ? "█▀" : "█▄").includes(letter))));
    expect(seen.slice(0, data.length)).toEqual(data);
    expect(data[0]!.some(Boolean) || data[1]!.some(Boolean) || data.some((row) => row[0] || row[1])).toBe(false);
    expect(data.length).toBeLessThanOrEqual(37);
  });

  it("is light on the dark terminal where there are no colours, and as wide as high without blocks", () => {
    const plain = qrLines(text, { colours: 0, hasBlocks: true });
    expect(plain[0]).toBe("█".repeat(data.length));
    const letters = qrLines(text, { colours: 0, hasBlocks: false });
    expect(letters).toHaveLength(data.length);
    expect(letters.map((line) => [...line].filter((_, n) => n % 2 === 0).map((letter) => letter === " "))).toEqual(data);
  });
});
