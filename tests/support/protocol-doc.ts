import { readFileSync } from "node:fs";
import ts from "typescript";
import { PARAMETERS } from "../../src/params/table.js";
import { MAX_COMMAND_BYTES, MAX_METER_RATE_HZ, type ReadCommand } from "../../src/protocol/commands.js";
import { PROTOCOL_VERSION, type CommandName } from "../../src/protocol/messages.js";
import { UPLOAD_WINDOW_BYTES, MAX_CHUNK_BYTES } from "../../src/protocol/upload-wire.js";
import { METER_WIRE_VERSION } from "../../src/protocol/meter-wire.js";
import { LOCAL_COMMANDS, MAX_PHONES, mayPhone } from "../../src/protocol/phones.js";
import { MAX_REFERENCE_BYTES, MAX_REFERENCES } from "../../src/protocol/references.js";

const FOLDER = "src/protocol";

function source(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(`${FOLDER}/${file}`, "utf8"), ts.ScriptTarget.ES2022, true);
}

/** Text of a comment as one line, without its stars. */
function commentOf(node: ts.Node): string {
  return ts.getJSDocCommentsAndTags(node).map((comment) => (ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) ?? "" : ""))
    .join(" ").replace(/\s+/g, " ").trim();
}

/** A type as it is written, on one line and without what only the compiler wants to know. */
function shortText(node: ts.Node): string {
  const text = node.getText().replace(/readonly /g, "").replace(/\s+/g, " ").replace(/\breadonly\b/g, "");
  return text === "object" ? "{}" : text.replace(/; }/g, " }");
}

interface CommandRow {
  readonly name: string;
  readonly takes: string;
  readonly answers: string;
  readonly sentence: string;
}

function commandRows(file: ts.SourceFile): CommandRow[] {
  const commands = file.statements.find((node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === "Commands");
  if (commands === undefined) throw new Error("There is no interface Commands.");
  return commands.members.map((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined || !ts.isTypeLiteralNode(member.type)) throw new Error(member.getText());
    const part = (name: string): string => {
      const found = (member.type as ts.TypeLiteralNode).members.find((field) => field.name?.getText() === name);
      if (found === undefined || !ts.isPropertySignature(found) || found.type === undefined) throw new Error(`${member.getText()} lacks ${name}.`);
      return shortText(found.type);
    };
    return { name: member.name.getText(), takes: part("in"), answers: part("out"), sentence: commentOf(member) };
  });
}

/** Who may give a command. */
function rightOf(name: string): string {
  const command = name as CommandName;
  if (LOCAL_COMMANDS.has(command)) return "the box alone";
  const looks = mayPhone({ id: "x", role: "view" }, { command, input: {} } as ReadCommand);
  const looksForItself = mayPhone({ id: "x", role: "view" }, { command, input: { phone: "x" } } as ReadCommand);
  if (looks) return "every phone";
  return looksForItself ? "control, or the phone itself" : "control";
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|");
}

function commandTable(rows: readonly CommandRow[]): string {
  const lines = rows.map(({ name, takes, answers, sentence }) =>
    `| \`${name}\` | ${rightOf(name)} | ${takes === "{}" ? "" : `\`${cell(takes)}\``} | ${answers === "{}" ? "" : `\`${cell(answers)}\``} | ${cell(sentence)} |`);
  return `| command | who may | takes | answers | what it does |\n|---|---|---|---|---|\n${lines.join("\n")}\n`;
}

/** The declarations of these names, as they are written. */
function declarations(file: ts.SourceFile, names: readonly string[]): string {
  const texts = names.map((name) => {
    const found = file.statements.find((node) => (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.name.text === name);
    if (found === undefined) throw new Error(`${file.fileName} declares no ${name}.`);
    return found.getFullText().trim().replace(/^export /m, "").replace(/readonly /g, "");
  });
  return `\`\`\`ts\n${texts.join("\n\n")}\n\`\`\`\n`;
}

function headComment(file: ts.SourceFile, name: string): string {
  const text = file.text;
  const at = text.indexOf(`export const ${name}`);
  const comment = text.slice(text.lastIndexOf("/**", at) + 3, text.lastIndexOf("*/", at));
  return comment.split("\n").map((line) => line.replace(/^ \* ?/, "")).join("\n").trim();
}

