/** A frame that the recorder of a `FaultyCard` got. */
export interface HeardCount {
  /** Where it was heard, in the card's count of frames. */
  readonly place: number;
  /** When it was taken in, in the same count. */
  readonly count: number;
  /** What the right channel says: minus the count when it is whole. */
  readonly right: number;
}

/** Reads the counts that `SOURCE_COUNT` puts into S32 frames out of a recording; silence is left out. */
export function heardCounts(recording: Int32Array): readonly HeardCount[] {
  const heard: HeardCount[] = [];
  for (let place = 0; 2 * place < recording.length; place++) {
    // The count is 1 at frame 0, in steps of 256 of a 32-bit sample.
    const left = recording[2 * place]! / 256;
    if (left !== 0) heard.push({ place, count: left - 1, right: recording[2 * place + 1]! / 256 + 1 });
  }
  return heard;
}
