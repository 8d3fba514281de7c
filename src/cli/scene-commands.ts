import { sameName, suggestion } from "../params/nearest.js";
import { MAX_FADE_S, SCENES, SET_LIST_FOLLOWS, type SceneName, type SetList } from "../protocol/scenes.js";
import { numberOption, readArguments } from "./arguments.js";
import { withBox } from "./box-link.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const SCENE_USAGE = "lacquer scene [A|B|C|D | store A|B|C|D | fade A|B|C|D SECONDS] [--fade SECONDS] [--json]";
const LIST_USAGE = "lacquer setlist [A|B|C|D... | next | previous | clear | follow hand|songs|sections] [--json]";

function sceneOf(word: string | undefined): SceneName {
  const scene = SCENES.find((name) => name === word?.toUpperCase());
  if (scene === undefined) throw new UsageError(`The scene is "${word ?? ""}"; allowed ${SCENES.join(", ")}.`);
  return scene;
}

/** `lacquer scene`: recalls a scene, at once or over some seconds, stores one, sets its time, or lists what is stored. */
export async function sceneCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { values: ["fade"], switches: ["json"] });
  const [first, ...others] = options.files;
  const isJson = options.isOn("json");
  const fade = options.value("fade");
  const say = (answer: unknown, sentence: string): void => terminal.out(isJson ? jsonText(answer) : sentence);
  if (first === undefined) {
    await withBox(terminal, ({ welcome: { state: { scenes, sceneFadesS } } }) => {
      say({ scenes, sceneFadesS }, `Stored: ${scenes.map((name) => `${name}${sceneFadesS[name] > 0 ? ` (over ${sceneFadesS[name]} s)` : ""}`).join(", ") || "none"}\n`);
      return Promise.resolve();
    });
  } else if (first === "store") {
    const scene = sceneOf(others[0]);
    refuseWords(others.slice(1), SCENE_USAGE);
    await withBox(terminal, async (box) => {
      await box.command("storeScene", { scene });
      say({ scene }, `Scene ${scene} holds what sounds now.\n`);
    });
  } else if (first === "fade") {
    const scene = sceneOf(others[0]);
    const fadeS = numberOption("fade", others[1] ?? "", 0, MAX_FADE_S);
    refuseWords(others.slice(2), SCENE_USAGE);
    await withBox(terminal, async (box) => {
      await box.command("setSceneFade", { scene, fadeS });
      say({ scene, fadeS }, `Scene ${scene} fades in over ${fadeS} s.\n`);
    });
  } else {
    const scene = sceneOf(first);
    refuseWords(others, SCENE_USAGE);
    const over = fade === undefined ? {} : { fadeS: numberOption("fade", fade, 0, MAX_FADE_S) };
    await withBox(terminal, async (box) => {
      const { values } = await box.command("recallScene", { scene, ...over });
      say(values, `Scene ${scene} is recalled; lacquer undo takes it back.\n`);
    });
  }
}

function listText({ scenes, at, follows }: SetList): string {
  const names = scenes.map((name, place) => (place === at ? `[${name}]` : name)).join(" ");
  const follower = follows === "hand" ? "stepped by hand" : follows === "songs" ? "stepped by each new song" : "stepped by each song and section";
  return `Set list: ${names || "empty"}; ${follower}\n`;
}

/** `lacquer setlist`: shows the set list, writes it, steps it, or says what steps it. */
export async function setListCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  const [first, ...others] = options.files;
  const show = (setList: SetList): void => terminal.out(options.isOn("json") ? jsonText(setList) : listText(setList));
  if (first === "follow") {
    const [word, ...surplus] = others;
    const follows = SET_LIST_FOLLOWS.find((name) => name === sameName(word ?? "", SET_LIST_FOLLOWS));
    if (follows === undefined) throw new UsageError(`The set list cannot follow "${word ?? ""}".${suggestion(word ?? "", SET_LIST_FOLLOWS)} Allowed ${SET_LIST_FOLLOWS.join(", ")}.`);
    refuseWords(surplus, LIST_USAGE);
    await withBox(terminal, async (box) => show((await box.command("setSetList", { follows })).setList));
  } else if (first === "next" || first === "previous") {
    refuseWords(others, LIST_USAGE);
    await withBox(terminal, async (box) => show((await box.command("stepSetList", { direction: first })).setList));
  } else if (first === undefined) {
    await withBox(terminal, (box) => Promise.resolve(show(box.welcome.state.setList)));
  } else {
    const scenes = first === "clear" ? [] : options.files.map(sceneOf);
    if (first === "clear") refuseWords(others, LIST_USAGE);
    await withBox(terminal, async (box) => show((await box.command("setSetList", { scenes })).setList));
  }
}

/** `lacquer section [--json]`: marks that a section of the song begins. */
export async function sectionCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer section [--json]");
  await withBox(terminal, async (box) => {
    const { setList } = await box.command("markSection", {});
    terminal.out(options.isOn("json") ? jsonText(setList) : `The section is marked. ${listText(setList)}`);
  });
}
