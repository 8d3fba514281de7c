import { suggestion } from "../params/nearest.js";
import type { Parameter } from "../params/parameter.js";
import { PARAMETERS } from "../params/table.js";
import { differenceOf, type Adjustments, type Labels, type Patch } from "./adjustments.js";
import { heldValue, heldValues, rowOf, type Values } from "./held-values.js";
import { turnedValue } from "./knob-steps.js";
import { fadeTime, SceneFade } from "./scene-fade.js";
import { Scenes } from "./scenes.js";
import { NO_SET_LIST, steppedPlace, withScenes, type SetListFollows, type SetListState } from "./set-list.js";
import { SCENE_NAMES, type SceneName, type StoreChange, type StoreState } from "./store-change.js";
import { UndoHistory } from "./undo-history.js";

const CEILING = "limiter.ceilingDbtp";
const TARGET_LOUDNESS = "loudness.targetLufs";
/**
 * These belong to the mixer, the recorder, the way of listening and the evening, not to the sound: a preset leaves them as
 * they are unless it names them, and turning them does not make it an edited one.
 */
const OF_THE_PLACE = new Set([
  "chain.bypass", "chain.levelMatch", "input.trimDb", "input.polarity", "input.swap", "dither.bits",
  TARGET_LOUDNESS, "loudness.ride", "loudness.rideRangeDb", "loudness.rideFreezeDb",
]);

/** A loudness target, as far as it sets a parameter. */
export interface StoreTarget {
  readonly id: string;
  readonly ceilingDbtp: number;
  /** Null where none is asked for: the one that was aimed at stays. */
  readonly loudnessLufs: number | null;
}

export interface StoreOptions {
  /** All targets; the first is the one to begin with. */
  readonly targets: readonly StoreTarget[];
  /** Monotonic time: tells which changes are one gesture. */
  readonly nowMs: () => number;
  /** Is told what a listener threw; the other listeners hear of the change all the same. */
  readonly onListenerError: (error: unknown) => void;
}

/** All that the state file keeps of the store. */
export interface StoreSnapshot extends Adjustments {
  readonly scenes: Readonly<Partial<Record<SceneName, Adjustments>>>;
  readonly sceneNames: Readonly<Partial<Record<SceneName, string>>>;
  readonly sceneFadesS: Readonly<Partial<Record<SceneName, number>>>;
  readonly setList: SetListState;
}

/** A scene on its way in, and who recalled it. */
interface RunningFade {
  readonly fade: SceneFade;
  readonly scene: SceneName;
  readonly source: string;
}

/** What a hand moves that sets `ids`: a band is one thing, for a finger that drags its handle moves now one value of it, now two. */
function gestureOf(ids: readonly string[]): string {
  return `set ${[...new Set(ids.map((id) => id.replace(/(\.band\d+)\..*/, "$1")))].sort().join(" ")}`;
}

/**
 * The single truth about everything that can be adjusted. A value is always a number in the range of its row of the
 * table; a change is applied as a whole or refused as a whole, has a source and the next number, and tells the
 * listeners only what is different. A call that changes nothing has no number and no event.
 */
export class ParameterStore {
  readonly #options: StoreOptions;
  readonly #history = new UndoHistory();
  readonly #scenes = new Scenes();
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #unheard: StoreChange[] = [];
  #isTelling = false;
  #now: Adjustments;
  #sequence = 0;
  #canUndo = false;
  #canRedo = false;
  #isHardBypassed = false;
  #setList: SetListState = NO_SET_LIST;
  #running: RunningFade | undefined;

  /** Begins with the defaults of the table, and the first target with its ceiling. */
  constructor(options: StoreOptions) {
    const [first] = options.targets;
    if (first === undefined) throw new RangeError("The parameter store needs one loudness target at least.");
    this.#options = options;
    const defaults = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
    this.#now = { values: { ...defaults, ...this.#valuesOf(first.id) }, preset: null, isPresetEdited: false, target: first.id };
  }

  /** The value of `id`. @throws RangeError for an unknown id, with the one that was probably meant */
  get(id: string): number {
    return this.#now.values[rowOf(id).id] as number;
  }

  /** All values by their ids, each time the same object until one is changed. */
  get values(): Values {
    return this.#now.values;
  }

  /** Whether the bare input is wired to the output. */
  get isHardBypassed(): boolean {
    return this.#isHardBypassed;
  }

