import { dynamicsParameters } from "./dynamics.js";
import { choice, number, onOff, type Parameter } from "./parameter.js";
import { TONE_ORDERS } from "./order.js";

/** Numbers 1..count, for banded parameters. */
function bands(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Equaliser bands 1..8; the last two can be dynamic. */
export const EQ_BANDS = 8;
const EQ_DYNAMIC_BANDS: readonly number[] = [7, 8];
/** Largest number of bands of the multiband compressor and the imager. */
export const MULTIBAND_BANDS = 4;

/** From low to high, about an octave apart, so that the numbers stand in order on a curve and no handle hides another. */
const EQ_BAND_FREQS_HZ = [60, 120, 250, 500, 1000, 2500, 5000, 10000] as const;
const EQ_BAND_TYPES = ["lowShelf", "bell", "bell", "bell", "bell", "bell", "bell", "highShelf"] as const;

const chain: Parameter[] = [
  onOff("chain.bypass", "Bypass", false, "Plays the untouched input in place of the master."),
  onOff("chain.levelMatch", "Level match", true, "Plays the bypassed sound as loud as the master, so that louder does not win."),
  { kind: "order", id: "chain.order", label: "Stage order", min: 0, max: TONE_ORDERS - 1, default: 0,
    sentence: "Order in which the sound passes the tone stages." },
];

const input: Parameter[] = [
  onOff("input.bypass", "Input bypass", false, "Passes the input on as it comes."),
  number("input.trimDb", "Trim", { range: [-24, 24], default: 0, unit: "dB", step: 0.1 },
    "Input gain: set it so that the programme averages -18 dBFS."),
  choice("input.polarity", "Polarity", ["normal", "left", "right", "both"], "normal",
    "Turns a channel upside down, to mend a cable wired the wrong way round."),
  onOff("input.swap", "Swap", false, "Exchanges left and right."),
  onOff("input.mono", "Mono check", false, "Plays the sum of both channels, as a telephone or a club would."),
  onOff("input.dcBlock", "DC block", true, "Removes the constant offset of cheap converters (below 5 Hz); no bass is lost."),
];

const SLOPES = ["off", "12", "24"] as const;
const filters: Parameter[] = [
  onOff("filters.bypass", "Filters bypass", false, "Passes the sound around the high-pass and the low-pass."),
  number("filters.highpassHz", "High-pass", { range: [10, 400], default: 30, unit: "Hz", step: 1, taper: "log" },
    "Removes what lies below: rumble, handling noise, wind."),
  choice("filters.highpassSlope", "High-pass slope", SLOPES, "12", "How steeply it cuts, in dB an octave: 24 cuts harder than 12."),
  number("filters.lowpassHz", "Low-pass", { range: [1000, 22000], default: 20000, unit: "Hz", step: 10, taper: "log" },
    "Removes what lies above: hiss, the whine of screens and lamps."),
  choice("filters.lowpassSlope", "Low-pass slope", SLOPES, "off", "How steeply it cuts, in dB an octave: 24 cuts harder than 12."),
];

function eqBand(band: number): Parameter[] {
  const id = `eq.band${band}`;
  const freqHz = EQ_BAND_FREQS_HZ[band - 1] ?? 1000;
  const rows: Parameter[] = [
    onOff(`${id}.on`, `Band ${band}`, true, "Whether this band works."),
    choice(`${id}.type`, "Type", ["bell", "lowShelf", "highShelf", "tilt", "notch"], EQ_BAND_TYPES[band - 1] ?? "bell",
      "Shape of the band: a hill, a step, a seesaw or a narrow hole."),
    number(`${id}.freqHz`, "Frequency", { range: [20, 20000], default: freqHz, unit: "Hz", step: 1, taper: "log" },
      "Where the band works."),
    number(`${id}.gainDb`, "Gain", { range: [-18, 18], default: 0, unit: "dB", step: 0.1 },
      "How much it lifts or cuts; 0 leaves the sound untouched. A notch takes no gain: it works whenever the band is on."),
    number(`${id}.q`, "Q", { range: [0.1, 10], default: band === 1 || band === EQ_BANDS ? 0.71 : 1, unit: "", step: 0.01, taper: "log" },
      "Narrowness: 0.5 is broad and gentle, 4 is surgical. A shelf stops at 2, and a tilt has none."),
    choice(`${id}.channel`, "Channel", ["stereo", "mid", "side"], "stereo",
      "Whether it works on both channels, on the middle or on the sides."),
  ];
  if (!EQ_DYNAMIC_BANDS.includes(band)) return rows;
  return [
    ...rows,
    onOff(`${id}.dynamic`, "Dynamic", false, "Lets the band move by itself, only while its range is too strong."),
    number(`${id}.thresholdDb`, "Threshold", { range: [-48, 0], default: -12, unit: "dB", step: 0.5 },
      "How near the band may come to the level of the whole sound before it moves; lower moves more."),
    number(`${id}.rangeDb`, "Range", { range: [-18, 18], default: -4, unit: "dB", step: 0.5 },
      "Farthest that it moves: below 0 it cuts, above 0 it lifts."),
    number(`${id}.attackMs`, "Attack", { range: [1, 300], default: band === 7 ? 30 : 5, unit: "ms", step: 0.5, taper: "log" },
      "How fast it moves."),
    number(`${id}.releaseMs`, "Release", { range: [5, 3000], default: band === 7 ? 250 : 120, unit: "ms", step: 1, taper: "log" },
      "How fast it returns."),
  ];
}

const eq: Parameter[] = [
  onOff("eq.bypass", "EQ bypass", false, "Passes the sound around the equaliser."),
  ...bands(EQ_BANDS).flatMap(eqBand),
];

const compressor: Parameter[] = [
  onOff("compressor.bypass", "Compressor bypass", false, "Passes the sound around the compressor."),
  ...dynamicsParameters("compressor", { thresholdDb: -18, ratio: 2, attackMs: 20, releaseMs: 150, kneeDb: 6 }),
  number("compressor.sidechainHighpassHz", "Side-chain HP", { range: [20, 500], default: 100, unit: "Hz", step: 1, taper: "log" },
    "Makes it deaf below this, so that kick and bass do not pull the whole mix down."),
];

const MULTIBAND_DEFAULTS = [
  { thresholdDb: -24, ratio: 2, attackMs: 30, releaseMs: 250, kneeDb: 12 },
  { thresholdDb: -24, ratio: 1.5, attackMs: 15, releaseMs: 150, kneeDb: 12 },
  { thresholdDb: -30, ratio: 1.5, attackMs: 8, releaseMs: 100, kneeDb: 12 },
  { thresholdDb: -36, ratio: 1.5, attackMs: 3, releaseMs: 60, kneeDb: 12 },
] as const;

const multiband: Parameter[] = [
  onOff("multiband.bypass", "Multiband bypass", true, "Passes the sound around the multiband compressor."),
  choice("multiband.bands", "Bands", ["3", "4"], "4", "How many bands it splits the sound into; with 3, crossover 3 rests."),
  number("multiband.crossover1Hz", "Crossover 1", { range: [40, 400], default: 120, unit: "Hz", step: 1, taper: "log" },
    "Border between band 1 and band 2, here and in the imager."),
  number("multiband.crossover2Hz", "Crossover 2", { range: [300, 3000], default: 1000, unit: "Hz", step: 1, taper: "log" },
    "Border between band 2 and band 3; kept an octave above crossover 1."),
  number("multiband.crossover3Hz", "Crossover 3", { range: [2000, 12000], default: 6000, unit: "Hz", step: 10, taper: "log" },
    "Border between band 3 and band 4; kept an octave above crossover 2."),
  ...MULTIBAND_DEFAULTS.flatMap((defaults, index) => {
    const id = `multiband.band${index + 1}`;
    return [
      onOff(`${id}.on`, `Band ${index + 1}`, true, "Whether this band is compressed."),
      onOff(`${id}.solo`, "Solo", false, "Plays this band alone."),
      ...dynamicsParameters(id, defaults),
    ];
  }),
];

const imager: Parameter[] = [
  onOff("imager.bypass", "Imager bypass", false, "Passes the sound around the stereo imager."),
  ...bands(MULTIBAND_BANDS).map((band) =>
    number(`imager.band${band}.widthPercent`, `Width ${band}`, { range: [0, 200], default: 100, unit: "%", step: 1 },
      "Stereo width of this band: 0 % is mono, 100 % as it came, 200 % twice as wide.")),
  onOff("imager.monoBass", "Mono bass", false, "Makes the bass mono, as vinyl and big loudspeakers want it."),
  number("imager.monoBelowHz", "Mono below", { range: [20, 500], default: 120, unit: "Hz", step: 1, taper: "log" },
    "Below this the sound is mono when mono bass is on."),
  number("imager.balancePercent", "Balance", { range: [-100, 100], default: 0, unit: "%", step: 1 },
    "Turns one side down: -100 % leaves the left channel alone, +100 % the right."),
  onOff("imager.safety", "Width safety", true, "Narrows the image while the channels work against each other, so that nothing vanishes in mono."),
];

const saturation: Parameter[] = [
  onOff("saturation.bypass", "Saturation bypass", true, "Passes the sound around the saturation, and saves its delay."),
  choice("saturation.character", "Character", ["tape", "tube", "transformer"], "tape",
    "Tape rounds the treble, tube adds warmth, transformer thickens the bass."),
  number("saturation.driveDb", "Drive", { range: [0, 18], default: 3, unit: "dB", step: 0.1 },
    "How hard the sound is driven; the loudness stays."),
  number("saturation.mixPercent", "Mix", { range: [0, 100], default: 100, unit: "%", step: 1 },
    "Share of the saturated sound in the result."),
];

const loudness: Parameter[] = [
  onOff("loudness.bypass", "Drive bypass", false, "Passes the sound into the limiter as it is."),
  number("loudness.driveDb", "Drive", { range: [-24, 24], default: 0, unit: "dB", step: 0.1 },
    "Gain into the limiter: this sets how loud the master is."),
  number("loudness.targetLufs", "Ride target", { range: [-40, -5], default: -14, unit: "LUFS", step: 0.1 },
    "Loudness that the ride leads to; choosing a platform as the target sets it."),
  onOff("loudness.ride", "Ride", false, "Leads the loudness slowly to the target while it plays, for live use; rests while the target asks for no loudness."),
  number("loudness.rideRangeDb", "Ride range", { range: [0, 24], default: 6, unit: "dB", step: 0.5 },
    "Farthest that the ride turns up or down."),
  number("loudness.rideFreezeDb", "Ride freeze", { range: [0.5, 12], default: 3, unit: "dB", step: 0.5 },
    "While the limiter turns down by more than this on average, the ride does not turn up."),
];

const limiter: Parameter[] = [
  onOff("limiter.bypass", "Limiter bypass", false, "Passes the sound around the limiter: nothing holds the ceiling then."),
  number("limiter.ceilingDbtp", "Ceiling", { range: [-12, 0], default: -1, unit: "dBTP", step: 0.1 },
    "True peak that the output never exceeds."),
  number("limiter.releaseMs", "Release", { range: [20, 1000], default: 50, unit: "ms", step: 1, taper: "log" },
    "How fast it lets go after a peak; after long limiting it lets go more slowly by itself."),
  number("limiter.linkPercent", "Stereo link", { range: [0, 100], default: 100, unit: "%", step: 1 },
    "At 100 % both channels are turned down together, so the image stands still."),
];

const dither: Parameter[] = [
  onOff("dither.bypass", "Dither bypass", false, "Leaves the output unrounded."),
  choice("dither.bits", "Bits", ["16", "20", "24"], "24", "Word length to which the output is rounded."),
  choice("dither.shape", "Noise shape", ["flat", "gentle", "strong"], "flat",
    "Where the rounding noise goes: spread evenly, or moved to where the ear is deaf."),
  onOff("dither.autoBlank", "Auto blank", true, "Falls silent when the input is digital silence."),
];

/** Every adjustable value of the product, in the order of the signal. */
export const PARAMETERS: readonly Parameter[] = [
  ...chain, ...input, ...filters, ...eq, ...compressor, ...multiband, ...imager, ...saturation, ...loudness, ...limiter, ...dither,
];

const BY_ID: ReadonlyMap<string, Parameter> = new Map(PARAMETERS.map((row) => [row.id, row]));

/** The table row of `id`, or undefined. */
export function findParameter(id: string): Parameter | undefined {
  return BY_ID.get(id);
}
