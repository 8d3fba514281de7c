import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ChannelEvent, Ending } from "../../src/dashboard/channel.js";
import { Keys, type TextStore } from "../../src/dashboard/keys.js";
import { BoxLink } from "../../src/dashboard/link.js";
import type { Credential } from "../../src/protocol/handshake.js";
import type { WelcomeMessage } from "../../src/protocol/messages.js";

const KEY = "I7DULFSALMQRJ7EBVCC7QHYO3Y";
const WELCOME = { type: "welcome" } as WelcomeMessage;

/** A browser's storage. */
class MemoryStore implements TextStore {
  readonly texts = new Map<string, string>();
  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.texts.set(key, value);
  }
  removeItem(key: string): void {
    this.texts.delete(key);
  }
}

/** A network on which each try to connect is kept, and answered by the test. */
class Network {
  readonly tries: { readonly credential: Credential; readonly emit: (event: ChannelEvent) => void; isClosed: boolean }[] = [];
  readonly phases: string[] = [];
  readonly store = new MemoryStore();
  readonly keys: Keys;
  readonly link: BoxLink;
  reloads = 0;

  constructor(isPaired = true) {
    if (isPaired) this.store.setItem("lacquer.phone", JSON.stringify({ phone: "p1", key: KEY }));
    this.keys = new Keys(this.store);
    this.link = new BoxLink({
      keys: this.keys, name: "Test", nowMs: () => Date.now(),
      open: (credential, _, emit) => {
        const attempt = { credential, emit, isClosed: false };
        this.tries.push(attempt);
        return { command: () => new Promise<never>(() => undefined), upload: () => Promise.reject(new Error("not asked for")), drawn: () => undefined, close: () => void (attempt.isClosed = true) };
      },
      listener: {
        onPhase: (phase) => this.phases.push(phase), onEvent: () => undefined, onMeters: () => undefined, onNewPage: () => this.reloads++,
      },
    });
  }

  /** The newest try. */
  get last(): Network["tries"][number] {
    return this.tries.at(-1)!;
  }

