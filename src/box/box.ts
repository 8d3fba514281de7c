import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { BoxConfig } from "../config/config-schema.js";
import { countStart, type CountedStart } from "../config/start-counter.js";
import { OwnPresets } from "../config/own-presets.js";
import { loadTargets, type Target } from "../config/targets.js";
import { ParameterStore } from "../control/parameter-store.js";
import type { StoreChange } from "../control/store-change.js";
import { Engine } from "../engine/engine.js";
import type { AudioFormat } from "../hal/audio.js";
import type { AudioHealth } from "../hal/audio-health.js";
import type { SetMixer } from "../hal/mixer.js";
import type { Control, PanelDevices } from "../hal/panel.js";
import type { ServiceManager } from "../hal/service-manager.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { BoxStatus, Values } from "../protocol/messages.js";
import type { BoxCommands } from "../server/box-commands.js";
import { ControlSocket } from "../server/control-socket.js";
import { makeSocketFolder } from "../server/socket-file.js";
import { BoardFitter } from "./board-fitter.js";
import { BoxReferences } from "./box-references.js";
import { boxCommands, commandsAfter } from "./box-commands.js";
import type { FittedBoard } from "./fit-board.js";
import { KeptSongs } from "./kept-songs.js";
import { KeptState } from "./kept-state.js";
import { Learner } from "./learner.js";
import { levelsState } from "./level-commands.js";
import { LiveAnalysis } from "./live-analysis.js";
import { LiveMeters } from "./live-meters.js";
import { logBundle } from "./log-bundle.js";
import { managerLine } from "./manager-line.js";
import { meterView } from "./meter-view.js";
import type { Notices } from "./notices.js";
import { Pairing } from "./pairing.js";
import { Panel } from "./panel.js";
import { pairButton, panelActions } from "./panel-actions.js";
import { PhoneBook } from "./phone-book.js";
import { Preview } from "./preview.js";
import type { SoundChoice } from "./sound-choice.js";
import { isRideResting, soundingValues } from "./ride-rest.js";
import { SoundEvents } from "./sound-events.js";
import { SoundListener } from "./sound-listener.js";
import { processorCelsius } from "./system-facts.js";
import { TakeRecorder } from "./take-recorder.js";
import { SoundWatchdog } from "./watchdog.js";

/** The sound path broke while it was made; another start may do better. */
export class SoundLostError extends Error {
  override readonly name = "SoundLostError";
}

export interface BoxOptions<Device> {
  readonly config: BoxConfig;
  /** The board that was asked for: "sim", "auto" or an id. */
  readonly board: string;
  /** Version of the product. */
  readonly version: string;
  /** What the audio thread builds its device from, and its script. */
  readonly device: Device;
  readonly threadUrl: URL;
  /** The script that writes takes, and where to. */
  readonly takeWriterUrl: URL;
  readonly takesFolder: string;
  /** The scripts that prepare reference tracks, and play them. */
  readonly trackPreparerUrl: URL;
  readonly referencePlayerUrl: URL;
  /** The sound device as it is known at the start, and what its board makes of the configuration. */
  readonly sound: Pick<SoundChoice, "captureDevice">;
  readonly fit: (device: string) => FittedBoard;
  /** The devices of controls of the front panel. */
  readonly panel: (controls: readonly Control[]) => PanelDevices;
  readonly setMixer: SetMixer;
  /** Switches the machine off. */
  readonly powerOff: () => Promise<void>;
  /** Monotonic time of the system, by which devices tell when something happened. */
  readonly systemMs: () => number;
  /** Values with which this board begins where there is no saved state. */
  readonly boardValues: Values;
  readonly stateFolder: string;
  readonly socketPath: string;
  readonly service: ServiceManager;
  readonly notices: Notices;
}

/** The meters are looked at as often as the fastest client may ask for them. */
const METER_MS = 1000 / 60;
const HEALTH_MS = 250;
/** A scene that fades in moves on so often; the glides of the chain fill the time between. */
const FADE_MS = 40;
/** Sound is called steady after so many periods. */
const STEADY_PERIODS = 100;
const STEADY_POLL_MS = 20;
const TAP_SECONDS = 4;
const STARTING = "The box is starting; try again in a moment.";
/** Within this the sound fades, the state is saved and the sockets are closed, or they are left as they are. */
const STOP_MS = 1600;

/**
 * The box: everything that runs in its process, joined. It starts so that sound comes early, and stops in reverse with a
 * fade, in time even when a part hangs.
 */