  /** Everything as it holds now. */
  get state(): StoreState {
    return {
      ...this.#now, sequence: this.#sequence, scenes: this.#scenes.list, sceneNames: this.#scenes.names,
      sceneFadesS: this.#scenes.fadesS, fadingTo: this.#running?.scene ?? null, setList: this.#setList,
      isHardBypassed: this.#isHardBypassed, canUndo: this.#canUndo, canRedo: this.#canRedo,
    };
  }

  /**
   * Sets values, in the units of the table, as one change; a value out of its range is moved to the end of it.
   * @throws RangeError for an unknown id or a value that is no finite number; nothing is changed then
   */
  set(changes: Values, source: string): void {
    const values = heldValues(changes);
    this.#change({ ...this.#edited(values), values }, source, gestureOf(Object.keys(values)));
  }

  /** Turns a parameter by clicks of a knob, along its taper; parts of a click count. @throws RangeError as `set` does */
  turn(id: string, steps: number, source: string): void {
    if (!Number.isFinite(steps)) throw new RangeError(`${id} cannot be turned by ${steps} clicks; give a finite number.`);
    this.set({ [id]: turnedValue(rowOf(id), this.get(id), steps) }, source);
  }

  /**
   * Back to the defaults: all values, or those of `ids`. Without `ids` there is no preset afterwards. The target stays,
   * and so the ceiling and the loudness that is aimed at go back to the target's own.
   */
  reset(ids: readonly string[] | undefined, source: string): void {
    const values = Object.fromEntries((ids?.map(rowOf) ?? PARAMETERS).map((row) => [row.id, row.default]));
    for (const [id, value] of Object.entries(this.#valuesOf(this.#now.target))) if (id in values) values[id] = value;
    const labels = ids === undefined ? { preset: null, isPresetEdited: false } : this.#edited(values);
    this.#change({ ...labels, values }, source, null);
  }

  /**
   * Recalls a preset: the values that it names, and the defaults for all others but those of the place (trim, polarity,
   * swap, word length, bypass), which stay. The ceiling is the target's, or the preset's own where that is lower.
   */
  applyPreset(name: string, named: Values, source: string): void {
    const held = heldValues(named);
    const values = Object.fromEntries(PARAMETERS
      .filter(({ id }) => id in held || !OF_THE_PLACE.has(id))
      .map((row) => [row.id, held[row.id] ?? row.default]));
    values[CEILING] = Math.min(this.#ceiling, held[CEILING] ?? Infinity);
    this.#change({ preset: name, isPresetEdited: false, values }, source, null);
  }

  /** What a preset of the present sound names: all that is not at its default and belongs to no place; the ceiling where it is lower than the target's. */
  get presetValues(): Values {
    const { values } = this.#now;
    const isNamed = ({ id, default: usual }: Parameter): boolean =>
      id === CEILING ? this.get(id) < this.#ceiling : values[id] !== usual && !OF_THE_PLACE.has(id);
    return Object.fromEntries(PARAMETERS.filter(isNamed).map(({ id }) => [id, this.get(id)]));
  }

  /** Chooses a loudness target by its id and sets the limiter's ceiling and the ride's loudness to its own. @throws RangeError for an unknown id */
  setTarget(id: string, source: string): void {
    this.#change({ target: id, values: this.#valuesOf(id) }, source, null);
  }

  /**
   * Keeps all values, the preset and the target as a scene; what the scene held before is gone. Undo does not bring that
   * back: it takes back what is heard, and storing changes nothing of that.
   */
  storeScene(scene: SceneName, source: string): void {
    if (this.#scenes.store(scene, this.#now)) this.#tell(source, { scenes: this.#scenes.list });
  }

  /** Gives a scene a name, or takes it with an empty one. @throws RangeError when it holds nothing */
  renameScene(scene: SceneName, name: string, source: string): void {
    if (this.#scenes.rename(scene, name)) this.#tell(source, { sceneNames: this.#scenes.names });
  }

  /** Sets how long a scene cross-fades when it is recalled, 0 to 10 s. @throws RangeError when it holds nothing */
  setSceneFade(scene: SceneName, fadeS: number, source: string): void {
    if (this.#scenes.setFade(scene, fadeS)) this.#tell(source, { sceneFadesS: this.#scenes.fadesS });
  }

  /** Empties a scene. */
  clearScene(scene: SceneName, source: string): void {
    if (!this.#scenes.clear(scene)) return;
    this.#tell(source, { scenes: this.#scenes.list, sceneNames: this.#scenes.names, sceneFadesS: this.#scenes.fadesS });
  }

  /** Writes the set list, and what steps it; what is left out stays. @throws RangeError when it is too long */
  setSetList({ scenes, follows }: { readonly scenes?: readonly SceneName[] | undefined; readonly follows?: SetListFollows | undefined }, source: string): void {
    const list = scenes === undefined ? this.#setList : withScenes(this.#setList, scenes);
    this.#placeSetList({ ...list, follows: follows ?? list.follows }, source);
  }

  /** Recalls the next or the previous scene of the set list that holds something. @throws RangeError where there is none */
  stepSetList(direction: "next" | "previous", source: string): void {
    const { at, scene } = steppedPlace(this.#setList, direction, this.#scenes.list);
    this.recallScene(scene, source);
    this.#placeSetList({ ...this.#setList, at }, source);
  }

  #placeSetList(list: SetListState, source: string): void {
    if (JSON.stringify(list) === JSON.stringify(this.#setList)) return;
    this.#setList = list;
    this.#tell(source, { setList: list });
  }

  /** Names the preset that the present sound is, and that it is unchanged: it was saved just now, or lost its name. */
  labelPreset(preset: string | null, source: string): void {
    const isPresetEdited = false;
    if (this.#now.preset === preset && this.#now.isPresetEdited === isPresetEdited) return;
    this.#apply({ preset, isPresetEdited, values: {} });
    this.#tell(source, { preset, isPresetEdited });
  }

  /** Lets the bypass relay go, or lets the box hold it. No undo brings it back, and no restart of the box keeps it. */
  setHardBypass(isOn: boolean, source: string): void {
    if (isOn === this.#isHardBypassed) return;
    this.#isHardBypassed = isOn;
    this.#tell(source, { isHardBypassed: isOn });
  }

  /**
   * Brings a scene back as one change, which one undo takes back as a whole.
   * @param fadeS - seconds of its cross-fade, 0 to 10; those of the scene unless said. `advance` moves it on
   * @throws RangeError when it holds nothing
   */
  recallScene(scene: SceneName, source: string, fadeS = this.#scenes.fadesS[scene]): void {
    const held = this.#scenes.held(scene);
    const durationMs = 1000 * fadeTime(fadeS);
    const startMs = this.#options.nowMs();
    if (durationMs === 0) return this.#change(held, source, null);
    this.#release(Object.keys(held.values));
    const difference = differenceOf(this.#now, held);
    if (difference === null) return;
    const { values, ...labels } = difference.after;
    this.#running = { fade: new SceneFade(this.#now.values, values, { startMs, durationMs }), scene, source };
    this.#apply({ ...labels, values: {} });
    this.#history.record({ difference, source, gesture: null, timeMs: startMs });
    this.#tell(source, { ...labels, fadingTo: scene });
  }

  /** Moves a scene on that is fading in; to be called some 25 times a second. */
  advance(): void {
    const running = this.#running;
    if (running === undefined) return;
    const nowMs = this.#options.nowMs();
    const values = running.fade.at(nowMs);
    const isOver = running.fade.isOverAt(nowMs);
    if (isOver) this.#running = undefined;
    else if (Object.keys(values).length === 0) return;
    this.#apply({ values });
    this.#tell(running.source, { values, ...(isOver && { fadingTo: null }) });
  }

  /** Takes the last change back. Returns false when there is none. */
  undo(source: string): boolean {
    return this.#replay(this.#history.undo(), source);
  }

  /** Makes the change again that was taken back last. Returns false when there is none. */
  redo(source: string): boolean {
    return this.#replay(this.#history.redo(), source);
  }

  /** Hears of every change, in their order; also of one that a listener makes. Returns what ends it. */
  onChange(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** All that has to be kept over a restart; of a scene that is fading in, where it ends. */
  snapshot(): StoreSnapshot {
    const values = { ...this.#now.values, ...this.#running?.fade.destination };
    return {
      ...this.#now, values, scenes: this.#scenes.all, sceneNames: this.#scenes.names, sceneFadesS: this.#scenes.fadesS, setList: this.#setList,
    };
  }

  /**
   * Takes over a snapshot as one change that cannot be undone; the history is empty then. Ids that the table does not
   * have are left out, missing ones and values that are no finite number stand at their defaults, values out of range are
   * moved into it, and an unknown target becomes the first: an odd snapshot never keeps the sound from starting.
   */
  restore(snapshot: StoreSnapshot, source: string): void {
    this.#history.clear();
    this.#running = undefined;
    for (const scene of SCENE_NAMES) {
      this.#scenes.clear(scene);
      const held = snapshot.scenes[scene];
      if (held === undefined) continue;
      this.#scenes.store(scene, this.#mended(held));
      this.#scenes.rename(scene, snapshot.sceneNames[scene] ?? "");
      this.#scenes.setFade(scene, snapshot.sceneFadesS[scene] ?? 0);
    }
    this.#setList = withScenes({ ...snapshot.setList }, snapshot.setList.scenes);
    const wanted = this.#mended(snapshot);
    const after = differenceOf(this.#now, wanted)?.after;
    this.#now = wanted;
    this.#tell(source, {
      ...after, scenes: this.#scenes.list, sceneNames: this.#scenes.names, sceneFadesS: this.#scenes.fadesS, setList: this.#setList, fadingTo: null,
    });
  }

  #mended({ values, preset, isPresetEdited, target }: Adjustments): Adjustments {
    const isKnown = this.#options.targets.some(({ id }) => id === target);
    return {
      values: Object.fromEntries(PARAMETERS.map((row) => {
        const value = values[row.id] ?? row.default;
        return [row.id, heldValue(row, Number.isFinite(value) ? value : row.default)];
      })),
      preset, isPresetEdited,
      target: isKnown ? target : (this.#options.targets[0] as StoreTarget).id,
    };
  }

  get #ceiling(): number {
    return this.#valuesOf(this.#now.target)[CEILING] as number;
  }

  /** What a target sets: the ceiling, and the loudness where it asks for one. */
  #valuesOf(target: string): Values {
    const { targets } = this.#options;
    const found = targets.find(({ id }) => id === target);
    if (found !== undefined) {
      const { ceilingDbtp, loudnessLufs } = found;
      return heldValues({ [CEILING]: ceilingDbtp, ...(loudnessLufs !== null && { [TARGET_LOUDNESS]: loudnessLufs }) });
    }
    const ids = targets.map(({ id }) => id);
    throw new RangeError(`There is no target "${target}".${suggestion(target, ids)} There are ${ids.join(", ")}.`);
  }

  /** The mark that setting `values` leaves on the preset. */
  #edited(values: Values): Pick<Labels, "isPresetEdited"> {
    const isOfSound = Object.entries(values).some(([id, value]) => !OF_THE_PLACE.has(id) && this.#now.values[id] !== value);
    return { isPresetEdited: this.#now.isPresetEdited || (isOfSound && this.#now.preset !== null) };
  }

  #change(wanted: Patch, source: string, gesture: string | null): void {
    this.#release(Object.keys(wanted.values));
    const difference = differenceOf(this.#now, wanted);
    if (difference === null) return;
    this.#apply(difference.after);
    this.#history.record({ difference, source, gesture, timeMs: this.#options.nowMs() });
    this.#tell(source, difference.after);
  }

  #replay(patch: Patch | undefined, source: string): boolean {
    if (patch === undefined) return false;
    this.#release(Object.keys(patch.values));
    this.#apply(patch);
    this.#tell(source, patch);
    return true;
  }

  /** Takes values out of a scene that is fading in: another hand has them now. */
  #release(ids: readonly string[]): void {
    this.#running?.fade.release(ids);
  }

  #apply({ values, ...labels }: Patch): void {
    this.#now = { ...this.#now, ...labels, values: { ...this.#now.values, ...values } };
  }

  /** Numbers a change and hands it to the listeners, after those that they are still being told of. */
  #tell(source: string, changed: StoreChange["state"]): void {
    const { canUndo, canRedo } = this.#history;
    const { values = {}, ...others } = changed;
    const state = {
      ...others,
      ...(Object.keys(values).length > 0 && { values }),
      ...(canUndo !== this.#canUndo && { canUndo }),
      ...(canRedo !== this.#canRedo && { canRedo }),
    };
    this.#canUndo = canUndo;
    this.#canRedo = canRedo;
    this.#unheard.push({ sequence: ++this.#sequence, source, state });
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let change = this.#unheard.shift(); change !== undefined; change = this.#unheard.shift()) this.#deliver(change);
    } finally {
      this.#isTelling = false;
    }
  }

  #deliver(change: StoreChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#options.onListenerError(error);
      }
    }
  }
}
