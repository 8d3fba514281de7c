import type { ComparedCurve, ComparedFigure, MixComparison } from "../../protocol/mix-comparison.js";
import { Drawing } from "../controls/drawing.js";
import { deviationOf } from "../curves/balance.js";
import { clamp } from "../curves/scales.js";
import { mixReading, VERDICT_S } from "../mix-reading.js";
import { paintDeviation } from "../paint/deviation.js";
import { figure, plainly } from "../text.js";

/** Beyond this a curve is held at the edge of its picture. */
const BALANCE_DB = 12;
const WIDTH_DB = 24;
/** Ends of a sentence about a figure that is as it should be. */
const SAME = "as the references have it.";

interface CurveProps {
  readonly name: string;
  readonly note: string;
  readonly sentence: string;
  readonly curve: ComparedCurve;
  readonly mostDb: number;
  readonly isBalance: boolean;
}

function CurveView({ name, note, sentence, curve, mostDb, isBalance }: CurveProps) {
  const deviation = deviationOf(curve, mostDb, isBalance);
  return (
    <figure class="curve">
      <figcaption><h3>{name}</h3><small>{note}</small></figcaption>
      <Drawing class="deviation-view" label={`${name}. ${sentence}`} still={() => JSON.stringify(deviation)} paint={(surface) => paintDeviation(surface, deviation, mostDb)} />
    </figure>
  );
}

/** Where the mix lies beside the range of the references, as a picture. */
function Range({ mix, references: { low, high } }: Pick<ComparedFigure, "mix" | "references">) {
  const [from, to] = [Math.min(mix, low), Math.max(mix, high)];
  const room = Math.max(1, (to - from) * 0.15);
  const place = (value: number): number => 100 * clamp((value - from + room) / (to - from + 2 * room), 0, 1);
  return (
    <span class="range" aria-hidden="true">
      <i class="range-band" style={{ left: `${place(low)}%`, width: `${Math.max(2, place(high) - place(low))}%` }} />
      <i class="range-hand" style={{ left: `${place(mix)}%` }} />
    </span>
  );
}

function FigureRow({ compared }: { readonly compared: ComparedFigure }) {
  const { what, unit, mix, references, sentence } = compared;
  const { low, high } = references;
  const theirs = figure(low) === figure(high) ? figure(low) : `${figure(low)} to ${figure(high)}`;
  return (
    <li>
      <p class="compared-head"><span>{what}</span><b>{figure(mix)} <small>{unit}</small></b></p>
      <Range mix={mix} references={references} />
      <p class="hint">{sentence.endsWith(SAME) ? "As the references have it" : plainly(sentence.replace(`${what}: `, "")).replace(/^y/, "Y").replace(/\.$/, "")}; they have {theirs}.</p>
    </li>
  );
}

function Figures({ figures }: Pick<MixComparison, "figures">) {
  const isSame = ({ sentence }: ComparedFigure): boolean => sentence.endsWith(SAME);
  const [other, same] = [figures.filter((one) => !isSame(one)), figures.filter(isSame)];
  const list = (rows: readonly ComparedFigure[]) => <ul class="compared">{rows.map((row) => <FigureRow key={row.id} compared={row} />)}</ul>;
  return (
    <>
      {list(other)}
      {same.length > 0 && <details class="more"><summary>{same.length} as the references have {same.length === 1 ? "it" : "them"}</summary>{list(same)}</details>}
    </>
  );
}

/** How the mix stands beside the reference tracks: in pictures, sentences and figures. */
export function MixPanel() {
  const reading = mixReading.value;
  if (reading === null || reading.references === 0) return null;
  const { comparison, references, heardS } = reading;
  return (
    <section class="panel" aria-label="Beside the references">
      <div class="heads">
        <h2 class="head">Beside your {references === 1 ? "reference" : "references"}</h2>
        {heardS < VERDICT_S && comparison !== null && <span class="hint">listening anew …</span>}
      </div>
      {comparison === null ? <p class="calm">Listening … {Math.floor(heardS)} of {VERDICT_S} s heard.</p> : (
        <>
          <p class="verdict">{plainly(comparison.balanceSentence)}</p>
          <CurveView name="Tone" note="your mix in the band of the references, dB" sentence={plainly(comparison.balanceSentence)}
            curve={comparison.balance} mostDb={BALANCE_DB} isBalance />
          <CurveView name="Width" note="up is wider, down is closer to mono, dB" sentence="Your mix in the band of the references."
            curve={comparison.width} mostDb={WIDTH_DB} isBalance={false} />
          <Figures figures={comparison.figures} />
        </>
      )}
    </section>
  );
}
