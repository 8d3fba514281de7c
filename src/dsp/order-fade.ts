import { smootherStep } from "./math";

const FADE_MS: f64 = 20.0;

/**
 * Puts the dry sound in the place of the tone stages while their order changes. It fades in front of the limiter, so
 * that the ceiling holds for the dry sound too.
 */
export class OrderFade {
  private fadeFrames: i32 = 1;
  /** Frames of the fade that are done: 0 when the tone stages alone are heard. */
  private position: i32 = 0;
  private hiding: bool = false;

  prepare(sampleRateHz: f64): void {
    this.fadeFrames = <i32>Math.round(sampleRateHz * FADE_MS * 0.001);
  }

  /** Lets the tone stages be heard at once. */
  reset(): void {
    this.position = 0;
    this.hiding = false;
  }

  /** Begins a control period. */
  control(hiding: bool): void {
    this.hiding = hiding;
  }

  /** Whether any of the dry sound is heard, or will be in this control period. */
  get isActive(): bool {
    return this.hiding || this.position > 0;
  }

  /** Whether nothing of the tone stages is heard. */
  get isHidden(): bool {
    return this.position == this.fadeFrames;
  }

  /** Mixes the frames at `dry` into those at `io`. */
  mix(io: usize, dry: usize, frames: i32): void {
    const bytes = <usize>frames << 4;
    for (let at: usize = 0; at < bytes; at += 16) {
      if (this.hiding) {
        if (this.position < this.fadeFrames) this.position++;
      } else if (this.position > 0) {
        this.position--;
      }
      const weight = smootherStep(<f64>this.position / <f64>this.fadeFrames);
      const wet = v128.load(io + at);
      const change = f64x2.sub(v128.load(dry + at), wet);
      v128.store(io + at, f64x2.add(wet, f64x2.mul(f64x2.splat(weight), change)));
    }
  }
}
