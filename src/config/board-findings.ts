import type { Board } from "../hal/board.js";
import type { LoadedConfig } from "./box-config.js";
import { soundProblems, takenAddresses, takenPins, unknownBoard } from "./board-problems.js";
import { ConfigError } from "./config-error.js";
import { readJsonFile } from "./files.js";
import { plainValue, type JsonNode } from "./json-source.js";

/**
 * What of a user's file does not go with the board: an id that no board has, pins and addresses that the board takes, a sample
 * rate or formats that it does not offer. Each with its line.
 * @param board - the board that carries the sound card; undefined while none is known
 */
export function boardFindings({ config, file, isFileUsed }: LoadedConfig, board: Board | undefined, boards: readonly Board[]): readonly ConfigError[] {
  if (file === undefined || !isFileUsed) return [];
  const document = readJsonFile(file);
  const at = (node: JsonNode | undefined, problem: string): ConfigError => new ConfigError(file, node?.line, problem);
  const isKnown = ["auto", "sim", ...boards.map(({ id }) => id)].includes(config.board);
  if (!isKnown) return [at(member(document, "board"), unknownBoard(config.board, boards))];
  if (board === undefined) return [];
  const own = controlNodes(document);
  const pins = takenPins(config.controls, board).filter(({ control }) => own.has(control.name))
    .map(({ control, problem }) => at(member(own.get(control.name), "pins"), problem));
  const settings = [...takenAddresses(config, board), ...soundProblems(config, board)].map(({ key, problem }) => {
    const [section = "", name = ""] = key.split(".");
    return at(member(member(document, section), name) ?? member(document, "board"), problem);
  });
  return [...settings, ...pins];
}

function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === "object" ? node.members.get(key) : undefined;
}

/** The controls that the file gives, by their names. */
function controlNodes(document: JsonNode): ReadonlyMap<string, JsonNode> {
  const list = member(document, "controls");
  const items = list?.kind === "array" ? list.items : [];
  return new Map(items.flatMap((item) => {
    const name = member(item, "name");
    const value = name && plainValue(name);
    return typeof value === "string" ? [[value, item] as const] : [];
  }));
}
