import { PARAMETERS } from "../../src/params/table.js";
import { formatRange, formatValue } from "../../src/params/values.js";

/** The table of parameters as a Markdown page: config/parameters.md holds it, `npm run docs:params` writes it. */
export function parametersDoc(): string {
  const stages = [...new Set(PARAMETERS.map((row) => row.id.split(".")[0] ?? ""))];
  const sections = stages.map((stage) => {
    const rows = PARAMETERS.filter((row) => row.id.startsWith(`${stage}.`)).map((row) => {
      const unit = row.kind === "number" ? row.unit : "";
      const range = row.kind === "number" ? `${row.min} to ${row.max}` : formatRange(row);
      return `| \`${row.id}\` | ${row.label} | ${unit} | ${range} | ${formatValue(row, row.default)} | ${row.sentence} |`;
    });
    return `## ${stage}\n\n| id | label | unit | range | default | what it does |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Parameters\n\nEvery adjustable value, in the order of the signal. \`npm run docs:params\` writes this page from src/params/table.ts.\n
${sections.join("\n")}`;
}