export class Box<Device> {
  /** Settles with the reason when the sound is lost for good: the process should end, so that it is started anew. */
  readonly failed: Promise<string>;
  readonly #options: BoxOptions<Device>;
  #engine: Engine | undefined;
  readonly #meters = new LiveMeters({
    xruns: () => xruns(this.#engine), isBypassed: () => this.#store.get("chain.bypass") === 1 || this.#store.isHardBypassed,
    isRideResting: () => isRideResting(this.#store, this.#targets),
  });
  readonly #listener: SoundListener;
  readonly #learner: Learner;
  readonly #preview: Preview;
  readonly #songs: KeptSongs;
  readonly #analysis = new LiveAnalysis(() => this.#engine);
  readonly #targets: readonly Target[];
  readonly #store: ParameterStore;
  readonly #state: KeptState;
  readonly #presets: OwnPresets;
  readonly #phones: PhoneBook;
  readonly #references: BoxReferences;
  readonly #socket: ControlSocket;
  readonly #events: SoundEvents;
  readonly #fitter: BoardFitter;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #startedMs = performance.now();
  #setReady: () => void = () => undefined;
  #setFailed: (reason: string) => void = () => undefined;
  #counted: CountedStart | undefined;
  #takes: TakeRecorder | undefined;
  #watchdog: SoundWatchdog | undefined;
  #managerLine = "";
  /** Whether contacts pass the bare input, as they were last looked at. */
  #isBare = false;

