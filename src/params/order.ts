/** The tone stages in their default order; `chain.order` permutes them. */
export const TONE_STAGES = ["filters", "eq", "compressor", "multiband", "imager", "saturation"] as const;
export type ToneStage = (typeof TONE_STAGES)[number];

/** Number of orders of the tone stages: 6! */
export const TONE_ORDERS = 720;

/** Stages of permutation `rank` (0..719, in lexicographic order). */
export function orderFromRank(rank: number): ToneStage[] {
  const left: ToneStage[] = [...TONE_STAGES];
  const order: ToneStage[] = [];
  let block = TONE_ORDERS;
  let rest = rank;
  for (let count = left.length; count > 0; count--) {
    block /= count;
    order.push(...left.splice(Math.floor(rest / block), 1));
    rest %= block;
  }
  return order;
}

/** Rank of a permutation of all tone stages, or undefined when `order` is none. */
export function rankFromOrder(order: readonly string[]): number | undefined {
  const left: string[] = [...TONE_STAGES];
  if (order.length !== left.length) return undefined;
  let block = TONE_ORDERS;
  let rank = 0;
  for (const stage of order) {
    const index = left.indexOf(stage);
    if (index < 0) return undefined;
    block /= left.length;
    rank += index * block;
    left.splice(index, 1);
  }
  return rank;
}
