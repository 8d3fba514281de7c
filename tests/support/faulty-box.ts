import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { ControlLink } from "../../src/server/control-link.js";
import { FaultyCard, type FaultyWord } from "./faulty-card.js";
import { healthWhen, RunningBox, type RunningBoxOptions } from "./running-box.js";
import { SineRecording } from "./sine-recording.js";

const SAMPLE_RATE_HZ = 48000;
/** Sound before and after each fault. */
const SOUND_MS = 700;
const POLL_MS = 100;
/** The clock of the kernel ticks 100 times a second in /proc. */
const TICK_MS = 10;

/** A box in processes of its own on a `FaultyCard`: 64 frames x 3 in S32_LE at 48 kHz, unless said. */
export class FaultyBox {
  readonly card = new FaultyCard();
  #box: RunningBox | undefined;
  #link: ControlLink | undefined;

  /** @param words - how the card is to be from the first */
  constructor(words: Readonly<Partial<Record<FaultyWord, number>>>) {
    this.card.set(words);
  }

  get box(): RunningBox {
    if (this.#box === undefined) throw new Error("The box was not started.");
    return this.#box;
  }

  get link(): ControlLink {
    if (this.#link === undefined) throw new Error("The box was not started.");
    return this.#link;
  }

  /** Starts the box and waits until it answers. */
  async start(options: Partial<RunningBoxOptions> = {}): Promise<RunningBox> {
    const { box, link } = await RunningBox.start({
      device: "faulty", periodFrames: 64, periods: 3, formats: ["S32_LE"], ...options,
      environment: { ...process.env, ALSA_CONFIG_PATH: this.card.configPath, ...options.environment },
    });
    this.#box = box;
    this.#link = link;
    return box;
  }

  /** Starts the box and lets sound flow for a while. */
  async startSound(options: Partial<RunningBoxOptions> = {}): Promise<RunningBox> {
    const box = await this.start(options);
    await this.sounds();
    return box;
  }

  /** Waits for the end of the box, and for another one that plays. */
  async isReplaced(): Promise<void> {
    await this.link.closed;
    this.#link = await this.box.link();
    await this.sounds();
  }

  /** Waits until sound flows, and lets it flow for a while. */
  async sounds(): Promise<void> {
    await healthWhen(this.link, ({ state }) => state === "running");
    await setTimeout(SOUND_MS);
  }

  /** Waits until so much more sound was played, by the box's own count. */
  async plays(ms = SOUND_MS): Promise<void> {
    const { framesOut } = (await this.link.command("status", {})).audio;
    const enough = framesOut + (ms * SAMPLE_RATE_HZ) / 1000;
    await healthWhen(this.link, (health) => health.framesOut >= enough, 60);
  }

  /** Waits until the sound is back at its usual level after this frame of the card, and lets it flow for a while. */
  async soundsAfter(frame: number, seconds = 15): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (!new SineRecording(this.card.recording()).holes().some(({ to }) => to > frame)) {
      if (performance.now() > end) throw new Error(`No sound within ${seconds} s after frame ${frame} of the card.`);
      await setTimeout(POLL_MS);
    }
    await setTimeout(SOUND_MS);
  }

  /** Ends the box and gives what its recorder got. */
  async recorded(): Promise<SineRecording> {
    this.link.close();
    await this.box.stop();
    return new SineRecording(this.card.recording());
  }

  /** Frames of the card now, of a card that is not virtual. */
  get cardFrame(): number {
    return this.card.frameAt(Number(process.hrtime.bigint()) / 1e6);
  }

  /** Time that the processor spent on the box. */
  get processorMs(): number {
    const stat = readFileSync(`/proc/${this.box.child.pid}/stat`, "utf8");
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
    return TICK_MS * (user + system);
  }

  async remove(): Promise<void> {
    this.#link?.close();
    await this.#box?.stop();
    this.card.remove();
  }
}