/** The protocol as a Markdown page: config/protocol.md holds it, `npm run docs:protocol` writes it. */
export function protocolDoc(): string {
  const [messages, meters, phones, frames, handshake, wire] = ["messages.ts", "meter-snapshot.ts", "phones.ts", "phone-frames.ts", "handshake.ts", "meter-wire.ts"]
    .map(source) as [ts.SourceFile, ts.SourceFile, ts.SourceFile, ts.SourceFile, ts.SourceFile, ts.SourceFile];
  const example = PARAMETERS.find(({ id }) => id === "compressor.ratio")?.id ?? "";
  return `# Protocol

Version ${PROTOCOL_VERSION} of what the box, its command line, the web process and the phones say to each other. \`npm run docs:protocol\` writes
this page from the types in src/protocol; both ends check every message against them.

## On the box: the control socket

A WebSocket on the unix socket \`/run/lacquer/control.sock\` (\`lacquer config path\` says where else it may be); the path that is
asked for is what the client calls itself, such as \`/cli\`. The box speaks first: a welcome with the whole state. Then come
changes, each with the number that follows; whoever misses one connects anew. Commands are answered in their order, with the
value that holds then or with an error that names the value, what is allowed and the remedy. A command has ${MAX_COMMAND_BYTES} bytes at most.

\`\`\`json
{"id": 1, "command": "set", "values": {"${example}": "4:1"}}
{"type": "answer", "id": 1, "ok": true, "result": {"values": {"${example}": 4}}}
{"type": "change", "sequence": 8, "source": "cli", "state": {"values": {"${example}": 4}, "canUndo": true}}
{"type": "answer", "id": 2, "ok": false, "error": {"code": "badValue", "sentence": "${example} is 99; allowed 1:1 to 20:1.", "parameter": "${example}"}}
\`\`\`

## From a phone: /live

The page is served over plain http, and everything after the handshake is sealed: what is sent can be neither read, nor
changed, nor replayed. At most ${MAX_PHONES} phones are paired, and as many may be there.

${headComment(handshake, "HANDSHAKE_KINDS")}

Then every message is one binary frame, sealed with ChaCha20-Poly1305: a key for each direction, the number of the frame as
the nonce, no other header. The first byte of what is in it says what follows: 0 the JSON of the control socket, 1 the meters, 2 JSON
between the phone and the web process, 3 a chunk of a file. A frame that does not open ends the connection. A new phone says \`{"name": "..."}\` to the web process
first and gets \`paired\`; each phone says \`{"drawn": n}\` when n snapshots since the handshake are on its screen, and is sent three more at most.

${declarations(frames, ["LinkMessage", "PairedMessage", "ForgottenMessage"])}
Closed with ${closeCodes(frames)}.

## Commands

Beside its own fields each has \`id\`, a whole number that the answer carries, and \`command\`.

${commandTable(commandRows(messages))}
${declarations(messages, ["CommandError", "BoxStatus", "PresetEntry", "PresetFile", "TargetEntry", "Song", "Take", "Reference", "ReferenceState", "ReferenceSound", "ReferenceLoop", "SoloBand",
  "Comparison"])}
${declarations(source("levels.ts"), ["LoudnessHistory", "PlatformReading", "PlatformReadings", "LimitingCost", "LearnPlan", "LearnState", "PreviewState", "LevelsState"])}
${declarations(source("mix-comparison.ts"), ["MixReading", "MixComparison", "ComparedCurve", "ComparedFigure", "MatchPreview", "AppliedMatch"])}
${declarations(source("scenes.ts"), ["SetList"])}
${declarations(phones, ["Phone", "PairingOffer", "NewPhone"])}
## What the box tells

${declarations(messages, ["WelcomeMessage", "ControlState", "ChangeMessage", "NoticeMessage", "PhonesMessage", "PresetsMessage", "ReferencesMessage",
  "ComparisonMessage", "UploadMessage"])}
${declarations(source("levels.ts"), ["LevelsMessage"])}
${declarations(source("diagnosis.ts"), ["DiagnosisMessage", "Finding", "Remedy"])}
## Files to the box

A reference track is uploaded by \`startUpload\`, its chunks, and \`finishUpload\`; one at a time on a connection. A chunk is bytes: the number
of the upload and the position in the file, 32 bits each and little-endian, and 1 to ${MAX_CHUNK_BYTES} bytes of the file. On the control socket
it is a binary message, from a phone a frame of its kind. No more than ${UPLOAD_WINDOW_BYTES} bytes may be under way beyond what the box says
by \`upload\` that it has on its disk; whoever sends more, or a chunk out of its turn, is disconnected. What is not finished is thrown away when
the connection ends, or when nothing came for 30 s. The box takes WAV, FLAC, MP3 and Ogg, which it sees by the first chunk, ${MAX_REFERENCE_BYTES / 1e6} MB
at most, and ${MAX_REFERENCES} tracks.

## The meters

Sent to whoever subscribed, at most as often as was asked for (1 to ${MAX_METER_RATE_HZ} Hz); the newest wins, and what a slow client left out is
in the largest values of the next. On the wire they are bytes, form ${METER_WIRE_VERSION}. ${headComment(wire, "METER_WIRE_VERSION")}

FIGURES are ${figures(wire)}.

${declarations(meters, ["MeterSnapshot", "TapLevels", "StageLevels", "Spectrum", "Goniometer"])}`;
}

function closeCodes(file: ts.SourceFile): string {
  return [...file.text.matchAll(/export const CLOSE_(\w+) = (\d+);/g)].map(([, name = "", code]) => `${code} (${name.toLowerCase().replace(/_/g, " ")})`).join(", ");
}

function figures(file: ts.SourceFile): string {
  const [, list = ""] = /const FIGURES = \[([^\]]*)\]/.exec(file.text) ?? [];
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name).join(", ");
}
