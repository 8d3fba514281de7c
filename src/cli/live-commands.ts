import { learnCommand, platformsCommand, previewCommand } from "./level-commands.js";
import { logsCommand } from "./logs-command.js";
import { meterCommand } from "./meter-command.js";
import { pairCommand, phonesCommand } from "./pair-command.js";
import { referenceCommand } from "./reference-command.js";
import { referencesCommand } from "./references-command.js";
import { sceneCommand, sectionCommand, setListCommand } from "./scene-commands.js";
import { songCommand, songsCommand } from "./song-commands.js";
import { bypassCommand, latencyCommand, presetCommand, takeCommand, targetCommand } from "./sound-commands.js";
import { statusCommand } from "./status-command.js";
import type { Terminal } from "./terminal.js";
import { getCommand, resetCommand, setCommand, stepCommand } from "./value-commands.js";
import { watchCommand } from "./watch-command.js";

/** How the commands of the running box are called. */
export const LIVE_USAGE = `The box, while it runs (each with --json):
  lacquer status | meter [start|pause|reset] | watch
  lacquer get [PARAMETER...] | set PARAMETER=VALUE... | reset [PARAMETER...] | undo | redo
  lacquer bypass [STAGE|hard] [on|off] | preset [NAME] | target [NAME]
  lacquer scene [A|B|C|D [--fade SECONDS] | store A|B|C|D | fade A|B|C|D SECONDS]
  lacquer setlist [A|B|C|D... | next | previous | clear | follow hand|songs|sections] | section
  lacquer take [--seconds N] | latency | song [NAME] | songs [--csv] | logs
  lacquer learn [start|stop|cancel] | platforms | preview [PLATFORM|off]
  lacquer references [add FILE | rename NAME NEW | delete NAME]
  lacquer reference [arm|off | play [NAME] | mix | loop whole|loudest|FROM-TO | solo low|lowMid|highMid|high|all]
  lacquer pair [--view] | phones [forget NAME]
`;

type LiveCommand = (argv: readonly string[], terminal: Terminal) => Promise<unknown>;

/** The commands that ask the running box, by name. A number that one gives is the exit code. */
export const LIVE_COMMANDS: ReadonlyMap<string, LiveCommand> = new Map<string, LiveCommand>([
  ["status", statusCommand],
  ["get", getCommand],
  ["set", setCommand],
  ["reset", resetCommand],
  ["undo", stepCommand("undo")],
  ["redo", stepCommand("redo")],
  ["watch", watchCommand],
  ["meter", meterCommand],
  ["bypass", bypassCommand],
  ["preset", presetCommand],
  ["target", targetCommand],
  ["scene", sceneCommand],
  ["setlist", setListCommand],
  ["section", sectionCommand],
  ["take", takeCommand],
  ["latency", latencyCommand],
  ["song", songCommand],
  ["songs", songsCommand],
  ["learn", learnCommand],
  ["platforms", platformsCommand],
  ["preview", previewCommand],
  ["logs", logsCommand],
  ["references", referencesCommand],
  ["reference", referenceCommand],
  ["pair", pairCommand],
  ["phones", phonesCommand],
]);
