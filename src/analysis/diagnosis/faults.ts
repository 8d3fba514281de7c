import { EQ_BANDS, isNotch, NOTCH } from "../eq-response.js";
import { hissDb, hissMarginDb } from "../profile-figures.js";
import type { SoundProfile } from "../sound-profile.js";
import type { Detector, Heard, Values } from "./finding.js";
import { atTheMixer, held, hertz, inForce } from "./remedies.js";

/** Bands of the equaliser that a hum may take, and their narrowness. */
const NOTCHES = 5;
const NOTCH_Q = 10;
const LEAST_LINES = 2;
/** Hum below is not heard. */
const LEAST_HUM_DBFS = -75;
/** Hiss further under the loudness than this is not heard. */
const INAUDIBLE_DB = -48;
/** Without a reference, hiss may be cymbals: it is told where its floor is so near to all that is heard there. */
const STEADY_DB = 5;

/** How far a notch may lie beside its line: the mains move by 1 %. */
const NEAR = 0.03;

/** The strongest lines of a hum that no notch takes out. */
function openLines({ input: { hum }, values }: Pick<Heard, "input" | "values">): readonly number[] {
  const notchedHz = EQ_BANDS.filter((n) => isNotch(values, n) && values[`eq.band${n}.channel`] === 0).map((n) => inForce(values, "eq")[`eq.band${n}.freqHz`] ?? 0);
  return (hum?.linesHz ?? []).slice(0, NOTCHES).filter((hz) => !notchedHz.some((at) => Math.abs(at / hz - 1) < NEAR));
}

/** Notches at lines of a hum, in the bands of the equaliser that do nothing; fewer where there are fewer such bands. */
function notched(values: Values, linesHz: readonly number[]): { readonly linesHz: readonly number[]; readonly values: Values } {
  const free = EQ_BANDS.filter((n) => values[`eq.band${n}.gainDb`] === 0 && values[`eq.band${n}.dynamic`] !== 1 && values[`eq.band${n}.type`] !== NOTCH);
  const placed = linesHz.slice(0, free.length);
  const settings = placed.flatMap((hz, k) => {
    const id = `eq.band${free[k] ?? 0}`;
    return [[`${id}.on`, 1], [`${id}.type`, NOTCH], [`${id}.freqHz`, hz], [`${id}.q`, NOTCH_Q], [`${id}.channel`, 0]] as const;
  });
  return { linesHz: placed, values: held({ "eq.bypass": 0, ...Object.fromEntries(settings) }) };
}

function minutes({ keptSeconds }: Pick<SoundProfile, "keptSeconds">): number {
  return Math.max(keptSeconds, 3) / 60;
}

/** What went wrong before the sound came here. */
export const FAULT_DETECTORS: readonly Detector[] = [
  {
    id: "clippedInput", what: "clipped tops a minute", unit: "a minute", holdS: 0,
    limits: { neutral: { over: 4, step: 40 }, referenced: { over: 4, step: 40 } },
    figure: ({ input }) => input.clippedTops / minutes(input),
    sentence: (_, figure) => `The sound is clipped before it comes in: its tops are cut off, ${Math.round(figure)} times a minute.`,
    cause: "The output of the mixer is louder than the input takes, or a channel of the mixer is overdriven.",
    lesson: "Leave room: peaks at -6 dBFS sound no quieter once they are mastered, and nothing breaks.",
    remedy: () => atTheMixer("Turn the output of the mixer down by 6 dB, and up here (input, trim) by as much. What is cut off stays cut off."),
  },
  {
    id: "hum", what: "lines of the mains over what lies beside them", unit: "dB", holdS: 6,
    limits: { neutral: { over: 4, step: 3 }, referenced: { over: 4, step: 3 } },
    figure: (heard) => {
      const { hum } = heard.input;
      if (hum === null) return null;
      // It comes in as before where notches take it out again.
      return openLines(heard).length >= LEAST_LINES && hum.levelDbfs > LEAST_HUM_DBFS ? hum.prominenceDb : 0;
    },
    sentence: ({ input: { hum } }) => `It hums: the mains (${hum?.mainsHz ?? 50} Hz and its multiples) come through at ${(hum?.levelDbfs ?? 0).toFixed(0)} dBFS.`,
    cause: "A ground loop between two devices, a cable without balance beside a power supply, or a single coil near a lamp.",
    lesson: "Feed the mixer and all that is plugged into it from one socket, and use DI boxes with a ground lift.",
    remedy: (heard) => {
      const find = "Find the loop: pull cables from the mixer until it stops.";
      const { linesHz, values } = notched(heard.values, openLines(heard));
      if (linesHz.length === 0) return atTheMixer(find);
      return { sentence: `${find} Until then, narrow notches at ${linesHz.map(hertz).join(", ")}.`, values, loudnessChangeDb: 0 };
    },
  },
  {
    id: "noise", what: "steady hiss (11 to 18 kHz) over what it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 8, step: 6 }, referenced: { over: 7, step: 6 } },
    figure: ({ input, yardstick }) => {
      if (input.integratedLufs === null) return null;
      const levelDb = hissDb(input) - input.integratedLufs;
      const isHiss = levelDb > INAUDIBLE_DB && (yardstick.references > 0 || hissMarginDb(input) < STEADY_DB);
      return isHiss ? levelDb - yardstick.hissDb : 0;
    },
    sentence: ({ input }) => `It hisses all the time, ${(-(hissDb(input) - (input.integratedLufs ?? 0))).toFixed(0)} dB under the music.`,
    cause: "A channel gain turned up with little coming in, open channels that nobody plays, or a weak signal lifted late.",
    lesson: "Mute what does not play, and take gain where the signal is first amplified.",
    remedy: () => atTheMixer("Mute the channels that nobody plays, one by one, until it stops; then set the gain of that one anew. No control of the box takes hiss off without taking treble."),
  },
];
