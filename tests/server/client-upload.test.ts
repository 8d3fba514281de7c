import { describe, expect, it } from "vitest";
import { CommandFailure } from "../../src/protocol/command-failure.js";
import type { UploadMessage } from "../../src/protocol/messages.js";
import { MAX_CHUNK_BYTES, UPLOAD_WINDOW_BYTES, writeChunk } from "../../src/protocol/upload-wire.js";
import { ClientUpload, type IncomingFile } from "../../src/server/client-upload.js";
import { seededBytes } from "../support/handshakes.js";
import { randomUniform } from "../support/signals.js";

interface Bed {
  readonly client: ClientUpload;
  readonly told: UploadMessage[];
  /** What the disk took, and what became of the file. */
  readonly written: Uint8Array[];
  readonly ends: string[];
  readonly time: { nowMs: number };
  /** Lets the disk take what it holds back. */
  readonly release: () => void;
}

/** The uploads of a client, on a disk that takes each piece at once or, when it is slow, as it is told. */
function bed({ isSlow = false, refusal }: { readonly isSlow?: boolean; readonly refusal?: Error } = {}): Bed {
  const time = { nowMs: 0 };
  const told: UploadMessage[] = [];
  const written: Uint8Array[] = [];
  const ends: string[] = [];
  let release = (): void => undefined;
  const file: IncomingFile = {
    write: async (bytes) => {
      if (refusal !== undefined) throw refusal;
      if (isSlow) await new Promise<void>((resolve) => (release = resolve));
      written.push(Uint8Array.from(bytes));
    },
    finish: async () => (ends.push("kept"), "r1"),
    cancel: async () => void ends.push("removed"),
  };
  const client = new ClientUpload({
    store: { begin: async () => file }, phone: "p1", tell: (message) => told.push(message), nowMs: () => time.nowMs,
    failureOf: (error) => (error instanceof CommandFailure ? error : new CommandFailure("failed", String(error))),
  });
  return { client, told, written, ends, time, release: () => release() };
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const chunk = (offset: number, bytes = MAX_CHUNK_BYTES, upload = 1): Uint8Array => writeChunk({ upload, offset, bytes: new Uint8Array(bytes) });

describe("the uploads of a client", () => {
  it("take 16 chunks while the disk takes none, and end the client for a byte more", async () => {
    const { client, release, told, written } = bed({ isSlow: true });
    await client.start({ name: "x", bytes: 300_000_000 });
    for (let n = 0; n < 16; n++) client.take(chunk(n * MAX_CHUNK_BYTES));
    expect(() => client.take(chunk(UPLOAD_WINDOW_BYTES, 1))).toThrow("More was sent than there is room for.");
    release();
    await settle();
    expect(written.map(({ length }) => length)).toEqual([MAX_CHUNK_BYTES]);
    // What gathered meanwhile goes to the disk in one piece.
    client.take(chunk(UPLOAD_WINDOW_BYTES, 1));
    release();
    await settle();
    release();
    await settle();
    expect(written.map(({ length }) => length)).toEqual([MAX_CHUNK_BYTES, 15 * MAX_CHUNK_BYTES, 1]);
    expect(told.map(({ bytes }) => bytes)).toEqual([MAX_CHUNK_BYTES, UPLOAD_WINDOW_BYTES, UPLOAD_WINDOW_BYTES + 1]);
  });

  it("give a file up of which nothing came for 30 s, but not while the disk is slow", async () => {
    const { client, told, ends, time, release } = bed({ isSlow: true });
    await client.start({ name: "x", bytes: 100_000 });
    client.take(chunk(0, 1000));
    time.nowMs = 60_000;
    client.checkLife();
    expect(ends).toEqual([]);
    release();
    await settle();
    time.nowMs += 29_999;
    client.checkLife();
    expect(ends).toEqual([]);
    time.nowMs += 1;
    client.checkLife();
    await settle();
    expect(ends).toEqual(["removed"]);
    expect(told.at(-1)?.error?.sentence).toBe("Nothing more of the file came for 30 s, so it was thrown away; upload it again.");
    // What was under way is thrown away; the next file may come.
    client.take(chunk(1000, 1000));
    await expect(client.finish(1)).rejects.toThrow("Nothing more of the file came for 30 s");
    expect(await client.start({ name: "y", bytes: 10 })).toEqual({ upload: 2 });
  });

  it("say once what the disk refused, throw away what is under way, and count it all the same", async () => {
    const { client, told, ends } = bed({ refusal: new CommandFailure("failed", "The disk of the box is full.") });
    await client.start({ name: "x", bytes: 300_000_000 });
    for (let n = 0; n < 16; n++) client.take(chunk(n * MAX_CHUNK_BYTES));
    await settle();
    expect(told).toEqual([{ type: "upload", upload: 1, bytes: 0, error: { code: "failed", sentence: "The disk of the box is full." } }]);
    expect(ends).toEqual(["removed"]);
    expect(() => client.take(chunk(UPLOAD_WINDOW_BYTES, 1))).toThrow("More was sent than there is room for.");
  });

  it("keep no file of which a byte is missing", async () => {
    const { client, ends } = bed();
    await client.start({ name: "x", bytes: 11 });
    client.take(chunk(0, 10));
    await expect(client.finish(1)).rejects.toThrow("Only 10 of 11 bytes came; upload the file again.");
    expect(ends).toEqual(["removed"]);
    await expect(client.finish(1)).rejects.toThrow("There is no such upload; it may have been stopped.");
  });

  it("remove the file when the client goes, also while it is being made", async () => {
    const { client, ends } = bed();
    const start = client.start({ name: "x", bytes: 11 });
    client.end();
    await start;
    await settle();
    expect(ends).toEqual(["removed"]);
  });

  it("take 100,000 random chunks without keeping more than one file's length, whatever they hold", async () => {
    const random = randomUniform(12);
    const noise = seededBytes(13);
    let refused = 0;
    const { client, written } = bed();
    await client.start({ name: "x", bytes: 5000 });
    for (let n = 0; n < 100_000; n++) {
      const message = noise(Math.floor(random() * 24));
      // Half of them have a sound head.
      if (random() < 0.5 && message.length >= 8) message.set(writeChunk({ upload: 1, offset: Math.floor(random() * 40), bytes: new Uint8Array(0) }));
      try {
        client.take(message);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandFailure);
        refused++;
      }
      if (n % 1000 === 0) await settle();
    }
    await settle();
    const bytes = written.reduce((sum, piece) => sum + piece.length, 0);
    expect(bytes).toBeLessThanOrEqual(5000);
    expect(bytes).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(90_000);
  });
});
