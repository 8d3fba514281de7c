import { createCipheriv } from "node:crypto";

/** Bytes that begin as a WAV file does and go on as nobody could foresee, the same in each run of a test. */
export function soundBytes(bytes: number, seed = 5): Uint8Array<ArrayBuffer> {
  const file = Uint8Array.from(createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(bytes)));
  file.set(Buffer.from("RIFF____WAVEfmt ").subarray(0, bytes));
  return file;
}

/** A file as a page has it. */
export function soundFile(bytes: Uint8Array<ArrayBuffer>, name = "Song.wav"): File {
  return new File([bytes], name);
}
