import { CONTROL_FRAMES } from "./layout";
import { smootherStep } from "./math";

/**
 * Share with which a filtered sound replaces the unfiltered one when it is switched on or off. The filter first runs
 * unheard until it has settled, then fades in. Moves once a control period; kernels interpolate linearly.
 */
export class WarmFade {
  /** Share of the filtered sound at the beginning of the present control period. */
  start: f64 = 0;
  /** Share at its end. */
  value: f64 = 0;
  private fadeTicks: i32 = 1;
  private warmTicks: i32 = 1;
  /** fadeTicks: on; 0 and below: warming; -warmTicks: off. */
  private position: i32 = 0;
  private fresh: bool = true;

  prepare(sampleRateHz: f64, warmMs: f64, fadeMs: f64): void {
    const ticksPerMs = (sampleRateHz * 0.001) / CONTROL_FRAMES;
    this.warmTicks = <i32>Math.ceil(warmMs * ticksPerMs);
    this.fadeTicks = <i32>Math.ceil(fadeMs * ticksPerMs);
    this.position = -this.warmTicks;
  }

  /** Makes the next `next` jump. */
  reset(): void {
    this.fresh = true;
  }

  /** Moves by one control period; true when the filter starts to run, from a cleared state. */
  next(on: bool): bool {
    const wasOff = this.isOff || this.fresh;
    if (this.fresh) {
      this.fresh = false;
      this.position = on ? this.fadeTicks : -this.warmTicks;
      this.value = on ? 1.0 : 0.0;
    } else if (on) {
      if (this.position < this.fadeTicks) this.position++;
    } else {
      this.position = this.position > 1 ? this.position - 1 : -this.warmTicks;
    }
    this.start = this.value;
    this.value = this.position > 0 ? smootherStep(<f64>this.position / <f64>this.fadeTicks) : 0.0;
    if (wasOff) return !this.isOff;
    return false;
  }

  /** Change of the share a frame. */
  get slope(): f64 {
    return (this.value - this.start) / CONTROL_FRAMES;
  }

  /** Whether the filter need not run: nothing of it is heard in this control period, nor will be soon. */
  get isOff(): bool {
    return this.position == -this.warmTicks && this.start == 0.0;
  }

  /** Whether only the filtered sound is heard. */
  get isOn(): bool {
    return this.start == 1.0 && this.value == 1.0;
  }
}