  arrive(pageTag = "1"): void {
    this.last.emit({ type: "link", isBoxThere: true, sentence: "", pageTag });
    this.last.emit(WELCOME);
  }
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

it("is live with the welcome, and back 2 s at most after a line that broke can be used again", () => {
  const network = new Network();
  network.link.start();
  network.arrive();
  expect(network.phases).toEqual(["live"]);
  network.last.emit({ type: "closed", ending: "lost", sentence: "gone" });
  expect(network.phases.at(-1)).toBe("lost");
  // The network is away for a while: no try comes through.
  vi.advanceTimersByTime(20_000);
  const before = network.tries.length;
  vi.advanceTimersByTime(2000);
  expect(network.tries.length).toBeGreaterThan(before);
  network.arrive();
  expect(network.phases.at(-1)).toBe("live");
});

it("gives a box up that has been silent for 2 to 2.5 s", () => {
  const network = new Network();
  network.link.start();
  network.arrive();
  vi.advanceTimersByTime(1900);
  expect(network.phases.at(-1)).toBe("live");
  vi.advanceTimersByTime(600);
  expect(network.phases.at(-1)).toBe("lost");
  expect(network.tries[0]?.isClosed).toBe(true);
});

it("says that the box is gone while the web process is there, and stays for its sign of life each 2 s", () => {
  const network = new Network();
  network.link.start();
  network.arrive();
  for (let n = 0; n < 5; n++) {
    network.last.emit({ type: "link", isBoxThere: false, sentence: "It starts.", pageTag: "1" });
    vi.advanceTimersByTime(2000);
  }
  expect(network.phases).toEqual(["live", "noBox"]);
  expect(network.tries).toHaveLength(1);
  network.last.emit(WELCOME);
  expect(network.phases.at(-1)).toBe("live");
});

it("asks to be paired without a key, pairs by a code, and proves the new key from then on", async () => {
  const network = new Network(false);
  network.link.start();
  expect(network.phases).toEqual(["unpaired"]);
  const outcome = network.link.pair("1234 5678", "Mine");
  expect(network.last.credential).toEqual({ kind: "code", code: "12345678" });
  network.last.emit({ type: "paired", phone: "p9", key: KEY, role: "control" });
  expect(await outcome).toBe("");
  network.arrive();
  expect(network.phases.at(-1)).toBe("live");
  expect(new Keys(network.store).credential).toEqual({ kind: "paired", phone: "p9", key: KEY });
});

it("says why a code was not taken, and stays unpaired", async () => {
  const network = new Network(false);
  network.link.start();
  expect(await network.link.pair("123", "Mine")).toMatch(/eight digits/);
  const outcome = network.link.pair("00000000", "Mine");
  network.last.emit({ type: "closed", ending: "refused", sentence: "" });
  expect(await outcome).toMatch(/does not take this code/);
  expect(network.phases.at(-1)).toBe("unpaired");
});

it("tries the key of the address when the box does not know the phone any more", () => {
  const network = new Network();
  expect(network.keys.takeFragment(`#${KEY}`)).toBe(true);
  network.link.start();
  for (let n = 0; n < 2; n++) {
    expect(network.last.credential.kind).toBe("paired");
    network.last.emit({ type: "closed", ending: "refused", sentence: "" });
    vi.advanceTimersByTime(500);
  }
  expect(network.last.credential).toEqual({ kind: "url", key: KEY });
});

it("proves the key of the address when it may only look until now, and keeps its own key when that is refused", () => {
  const network = new Network();
  network.keys.takeFragment(`#${KEY}`);
  network.link.start();
  network.last.emit({ type: "link", isBoxThere: true, sentence: "", pageTag: "1" });
  network.last.emit({ ...WELCOME, phone: { id: "p1", role: "view" } } as WelcomeMessage);
  expect(network.last.credential).toEqual({ kind: "url", key: KEY });
  for (let n = 0; n < 2; n++) {
    network.last.emit({ type: "closed", ending: "refused", sentence: "" });
    vi.advanceTimersByTime(500);
  }
  expect(network.last.credential).toEqual({ kind: "paired", phone: "p1", key: KEY });
  network.last.emit({ ...WELCOME, phone: { id: "p1", role: "view" } } as WelcomeMessage);
  expect(network.tries).toHaveLength(4);
});

it("pairs no second time by the key of the address when it may adjust already: the simulated board prints one at each start", () => {
  const network = new Network();
  network.keys.takeFragment(`#${KEY}`);
  network.link.start();
  network.arrive();
  network.last.emit({ ...WELCOME, phone: { id: "p1", role: "control" } } as WelcomeMessage);
  expect(network.tries).toHaveLength(1);
});

it("loads itself anew when the web process speaks another version, and goes on trying each 3 s", () => {
  const network = new Network();
  network.link.start();
  network.last.emit({ type: "closed", ending: "otherVersion", sentence: "This page is of another release; load it anew." });
  expect(network.reloads).toBe(1);
  expect(network.phases.at(-1)).toBe("lost");
  vi.advanceTimersByTime(3100);
  expect(network.tries).toHaveLength(2);
});

it("forgets its key when the box forgets the phone, and does not knock again", () => {
  const network = new Network();
  network.link.start();
  network.arrive();
  network.last.emit({ type: "forgotten" });
  vi.advanceTimersByTime(10_000);
  expect(network.phases.at(-1)).toBe("unpaired");
  expect(network.tries).toHaveLength(1);
  expect(network.store.texts.size).toBe(0);
});

/** Ends each try as it comes, for so long; answers when they came. */
function endTries(network: Network, endings: readonly Ending[], forMs: number): number[] {
  const triedMs: number[] = [];
  for (let ms = 0; ms < forMs; ms += 50) {
    if (network.tries.length > triedMs.length) {
      triedMs.push(ms);
      network.last.emit({ type: "closed", ending: endings[Math.min(triedMs.length, endings.length) - 1] ?? "lost", sentence: "" });
    }
    vi.advanceTimersByTime(50);
  }
  return triedMs;
}

it("offers to be paired when its key is refused again and again, keeps the key, and is back by itself within 2 s of the end of that", () => {
  const network = new Network();
  network.link.start();
  const triedMs = endTries(network, ["refused"], 3000);
  expect(network.phases).toEqual(["lost", "unpaired"]);
  for (let ms = 0; ms < 2000 && network.tries.length === triedMs.length; ms += 50) vi.advanceTimersByTime(50);
  expect(network.tries.length).toBeGreaterThan(triedMs.length);
  network.arrive();
  expect(network.phases.at(-1)).toBe("live");
  expect(new Keys(network.store).credential?.kind).toBe("paired");
});

it("gives a box that refuses it no more than seven wrong proofs within any minute", () => {
  const network = new Network();
  network.link.start();
  const triedMs = endTries(network, ["refused"], 300_000);
  for (const fromMs of triedMs) expect(triedMs.filter((ms) => ms >= fromMs && ms < fromMs + 60_000).length).toBeLessThanOrEqual(7);
  expect(triedMs.length).toBeGreaterThan(14);
});

it("stays where a code is typed while it knocks, whatever becomes of the knocking", () => {
  const network = new Network();
  network.link.start();
  expect(endTries(network, ["refused", "refused", "lost", "full", "tooManyTries"], 30_000).length).toBeGreaterThanOrEqual(5);
  expect(network.phases).toEqual(["lost", "unpaired"]);
});

it("knocks only each 3 s at a box that is full", () => {
  const network = new Network();
  network.link.start();
  network.last.emit({ type: "closed", ending: "full", sentence: "16 phones are connected already." });
  expect(network.phases.at(-1)).toBe("full");
  vi.advanceTimersByTime(2900);
  expect(network.tries).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(network.tries).toHaveLength(2);
});

it("leaves its place to another page of this phone for a minute, and takes it back when it is touched", () => {
  const network = new Network();
  network.link.start();
  network.last.emit({ type: "closed", ending: "elsewhere", sentence: "Another page took its place." });
  expect(network.phases.at(-1)).toBe("elsewhere");
  vi.advanceTimersByTime(59_000);
  expect(network.tries).toHaveLength(1);
  network.link.touch();
  expect(network.tries).toHaveLength(2);
  network.last.emit({ type: "closed", ending: "elsewhere", sentence: "Another page took its place." });
  vi.advanceTimersByTime(61_000);
  expect(network.tries).toHaveLength(3);
});

it("loads itself anew when the web process serves another release of the page", () => {
  const network = new Network();
  network.link.start();
  network.arrive("1");
  network.last.emit({ type: "link", isBoxThere: true, sentence: "", pageTag: "2" });
  expect(network.reloads).toBe(1);
});

it("fails a command that is not answered within 5 s, and one that is given while there is no box", async () => {
  const network = new Network();
  network.link.start();
  await expect(network.link.command("undo", {})).rejects.toThrow(/not connected/);
  network.arrive();
  const late = expect(network.link.command("undo", {})).rejects.toThrow(/no answer/);
  for (let n = 0; n < 6; n++) {
    network.last.emit(WELCOME);
    await vi.advanceTimersByTimeAsync(1000);
  }
  await late;
});

it("leaves when nobody looks, and comes back when it is started again", () => {
  const network = new Network();
  network.link.start();
  network.arrive();
  network.link.stop();
  vi.advanceTimersByTime(60_000);
  expect(network.tries).toHaveLength(1);
  expect(network.tries[0]?.isClosed).toBe(true);
  network.link.start();
  network.arrive();
  expect(network.phases).toEqual(["live", "connecting", "live"]);
});
