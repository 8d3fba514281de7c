import { loadBoxConfig } from "../../src/config/box-config.js";
import { settingRules, settingValue } from "../../src/config/config-schema.js";

/** The settings of the box as a Markdown page: config/settings.md holds it, `npm run docs:settings` writes it. */
export function settingsDoc(): string {
  const { config } = loadBoxConfig(undefined);
  const rows = settingRules().map(([key, rule]) => {
    const value = settingValue(config, key);
    const initial = JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
    return `| \`${key}\` | ${rule.allowed} | \`${initial}\` | ${rule.sentence} |`;
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

A control has a \`name\` and a \`kind\`: a \`button\` (1 pin, with a \`parameter\` or an \`action\`), an \`encoder\` (2 pins, with a
\`parameter\`), a \`knob\` (\`channel\` 0 to 3 of the converter, with a \`parameter\`), a \`led\` (1 pin, with the \`parameter\` that
it shows) or the bypass \`relay\` (1 pin). Pins are BCM numbers 4 to 17 and 22 to 27: the rest belongs to the sound and
the buses. No pin, channel or name may be given twice.
`;
}
