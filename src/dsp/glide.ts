import { CONTROL_FRAMES } from "./layout";

/**
 * A parameter on its way to its target: two one-poles in series, stepped once a control period. Kernels
 * interpolate linearly between the steps. The first step after `reset` jumps.
 */
export class Glide {
  /** Value at the end of the present control period. */
  value: f64 = 0;
  /** Value at its beginning. */
  start: f64 = 0;
  /** Whether the value changes within the present control period. */
  moving: bool = false;
  private middle: f64 = 0;
  private step: f64 = 0;
  private fresh: bool = true;

  /** Sets the time constant of each of the two poles. */
  prepare(sampleRateHz: f64, timeMs: f64 = 10.0): void {
    this.step = 1.0 - Math.exp((-1000.0 * CONTROL_FRAMES) / (timeMs * sampleRateHz));
  }

  /** Makes the next `next` jump to its target. */
  reset(): void {
    this.fresh = true;
  }

  /** Advances one control period toward `target`; true while the value moves, or has just jumped. */
  next(target: f64): bool {
    if (this.fresh) {
      this.fresh = false;
      this.middle = target;
      this.value = target;
      this.start = target;
      this.moving = false;
      return true;
    }
    this.start = this.value;
    if (this.value == target && this.middle == target) {
      this.moving = false;
      return false;
    }
    this.middle += this.step * (target - this.middle);
    this.value += this.step * (this.middle - this.value);
    const tolerance = 1e-9 * (1.0 + Math.abs(target));
    if (Math.abs(this.value - target) < tolerance && Math.abs(this.middle - target) < tolerance) {
      this.middle = target;
      this.value = target;
    }
    this.moving = this.value != this.start;
    return this.moving;
  }

  /** Change of the value a frame within the present control period. */
  get slope(): f64 {
    return (this.value - this.start) / CONTROL_FRAMES;
  }
}
