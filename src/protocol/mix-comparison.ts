import type { Values } from "./messages.js";
import { finite, listOf, orNull, settings, shape, text, whole, type Reader } from "./shape.js";

/** One figure of the mix beside that of the references: their least, middle and most. */
export interface ComparedFigure {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly mix: number;
  readonly references: { readonly low: number; readonly middle: number; readonly high: number };
  readonly sentence: string;
}

/** A curve of the mix in bands, and the band that the references fill. */
export interface ComparedCurve {
  readonly freqHz: readonly number[];
  readonly mix: readonly number[];
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** The mix of the last half minute beside all reference tracks that are ready. */
export interface MixComparison {
  /** Level of each third of an octave less the loudness, in dB; the band holds 10 to 90 % of the references' time. */
  readonly balance: ComparedCurve;
  readonly balanceSentence: string;
  /** Side over mid of each octave in dB; the band holds all references. */
  readonly width: ComparedCurve;
  readonly figures: readonly ComparedFigure[];
}

/** What has been heard of the mix, and how it stands beside the references. */
export interface MixReading {
  /** Seconds since the sound of the box was changed last: a verdict needs 6. */
  readonly heardS: number;
  /** Reference tracks that it is held against. */
  readonly references: number;
  /** Null while too little was heard, or no reference track is ready. */
  readonly comparison: MixComparison | null;
}

/** An equaliser that would bring the balance of the mix to that of the references. Nothing of it is applied by itself. */
export interface MatchPreview {
  readonly freqHz: readonly number[];
  /** Its gain in dB at each frequency, and by how much the mix would have to change there to be as they are. */
  readonly gainsDb: readonly number[];
  readonly wantedDb: readonly number[];
  /** What the references do differently in width and dynamics, in words. */
  readonly hints: readonly string[];
}

/** What a match came to. */
export interface AppliedMatch {
  readonly values: Values;
  /** By how much the loudness changes with it; 0 where the drive makes up for it. */
  readonly loudnessChangeDb: number;
}

const MAX_BANDS = 31;
const MAX_FIGURES = 20;
const words = text(1000);
const levels = listOf(finite(), MAX_BANDS);
const curve = shape<ComparedCurve>({ freqHz: levels, mix: levels, low: levels, middle: levels, high: levels });
const figure = shape<ComparedFigure>({
  id: text(40), what: words, unit: text(20), mix: finite(), sentence: words,
  references: shape<ComparedFigure["references"]>({ low: finite(), middle: finite(), high: finite() }),
});

/** Reads the mix beside its references. */
export const mixReading: Reader<MixReading> = shape<MixReading>({
  heardS: finite(0), references: whole(),
  comparison: orNull(shape<MixComparison>({ balance: curve, balanceSentence: words, width: curve, figures: listOf(figure, MAX_FIGURES) })),
});

/** Reads a match that is proposed. */
export const matchPreview: Reader<MatchPreview> = shape<MatchPreview>({
  freqHz: levels, gainsDb: levels, wantedDb: levels, hints: listOf(words, MAX_FIGURES),
});

/** Reads what a match came to. */
export const appliedMatch: Reader<AppliedMatch> = shape<AppliedMatch>({ values: settings, loudnessChangeDb: finite() });
