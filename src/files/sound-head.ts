import { findMpegAudio } from "./mpeg-frames.js";

/** Whether the first bytes of a file, some thousands of them, are those of WAV, FLAC, MP3 or Ogg, whatever it is called. */
export function isSoundHead(head: Uint8Array): boolean {
  const letters = String.fromCharCode(...head.subarray(0, 12));
  // Tags (ID3v2) may stand before FLAC and Ogg as well as MP3.
  return /^((RIFF|RF64|BW64)....WAVE|fLaC|OggS|ID3)/s.test(letters) || findMpegAudio(head, 0) !== undefined;
}
