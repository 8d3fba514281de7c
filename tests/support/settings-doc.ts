import { BOARDS } from "../../hw/boards/boards.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { settingRules, settingValue } from "../../src/config/config-schema.js";
import { USUAL_CALIBRATION } from "../../src/control/panel/knob-filter.js";
import { PANEL_ACTIONS, PANEL_LIGHTS, type Control } from "../../src/hal/panel.js";

/** The boards beside which the panel hangs on other pins. */
const MOVED = BOARDS.filter(({ takenPins }) => takenPins.size > 0);

/** The settings of the box as a Markdown page: config/settings.md holds it, `npm run docs:settings` writes it. */
export function settingsDoc(): string {
  const { config } = loadBoxConfig(undefined);
  const rows = settingRules().map(([key, rule]) => {
    const value = settingValue(config, key);
    const initial = `\`${JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value)}\``;
    return `| \`${key}\` | ${rule.allowed} | ${key === "controls" ? "the panel below" : initial} | ${rule.sentence} |`;
  });
  return `# Settings

What a box can be told in its configuration file. \`npm run docs:settings\` writes this page from
src/config/config-schema.ts and config/default.json.

The file gives \`"version": 1\` and what it wants to change, and is found by \`--config FILE\`, by \`LACQUER_CONFIG\`, or as
\`lacquer.json\` in the configuration folder of the service, in \`/etc/lacquer\`, or in \`~/.config/lacquer\`; the first wins.
\`lacquer config check\` says all that is wrong with it, \`lacquer config show\` what holds and where it comes from.

\`\`\`json
{
  "version": 1,
  "audio": { "periodFrames": 128 },
  "start": { "target": "apple-music", "values": { "compressor.ratio": "2:1" } }
}
\`\`\`

| setting | allowed | default | what it is for |
|---|---|---|---|
${rows.join("\n")}

A control has a \`name\` and a \`kind\`:

- a \`button\` (1 pin, to ground): \`action\` or \`parameter\` is what a click does or switches, \`doubleClick\` an action, and
  \`holds\` a list of actions with the seconds after which each is meant; the longest takes effect then, the others when
  the button is let go. A click is shorter than 0.4 s;
- an \`encoder\` (2 pins, to ground): turns a \`parameter\`, quick turns further; \`stepsPerDetent\` is 4, 2 or 1;
- a \`knob\` (\`channel\` 0 to 3 of the converter): moves a \`parameter\` once it has met its value. One that does not
  reach the ends of its value has \`ends\`, what it reads at its own: the volts of its wiper by 4.096 V, [${USUAL_CALIBRATION.low}, ${USUAL_CALIBRATION.high}]
  by default;
- a \`led\` (1 pin): shows a \`parameter\`, or the \`light\` ${names(PANEL_LIGHTS)};
- the bypass \`relay\` (1 pin).

The actions are ${names(PANEL_ACTIONS)}. An encoder or a knob may have a \`taper\`, linear or log, of its own. A button or
an encoder that the kernel reads by an overlay has an \`inputDevice\` such as "rotary@5" and its \`code\` (0 and 256 by
default) in place of pins. Pins are BCM numbers 4 to 17 and 22 to 27: the rest belongs to the sound and the buses. No
pin, channel or name may be given twice.

Without a word in the file the panel is this one, on pins that the board leaves free. A control without pins has no room beside
that board. Controls of a file of your own stay on their pins, but for those on a pin that the board needs: they are left out, and
\`lacquer status\` names them.

| name | kind | does or shows | pins | ${names(MOVED.map(({ id }) => id)).replaceAll(",", " |")} |
|---|---|---|---|${"---|".repeat(MOVED.length)}
${config.controls.map(controlRow).join("\n")}

The boards, for \`board\`: \`auto\`, which knows them by their sound card, \`sim\`, and

${BOARDS.map(({ id, name }) => `- \`${id}\`: ${name}`).join("\n")}
`;
}

function names(list: readonly string[]): string {
  return list.map((name) => `\`${name}\``).join(", ");
}

function controlRow({ name, kind, pins, parameter, action, holds, light }: Control): string {
  const held = holds.map((hold) => `held for ${hold.afterS} s: ${hold.action}`);
  const purpose = [parameter ?? action ?? light ?? "", ...held].filter((text) => text !== "").join("; ");
  const places = [pins, ...MOVED.map((board) => board.pins.get(name) ?? [])].map((list) => list.join(", "));
  return `| ${name} | ${kind} | ${purpose || "wires the input to the output when it is not held"} | ${places.join(" | ")} |`;
}
