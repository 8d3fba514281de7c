import { CONTROL_FRAMES } from "./layout";
import { allocate, copyFrames } from "./memory";

/** Shares of the length that the three boxes take; unequal ones leave the smoothest stop band. */
const FIRST_SHARE: f64 = 0.4041;
const SECOND_SHARE: f64 = 0.3349;

/**
 * Three moving averages in series over stereo values: a smoothing filter without negative taps, `length` + 1 frames
 * long. Exactly zero once zeros have filled it.
 */
export class BoxCascade {
  private first: usize = 0;
  private second: usize = 0;
  private third: usize = 0;
  private firstLength: i32 = 1;
  private secondLength: i32 = 1;
  private thirdLength: i32 = 1;
  private firstSum: v128 = f64x2.splat(0.0);
  private secondSum: v128 = f64x2.splat(0.0);
  private thirdSum: v128 = f64x2.splat(0.0);

  prepare(length: i32): void {
    const first = <i32>Math.round(FIRST_SHARE * <f64>length);
    const second = <i32>Math.round(SECOND_SHARE * <f64>length);
    this.firstLength = first + 1;
    this.secondLength = second + 1;
    this.thirdLength = length - first - second + 1;
    this.first = allocate(<usize>(this.firstLength + CONTROL_FRAMES) << 4);
    this.second = allocate(<usize>(this.secondLength + CONTROL_FRAMES) << 4);
    this.third = allocate(<usize>(this.thirdLength + CONTROL_FRAMES) << 4);
  }

  reset(): void {
    memory.fill(this.first, 0, <usize>this.firstLength << 4);
    memory.fill(this.second, 0, <usize>this.secondLength << 4);
    memory.fill(this.third, 0, <usize>this.thirdLength << 4);
    this.control();
  }

  /** Sums the windows anew, once a control period, so that rounding does not add up. */
  control(): void {
    this.firstSum = sum(this.first, this.firstLength);
    this.secondSum = sum(this.second, this.secondLength);
    this.thirdSum = sum(this.third, this.thirdLength);
  }

  /** Smooths up to CONTROL_FRAMES stereo f64 values in place. */
  run(values: usize, frames: i32): void {
    // Each buffer holds the last `length` inputs of its box, oldest first, and behind them the new ones.
    const firstNew = this.first + (<usize>this.firstLength << 4);
    const secondNew = this.second + (<usize>this.secondLength << 4);
    const thirdNew = this.third + (<usize>this.thirdLength << 4);
    const firstScale = f64x2.splat(1.0 / <f64>this.firstLength);
    const secondScale = f64x2.splat(1.0 / <f64>this.secondLength);
    const thirdScale = f64x2.splat(1.0 / <f64>this.thirdLength);
    let firstSum = this.firstSum;
    let secondSum = this.secondSum;
    let thirdSum = this.thirdSum;
    const bytes = <usize>frames << 4;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(values + i);
      v128.store(firstNew + i, x);
      firstSum = f64x2.add(firstSum, f64x2.sub(x, v128.load(this.first + i)));
      const y = f64x2.mul(firstSum, firstScale);
      v128.store(secondNew + i, y);
      secondSum = f64x2.add(secondSum, f64x2.sub(y, v128.load(this.second + i)));
      const z = f64x2.mul(secondSum, secondScale);
      v128.store(thirdNew + i, z);
      thirdSum = f64x2.add(thirdSum, f64x2.sub(z, v128.load(this.third + i)));
      v128.store(values + i, f64x2.mul(thirdSum, thirdScale));
    }
    this.firstSum = firstSum;
    this.secondSum = secondSum;
    this.thirdSum = thirdSum;
    copyFrames(this.first, this.first + bytes, this.firstLength);
    copyFrames(this.second, this.second + bytes, this.secondLength);
    copyFrames(this.third, this.third + bytes, this.thirdLength);
  }
}

function sum(buffer: usize, frames: i32): v128 {
  let total = f64x2.splat(0.0);
  const end = buffer + (<usize>frames << 4);
  for (let p = buffer; p < end; p += 16) total = f64x2.add(total, v128.load(p));
  return total;
}
