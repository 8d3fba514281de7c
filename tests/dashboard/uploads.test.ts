import { expect, it } from "vitest";
import { Uploads, type SendFile } from "../../src/dashboard/uploads.js";
import type { UploadFile } from "../../src/protocol/upload-sender.js";

const file = (name: string, size = 100): UploadFile => ({ name, size, slice: () => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)) }) });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Sent {
  readonly name: string;
  readonly progress: (bytes: number) => void;
  readonly end: (failure?: Error) => void;
}

/** Sends that end when the test says so. */
function bench(): { readonly uploads: Uploads; readonly sent: readonly Sent[]; readonly told: readonly string[] } {
  const sent: Sent[] = [];
  const told: string[] = [];
  const send: SendFile = ({ name }, progress, signal) => new Promise((resolve, reject) => {
    sent.push({ name, progress, end: (failure) => (failure === undefined ? resolve("r1") : reject(failure)) });
    signal.addEventListener("abort", () => reject(new Error("The upload was stopped.")));
  });
  return { uploads: new Uploads(send, (sentence) => told.push(sentence)), sent, told };
}

it("sends one file at a time in their order, with the share that is there and the number that wait", async () => {
  const { uploads, sent } = bench();
  uploads.add([file("a.wav"), file("b.wav")]);
  uploads.add([file("c.wav")]);
  sent[0]!.progress(25);
  expect(uploads.view.value).toEqual({ name: "a.wav", share: 0.25, waiting: 2 });
  sent[0]!.end();
  await settled();
  expect(uploads.view.value).toEqual({ name: "b.wav", share: 0, waiting: 1 });
  sent[1]!.end();
  await settled();
  sent[2]!.end();
  await settled();
  expect(sent.map(({ name }) => name)).toEqual(["a.wav", "b.wav", "c.wav"]);
  expect(uploads.view.value).toBeNull();
});

it("says why a file did not arrive and goes on with the next", async () => {
  const { uploads, sent, told } = bench();
  uploads.add([file("a.txt"), file("b.wav")]);
  sent[0]!.end(new Error("There is no room."));
  await settled();
  expect(told).toEqual(["“a.txt” did not arrive: There is no room."]);
  expect(uploads.refused.value).toEqual([{ name: "a.txt", reason: "There is no room." }]);
  expect(uploads.view.value?.name).toBe("b.wav");
});

it("remembers a file that did not arrive until it is sent again or forgotten, 16 of them at most", async () => {
  const { uploads, sent } = bench();
  uploads.add(Array.from({ length: 18 }, (_, n) => file(`${n}.txt`)));
  for (let n = 0; n < 18; n++) {
    sent[n]!.end(new Error("This is no sound file."));
    await settled();
  }
  expect(uploads.refused.value.map(({ name }) => name)).toEqual(Array.from({ length: 16 }, (_, n) => `${n + 2}.txt`));
  uploads.forget("2.txt");
  uploads.add([file("3.txt")]);
  expect(uploads.refused.value.map(({ name }) => name)[0]).toBe("4.txt");
});

it("stops the file on its way and those behind it without a word of failure", async () => {
  const { uploads, sent, told } = bench();
  uploads.add([file("a.wav"), file("b.wav")]);
  uploads.stop();
  await settled();
  expect(uploads.view.value).toBeNull();
  expect([sent.length, told]).toEqual([1, []]);
});
