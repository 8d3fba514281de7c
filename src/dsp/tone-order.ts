import { TONE_STAGE_COUNT, TONE_STAGE_FIRST } from "./layout";

/** Number of orders of the tone stages: 6! */
export const TONE_ORDERS: i32 = 720;

/** Writes the stage numbers of permutation `rank` (0..719, lexicographic) to `order`. */
export function toneOrder(rank: i32, order: StaticArray<i32>): void {
  const left = new StaticArray<i32>(TONE_STAGE_COUNT);
  for (let i = 0; i < TONE_STAGE_COUNT; i++) left[i] = TONE_STAGE_FIRST + i;
  let rest = Math.max(0, Math.min(TONE_ORDERS - 1, rank)) as i32;
  let block: i32 = TONE_ORDERS;
  for (let i = 0; i < TONE_STAGE_COUNT; i++) {
    block /= TONE_STAGE_COUNT - i;
    const pick = rest / block;
    rest %= block;
    order[i] = left[pick];
    for (let j = pick; j < TONE_STAGE_COUNT - 1 - i; j++) left[j] = left[j + 1];
  }
}
