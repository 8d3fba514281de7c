import type { ComponentChildren } from "preact";
import type { BoxStatus } from "../../protocol/messages.js";
import { box } from "../box.js";
import { saveText } from "../files.js";
import { duration, figure } from "../text.js";
import { NoticeRecord } from "./notice-stack.js";
import { PhonePanel } from "./phone-panel.js";

/** A processor that is hotter is close to where a Raspberry Pi slows down (80 °C). */
const HOT_CELSIUS = 75;
/** Above this share of a block's time the next disturbance is heard. */
const HIGH_LOAD_PERCENT = 70;

type Audio = BoxStatus["audio"];

/** How the sound is, and how samples are written on the way, in people's words. */
const STATES: Readonly<Record<Audio["state"], string>> = {
  starting: "starting", running: "flows", recovering: "starts again", waiting: "no card", stopped: "stopped",
};
const FORMATS: Readonly<Record<NonNullable<Audio["format"]>["format"], string>> = {
  S32_LE: "32 bit", S24_LE: "24 bit", S24_3LE: "24 bit packed", S16_LE: "16 bit", FLOAT_LE: "32 bit float",
};

type Mood = "good" | "warn" | "bad" | undefined;

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly mood?: Mood;
}

function Fact({ name, children, mood }: FactProps) {
  return <div class={mood ?? ""}><dt>{name}</dt><dd>{children}</dd></div>;
}

function totalFaults({ audio }: BoxStatus): number {
  return Object.values(audio.faults).reduce((sum, count) => sum + count, 0);
}

function Health({ status }: { readonly status: BoxStatus }) {
  const { audio } = status;
  const faults = totalFaults(status);
  return (
    <section class="panel" aria-label="Sound">
      <div class="heads"><h2 class="head">Sound</h2></div>
      <dl class="facts health">
        <Fact name="Sound" mood={audio.state === "running" ? "good" : "bad"}>{STATES[audio.state]}</Fact>
        <Fact name="Latency ms">{figure(audio.latency.totalMs)}</Fact>
        <Fact name="Dropouts" mood={faults > 0 ? "warn" : "good"}>{faults}</Fact>
        <Fact name="Load p50 %">{figure(audio.load.p50Percent, 0)}</Fact>
        <Fact name="Load p99 %" mood={audio.load.p99Percent > HIGH_LOAD_PERCENT ? "warn" : undefined}>{figure(audio.load.p99Percent, 0)}</Fact>
        <Fact name="Load max %" mood={audio.load.maxPercent > 100 ? "warn" : undefined}>{figure(audio.load.maxPercent, 0)}</Fact>
        <Fact name="Temperature" mood={(status.processorCelsius ?? 0) > HOT_CELSIUS ? "warn" : undefined}>
          {status.processorCelsius === null ? "–" : `${figure(status.processorCelsius, 0)} °C`}
        </Fact>
        <Fact name="Memory MiB">{figure(status.memoryBytes / 1_048_576, 0)}</Fact>
        <Fact name="Relay" mood={audio.isRelayHeld ? "good" : "warn"}>{audio.isRelayHeld ? "master" : "input"}</Fact>
      </dl>
      {audio.detail !== "" && <p class="notice warning">{audio.detail}</p>}
      {status.notices.map((sentence) => <p key={sentence} class="notice warning">{sentence}</p>)}
    </section>
  );
}

function Details({ status: { audio, ...status } }: { readonly status: BoxStatus }) {
  const { format } = audio;
  const lines: (readonly [string, string])[] = [
    ["Device", format?.device ?? "none"],
    ["Rate", format === null ? "–" : `${format.sampleRateHz / 1000} kHz${audio.measuredRateHz === null ? "" : `, measured ${audio.measuredRateHz.toFixed(1)} Hz`}`],
    ["Buffers", format === null ? "–" : `${format.periods} × ${format.periodFrames} frames, ${FORMATS[format.format]}`],
    ["Delay", `${figure(audio.latency.deviceFrames, 0)} frames device, ${figure(audio.latency.chainFrames, 0)} chain`],
    ["Restarts", `${audio.restarts}, reopened ${audio.reopens}`],
    ["Stage faults", `${audio.stageFaults}${audio.isolatedStages.length > 0 ? `, taken out: ${audio.isolatedStages.join(", ")}` : ""}`],
    ["Left out under load", audio.shedding],
    ["Running", duration(status.uptimeS)],
    ["Board", status.board === "sim" ? "simulated" : status.board],
    ["Version", status.version],
  ];
  return (
    <section class="panel" aria-label="About">
      <div class="heads"><h2 class="head">About this box</h2></div>
      <dl class="lines">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <div class="actions"><button type="button" class="plain" onClick={() => void saveLogs()}>Save the log bundle</button></div>
      <p class="hint">The bundle holds version, state, notices and the last lines of the log; no keys.</p>
    </section>
  );
}

async function saveLogs(): Promise<void> {
  const answer = await box.ask("logs", {});
  if (answer !== undefined) saveText("lacquer-log.txt", "text/plain", answer.text);
}

/** How the box is, who is connected, and what to hand on when something is wrong. */
export function BoxPage() {
  const status = box.status.value;
  return (
    <main class="page box" aria-label="Box">
      <div class="column">
        {status === null ? <section class="panel"><p class="hint">The box has not said how it is yet.</p></section> : <Health status={status} />}
        <NoticeRecord />
        {status !== null && <Details status={status} />}
      </div>
      <div class="column"><PhonePanel /></div>
    </main>
  );
}
