import {
  LIVE_REFERENCE_DRY,
  LIVE_REFERENCE_FLUSH,
  LIVE_REFERENCE_READ,
  LIVE_REFERENCE_WRITTEN,
  REFERENCE_RING_FIELDS,
} from "./layout";
import { allocate, liveWord, setLiveWord } from "./memory";

const FRAME_BYTES: usize = REFERENCE_RING_FIELDS * 4;
/** After the ring ran dry, so much must wait in it before the reference is heard again. */
const START_S: f64 = 0.25;
/** Largest sample that is let in; a prepared track has none beyond +6 dBFS. */
const MOST: f64 = 2.0;

/**
 * The way of a reference track into the sound: a ring that another thread fills and this one empties, neither of which ever
 * waits for the other.
 */
export class ReferenceRing {
  /** Address of the frames, 16-byte aligned; 0 without a ring. */
  address: usize = 0;
  private mask: i32 = 0;
  private startFrames: i32 = 0;
  private read: i32 = 0;
  private isDry: bool = true;

  prepare(sampleRateHz: f64, frames: i32): void {
    this.address = frames == 0 ? 0 : allocate(<usize>frames * FRAME_BYTES);
    this.mask = frames - 1;
    this.startFrames = <i32>(START_S * sampleRateHz);
  }

  /**
   * Whether the reference may be heard in a period of `frames`: there is enough for it, and for a fade of `fadeFrames` behind
   * it. To be asked at the beginning of each period.
   */
  isReady(frames: i32, fadeFrames: i32, isHeard: bool): bool {
    if (this.address == 0) return false;
    if (liveWord(LIVE_REFERENCE_FLUSH) != 0) {
      if (!isHeard) this.flush();
      return false;
    }
    const waiting = liveWord(LIVE_REFERENCE_WRITTEN) - this.read;
    if (waiting >= max(this.startFrames, frames + fadeFrames)) this.isDry = false;
    else if (waiting < frames + fadeFrames && !this.isDry) {
      this.isDry = true;
      if (isHeard) setLiveWord(LIVE_REFERENCE_DRY, liveWord(LIVE_REFERENCE_DRY) + 1);
    }
    return !this.isDry;
  }

  /** The next frame, left and right; nothing that is not finite. */
  take(): v128 {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(this.address + <usize>(this.read & this.mask) * FRAME_BYTES));
    this.read++;
    const finite = v128.and(x, f64x2.eq(f64x2.sub(x, x), f64x2.splat(0.0)));
    return f64x2.max(f64x2.splat(-MOST), f64x2.min(f64x2.splat(MOST), finite));
  }

  /** Tells how far it has been read, at the end of a period. */
  tell(): void {
    if (this.address != 0) setLiveWord(LIVE_REFERENCE_READ, this.read);
  }

  private flush(): void {
    this.read = liveWord(LIVE_REFERENCE_WRITTEN);
    this.isDry = true;
    this.tell();
    setLiveWord(LIVE_REFERENCE_FLUSH, 0);
  }
}
