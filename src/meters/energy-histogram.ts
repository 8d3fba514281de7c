const BINS_PER_DB = 100;
const SPAN_DB = 80;
const BINS = SPAN_DB * BINS_PER_DB + 1;

/**
 * Energies counted in bins of 0.01 dB, for gated means and percentiles of sessions that last for days in
 * 128 kB. Each bin holds the sum of its energies beside their number, so that every result is that of a full
 * list but for the one bin that a gate cuts.
 */
export class EnergyHistogram {
  readonly #floor: number;
  readonly #counts = new Float64Array(BINS);
  readonly #sums = new Float64Array(BINS);
  #count = 0;
  #sum = 0;
  /** The highest bin that holds an energy. */
  #top = 0;

  /** @param floor lowest energy that will be added; what lies 80 dB above it and more shares one bin */
  constructor(floor: number) {
    this.#floor = floor;
  }

  /** Number of energies added since `clear`. */
  get count(): number {
    return this.#count;
  }

  /** Adds an energy, at least the floor. Allocates nothing. */
  add(energy: number): void {
    const bin = this.#binOf(energy);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#sums[bin] = (this.#sums[bin] ?? 0) + energy;
    this.#count++;
    this.#sum += energy;
    if (bin > this.#top) this.#top = bin;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#sums.fill(0);
    this.#count = this.#sum = this.#top = 0;
  }

  /** Mean of all energies; 0 when there are none. */
  mean(): number {
    return this.#count > 0 ? this.#sum / this.#count : 0;
  }

  /**
   * Mean of the energies above the mean of all less `gateDb`; 0 when there are none. Energies are taken as
   * spread evenly over the one bin that the gate cuts.
   */
  gatedMean(gateDb: number): number {
    if (this.#count === 0) return 0;
    const gate = this.mean() * 10 ** (-gateDb / 10);
    const cut = gate < this.#floor ? -1 : this.#binOf(gate);
    let sum = 0;
    let count = 0;
    for (let bin = cut + 1; bin <= this.#top; bin++) {
      sum += this.#sums[bin] as number;
      count += this.#counts[bin] as number;
    }
    if (cut >= 0 && (this.#counts[cut] ?? 0) > 0) {
      const low = this.#edge(cut);
      const high = this.#edge(cut + 1);
      const above = ((this.#counts[cut] ?? 0) * Math.max(0, high - gate)) / (high - low);
      sum += (above * (gate + high)) / 2;
      count += above;
    }
    return count > 0 ? sum / count : 0;
  }

  /**
   * The energies at two fractions (0..1) of the sorted list of those not below the mean of all less `gateDb`,
   * at the 1-based rank round((n - 1) fraction + 1) as EBU Tech 3342 has it; undefined when there are none.
   */
  gatedPercentiles(gateDb: number, low: number, high: number): readonly [number, number] | undefined {
    if (this.#count === 0) return undefined;
    const gate = this.mean() * 10 ** (-gateDb / 10);
    let first = gate < this.#floor ? 0 : this.#binOf(gate);
    if (this.#binMean(first) < gate) first++;
    let count = 0;
    for (let bin = first; bin <= this.#top; bin++) count += this.#counts[bin] as number;
    if (count === 0) return undefined;
    return [this.#atRank(first, rank(count, low)), this.#atRank(first, rank(count, high))];
  }

  /** Mean energy of the bin that holds the energy of the given 1-based rank, counted from bin `first` up. */
  #atRank(first: number, wanted: number): number {
    let bin = first;
    for (let seen = this.#counts[bin] ?? 0; seen < wanted; seen += this.#counts[bin] ?? 0) bin++;
    return this.#binMean(bin);
  }

  #binMean(bin: number): number {
    return (this.#sums[bin] ?? 0) / Math.max(1, this.#counts[bin] ?? 0);
  }

  #binOf(energy: number): number {
    const bin = Math.floor(10 * BINS_PER_DB * Math.log10(energy / this.#floor));
    return Math.min(BINS - 1, Math.max(0, bin));
  }

  #edge(bin: number): number {
    return this.#floor * 10 ** (bin / (10 * BINS_PER_DB));
  }
}

/** MATLAB's round((n - 1) p + 1): halves go up. */
function rank(count: number, fraction: number): number {
  return Math.floor((count - 1) * fraction + 1 + 0.5);
}
