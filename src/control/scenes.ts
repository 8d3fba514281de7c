import { differenceOf, type Adjustments } from "./adjustments.js";
import { fadeTime } from "./scene-fade.js";
import { SCENE_NAMES, type SceneName } from "./store-change.js";

/** What the four scenes hold, and what people call them. A change that changes nothing answers false. */
export class Scenes {
  readonly #held = new Map<SceneName, Adjustments>();
  readonly #names = new Map<SceneName, string>();
  readonly #fadesS = new Map<SceneName, number>();

  /** Scenes that hold something, in their order. */
  get list(): readonly SceneName[] {
    return SCENE_NAMES.filter((scene) => this.#held.has(scene));
  }

  /** The name of each scene; empty where it has none. */
  get names(): Readonly<Record<SceneName, string>> {
    return Object.fromEntries(SCENE_NAMES.map((scene) => [scene, this.#names.get(scene) ?? ""])) as Record<SceneName, string>;
  }

  /** Seconds over which each scene fades in; 0 where nothing was said. */
  get fadesS(): Readonly<Record<SceneName, number>> {
    return Object.fromEntries(SCENE_NAMES.map((scene) => [scene, this.#fadesS.get(scene) ?? 0])) as Record<SceneName, number>;
  }

  /** All that is held, for the state file. */
  get all(): Readonly<Partial<Record<SceneName, Adjustments>>> {
    return Object.fromEntries(this.#held);
  }

  /** What a scene holds. @throws RangeError when it is empty */
  held(scene: SceneName): Adjustments {
    const held = this.#held.get(scene);
    if (held === undefined) throw new RangeError(`Scene ${scene} is empty; store it first.`);
    return held;
  }

  /** Keeps `now` in a scene; what it held before is gone. */
  store(scene: SceneName, now: Adjustments): boolean {
    const before = this.#held.get(scene);
    if (before !== undefined && differenceOf(before, now) === null) return false;
    this.#held.set(scene, now);
    return true;
  }

  /** Gives a scene a name, or none. @throws RangeError when it is empty */
  rename(scene: SceneName, name: string): boolean {
    this.held(scene);
    if ((this.#names.get(scene) ?? "") === name) return false;
    this.#names.set(scene, name);
    return true;
  }

  /** Sets the seconds over which a scene fades in, 0 to 10. @throws RangeError when it is empty, or the time is another */
  setFade(scene: SceneName, fadeS: number): boolean {
    this.held(scene);
    const seconds = fadeTime(fadeS);
    if ((this.#fadesS.get(scene) ?? 0) === seconds) return false;
    this.#fadesS.set(scene, seconds);
    return true;
  }

  /** Empties a scene; its name and its time go with what it held. */
  clear(scene: SceneName): boolean {
    this.#names.delete(scene);
    this.#fadesS.delete(scene);
    return this.#held.delete(scene);
  }
}
