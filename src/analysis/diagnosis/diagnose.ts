import { DYNAMICS_DETECTORS } from "./dynamics.js";
import { FAULT_DETECTORS } from "./faults.js";
import { FINDING_IDS, type Detector, type Finding, type FindingId, type Heard, type Limit } from "./finding.js";
import { IMAGE_DETECTORS } from "./image.js";
import { LEVEL_DETECTORS } from "./levels.js";
import { TONE_DETECTORS, TONE_IDS } from "./tone.js";

/** Severity at the limit; what lacks to 1 is divided by this much for each step more. */
const AT_LIMIT = 0.4;
const LESS_PER_STEP = 2;
/** Programme that a verdict needs to be sure. */
const SURE_S = 20;

const ALL = [...FAULT_DETECTORS, ...IMAGE_DETECTORS, ...TONE_DETECTORS, ...DYNAMICS_DETECTORS, ...LEVEL_DETECTORS];

/** The table of what can be found, in the order of `FINDING_IDS`. */
export const DETECTORS: readonly Detector[] = FINDING_IDS.map((id) => ALL.find((one) => one.id === id) as Detector);

/** The limit that holds against this yardstick. */
export function limitOf({ limits }: Detector, { yardstick }: Pick<Heard, "yardstick">): Limit {
  return yardstick.references > 0 ? limits.referenced : limits.neutral;
}

/** All faults of what was heard, the worst first. */
export function diagnose(heard: Heard): readonly Finding[] {
  return told(heard, worstFirst(DETECTORS.flatMap((detector) => {
    const figure = detector.figure(heard);
    return figure !== null && figure > limitOf(detector, heard).over ? [findingOf(detector, heard, figure, 0)] : [];
  })));
}

/**
 * What is told of findings, the worst first. Without references only the worst fault of the tone is: songs differ from the
 * neutral curve by 3 to 9 dB (one standard deviation over 18 tracks), so the next ones say more of the genre than of the mix.
 */
export function told({ yardstick }: Pick<Heard, "yardstick">, findings: readonly Finding[]): readonly Finding[] {
  if (yardstick.references > 0) return findings;
  const worst = findings.find(({ id }) => TONE_IDS.has(id));
  return findings.filter((finding) => finding === worst || !TONE_IDS.has(finding.id));
}

/** The finding of one id with a remedy for the values as they are, whatever its figure; null where what was heard does not tell. */
export function findingOfId(id: FindingId, heard: Heard): Finding | null {
  const detector = DETECTORS.find((one) => one.id === id) as Detector;
  const figure = detector.figure(heard);
  return figure === null ? null : findingOf(detector, heard, figure, 0);
}

/** Puts a figure into words. */
export function findingOf(detector: Detector, heard: Heard, figure: number, sinceS: number): Finding {
  const limit = limitOf(detector, heard);
  const steps = (figure - limit.over) / limit.step;
  const coverage = Math.min(1, heard.output.seconds / SURE_S);
  return {
    id: detector.id,
    severity: rounded(1 - (1 - AT_LIMIT) * LESS_PER_STEP ** -Math.max(0, steps)),
    confidence: rounded(coverage * (0.5 + 0.5 * Math.min(1, Math.max(0, steps)))),
    sinceS,
    figure: rounded(figure),
    limit: limit.over,
    unit: detector.unit,
    what: detector.what,
    against: heard.yardstick.words,
    sentence: detector.sentence(heard, figure),
    cause: detector.cause,
    remedy: detector.remedy(heard, figure, limit),
    lesson: detector.lesson,
  };
}

/** The worst first: by severity, then in the order of the table. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => b.severity - a.severity || FINDING_IDS.indexOf(a.id) - FINDING_IDS.indexOf(b.id));
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