  constructor(options: BoxOptions<Device>) {
    const { notices, socketPath, version } = options;
    const targets = loadTargets();
    const nowMs = (): number => performance.now();
    const onError = (error: unknown): void => notices.tell("error", "error", `Something went wrong inside: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    const isReady = new Promise<void>((resolve) => (this.#setReady = resolve));
    this.failed = new Promise((resolve) => (this.#setFailed = resolve));
    this.#options = options;
    this.#targets = targets;
    this.#events = new SoundEvents(notices);
    this.#store = new ParameterStore({ targets, nowMs, onListenerError: onError });
    this.#state = new KeptState({ ...options, store: this.#store, targets: targets.map(({ id }) => id) });
    this.#presets = new OwnPresets(join(options.stateFolder, "presets"));
    this.#phones = new PhoneBook({ file: join(options.stateFolder, "phones.json"), now: () => new Date(), random: randomBytes });
    this.#phones.onChange((phones) => this.#socket.phones(phones));
    this.#references = new BoxReferences({
      stateFolder: options.stateFolder, sampleRateHz: options.config.audio.sampleRateHz, reminderMinutes: options.config.references.reminderMinutes,
      preparerUrl: options.trackPreparerUrl, playerUrl: options.referencePlayerUrl, meters: this.#meters, notices, nowMs, now: () => new Date(),
      random: randomBytes, engine: () => this.#engine, phones: () => this.#phones.list, hasMonitorOutput: () => this.#hasMonitorOutput, isHardBypassed: () => this.#store.isHardBypassed,
    });
    this.#references.onChange((references) => this.#socket.references(references));
    this.#references.compared.onChange((comparison) => this.#socket.comparison(comparison));
    const onLevels = (): void => this.#socket.levels(levelsState({ learner: this.#learner, preview: this.#preview }));
    this.#learner = new Learner({ store: this.#store, targets, onChange: onLevels });
    this.#meters.onRecord((record) => this.#learner.add(record));
    this.#preview = new Preview({
      open: () => this.#engine?.createReferencePort() ?? null, song: () => this.#meters.figures, hasMonitorOutput: () => this.#hasMonitorOutput, notices, nowMs, onChange: onLevels,
      sampleRateHz: options.config.audio.sampleRateHz,
      obstacle: () => this.#references.compared.state.isArmed ? "mix and reference are being compared" : this.#store.isHardBypassed ? "the bare input is wired to the output" : undefined,
    });
    this.#songs = new KeptSongs({ file: join(options.stateFolder, "songs.json"), songs: () => this.#meters.songs, notices });
    this.#listener = new SoundListener({
      sound: () => this.#engine, values: () => this.#store.values, references: () => this.#references.profiles,
      isMixHeard: () => this.#references.compared.state.heard === "mix",
      targetLufs: () => targets.find(({ id }) => id === this.#store.state.target)?.loudnessLufs ?? null,
      onFindings: (findings) => this.#socket.diagnosis(findings),
    });
    this.#meters.onRecord((record) => this.#listener.addRecord(record));
    const pairing = new Pairing({ nowMs, random: randomBytes, pagePort: () => this.#socket.pagePort });
    const commands = boxCommands({
      store: this.#store, meters: this.#meters, targets, presets: this.#presets, references: this.#references,
      listener: this.#listener,
      onPresets: (presets) => this.#socket.presets(presets),
      learner: this.#learner, preview: this.#preview, onSong: () => void this.#songs.save(),
      phones: {
        phones: this.#phones, notices, isSimulated: options.board === "sim",
        pairing,
        // Nobody has hands at a simulated panel.
        button: () => (options.board === "sim" ? null : pairButton(this.#fitter.wired.controls, this.#fitter.wired.devices)),
      },
      logs: async () => logBundle({ status: await this.#status(false), config: options.config, state: this.#store.state, lines: notices.lines }),
      status: (isCounted) => this.#status(isCounted),
      take: (seconds) => this.#taken.take(seconds),
      measureLatency: () => this.#sound.measureLatency(),
      restoreStages: (ids) => this.#sound.restoreStages(ids),
      resetHealth: () => this.#sound.resetHealth(),
    });
    this.#socket = new ControlSocket({
      path: socketPath, version, nowMs, commands: commandsAfter(isReady, commands), state: () => this.#store.state, onError,
      openMeters: (wishes) => meterView(this.#meters.openWindow(), this.#analysis.openView(wishes)), phones: this.#phones,
      references: () => this.#references.list, comparison: () => this.#references.compared.state,
      uploads: { begin: async (upload) => await isReady.then(() => this.#references.shelf.begin(upload)) },
    });
    this.#fitter = new BoardFitter({
      fit: options.fit, devices: options.panel, makePanel: this.#panelMaker(commands, targets, pairing), setMixer: options.setMixer, notices,
    }, options.sound.captureDevice);
  }

  #panelMaker(commands: BoxCommands, targets: readonly Target[], pairing: Pairing): (controls: readonly Control[], devices: PanelDevices) => Panel {
    const { notices, powerOff, systemMs } = this.#options;
    const window = this.#meters.openWindow();
    return (controls, devices) => new Panel({
      controls, devices, notices, store: this.#store, nowMs: systemMs,
      actions: panelActions({ commands, store: this.#store, powerOff }),
      sources: {
        targets, state: () => this.#store.state, meters: () => window.take(), faults: () => notices.gravestFirst, isBare: () => this.#isBare, offers: () => pairing.offers,
        page: () => this.#socket.page, compared: () => this.#references.compared.state.heard,
      },
    });
  }

  /** Starts everything; resolves when sound is steady, or its device is being waited for. @throws Error when it cannot, SoundLostError when only for now */
  async start(): Promise<void> {
    const { socketPath, stateFolder, notices, service } = this.#options;
    makeSocketFolder(socketPath);
    // Phones that come at once must be known.
    const trouble = await this.#phones.load();
    if (trouble !== undefined) notices.stand("phones", "warning", trouble);
    // A second box ends here, before it touches anything of the first.
    await this.#socket.start();
    notices.listen((notice) => this.#socket.notice(notice));
    // Clients may be there already: what the saved state changes is news to them.
    this.#store.onChange((change) => this.#socket.change(change));
    this.#counted = await countStart(stateFolder);
    await this.#state.load(this.#counted.isSafeMode);
    this.#meters.restoreSongs(await this.#songs.load());
    (await this.#presets.load()).forEach((sentence, n) => notices.stand(`preset ${n}`, "warning", sentence));
    (await this.#references.load()).forEach((sentence, n) => notices.stand(`reference ${n}`, "warning", sentence));
    this.#fitter.prepare();
    this.#engine = await this.#startEngine().catch((error: unknown) => {
      throw new SoundLostError(error instanceof Error ? error.message : String(error), { cause: error });
    });
    this.#store.onChange((change) => this.#apply(change));
    this.#setReady();
    this.#watch(this.#engine);
    this.#references.start();
    this.#fitter.start();
    await this.#untilSteady(this.#engine);
    service.ready();
  }

  /** Fades out, lets go of the relay, saves, closes. Takes at most STOP_MS; what has not ended by then is left. */
  async stop(): Promise<void> {
    this.#options.service.stopping();
    this.#watchdog?.stop();
    for (const timer of this.#timers) clearInterval(timer);
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([late, Promise.allSettled([this.#references.stop(), this.#endSound(), this.#fitter.stop(), this.#takes?.stop(), this.#state.flush(), this.#counted?.endWell(), this.#phones.flush(), this.#songs.stop(), this.#socket.stop()])]);
  }

  async #endSound(): Promise<void> {
    await this.#engine?.fadeOut();
    await this.#engine?.stop();
  }

  get #sound(): Engine {
    if (this.#engine === undefined) throw new CommandFailure("notNow", STARTING);
    return this.#engine;
  }

  /** Whether what is compared has an output of its own. */
  get #hasMonitorOutput(): boolean {
    return this.#engine?.format?.hasMonitor === true;
  }

  get #taken(): TakeRecorder {
    if (this.#takes === undefined) throw new CommandFailure("notNow", STARTING);
    return this.#takes;
  }

  async #startEngine(): Promise<Engine> {
    const { config: { audio }, device, threadUrl } = this.#options;
    const { sampleRateHz, periodFrames, periods, formats, monitorOutput: wantsMonitor } = audio;
    const engine = await Engine.start({
      threadUrl, device, request: { sampleRateHz, periodFrames, periods, formats, wantsMonitor },
      values: Object.entries(soundingValues(this.#store.values, this.#store, this.#targets)), tapSeconds: TAP_SECONDS,
    });
    engine.on("death", this.#setFailed);
    return engine;
  }

  #apply(change: StoreChange): void {
    const { values, isHardBypassed } = change.state;
    this.#engine?.set(Object.entries(soundingValues(values ?? {}, this.#store, this.#targets)));
    if (values !== undefined) this.#listener.changed();
    if (isHardBypassed !== undefined) this.#engine?.setHardBypass(isHardBypassed);
    this.#state.touch();
  }

  /** Looks at the meters and the health from now on, and feeds the watchdog. */
  #watch(engine: Engine): void {
    const { config, service, takesFolder: folder, takeWriterUrl: writerUrl } = this.#options;
    this.#takes = new TakeRecorder({ sound: engine, minutes: config.record.minutes, folder, writerUrl, now: () => new Date() });
    this.#takes.start();
    this.#songs.start();
    const everyMeter = (): void => {
      engine.takeRecords((record) => this.#meters.add(record));
      this.#listener.tick();
      this.#analysis.tick();
      this.#socket.sendMeters();
    };
    const everyHealth = (): void => {
      const health = this.#seen(engine.health());
      this.#isBare = !health.isRelayHeld && this.#fitter.isRelayUp !== undefined;
      this.#events.watch(health);
      if (health.format !== null) this.#sees(health.format);
      this.#state.watch();
      this.#tellManager(managerLine(health));
    };
    const everyFade = (): void => {
      this.#store.advance();
      this.#preview.tick();
    };
    this.#timers.push(setInterval(everyMeter, METER_MS), setInterval(everyHealth, HEALTH_MS), setInterval(everyFade, FADE_MS));
    this.#watchdog = new SoundWatchdog({
      timeoutMs: service.watchdogMs, feed: () => service.feedWatchdog(), isAlive: () => engine.isAlive(),
    });
    this.#watchdog.start();
  }

  /** The sound runs on this device. */
  #sees({ device, hasMonitor }: AudioFormat): void {
    this.#fitter.sees(device);
    if (!this.#options.config.audio.monitorOutput || hasMonitor) return;
    this.#options.notices.stand("monitor output", "warning", `audio.monitorOutput is true, but ${device} plays no outputs 3 and 4 at these figures: the recorder `
      + "hears what you compare. Name a card with four outputs as hw:CARD=..., or set it to false.");
  }

  #tellManager(line: string): void {
    if (line === this.#managerLine) return;
    this.#managerLine = line;
    this.#options.service.status(line);
  }

  async #untilSteady(engine: Engine): Promise<void> {
    for (;;) {
      const { state, framesOut, format } = engine.health();
      if (state === "waiting" || (format !== null && framesOut >= STEADY_PERIODS * format.periodFrames)) return;
      await new Promise((resolve) => setTimeout(resolve, STEADY_POLL_MS));
    }
  }

  /** The sound's health; it holds no relay whose line cannot be had. */
  #seen(health: AudioHealth): AudioHealth {
    return { ...health, isRelayHeld: health.isRelayHeld && this.#fitter.isRelayUp !== false };
  }

  async #status(isCounted: boolean): Promise<BoxStatus> {
    if (isCounted) await this.#sound.countCollections();
    const { notices, version } = this.#options;
    return {
      version, board: this.#fitter.board,
      uptimeS: (performance.now() - this.#startedMs) / 1000,
      audio: this.#seen(this.#sound.health()),
      notices: notices.standing,
      processorCelsius: processorCelsius(),
      memoryBytes: process.memoryUsage.rss(),
      clients: this.#socket.clients,
    };
  }
}

/** Interruptions of the sound since the engine began. */
function xruns(engine: Engine | undefined): number {
  const { overrun = 0, underrun = 0 } = engine?.health().faults ?? {};
  return overrun + underrun;
}
