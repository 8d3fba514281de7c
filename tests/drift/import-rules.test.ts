import { existsSync } from "node:fs";
import { ESLint } from "eslint";
import { expect, it } from "vitest";

const eslint = new ESLint({ overrideConfigFile: "tests/eslint.config.js" });

async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file });
  return result!.messages.filter(({ ruleId }) => ruleId !== null && !ruleId.startsWith("@")).map(({ message }) => message);
}

const TO_ENGINE = "../engine/chain.js";

it.each([
  ["src/params/x.ts", `import { Chain } from "${TO_ENGINE}";`],
  ["src/params/x.ts", `import type { Chain } from "${TO_ENGINE}";`],
  ["src/params/x.ts", `import "${TO_ENGINE}";`],
  ["src/params/x.ts", `export { Chain } from "${TO_ENGINE}";`],
  ["src/params/x.ts", `export * from "${TO_ENGINE}";`],
  ["src/params/x.ts", `await import("${TO_ENGINE}");`],
  ["src/params/x.ts", "const name = \"x\"; await import(name);"],
  ["src/params/x.ts", `type Chain = import("${TO_ENGINE}").Chain;`],
  ["src/params/x.ts", "import fs = require(\"node:fs\");"],
  ["src/params/x.ts", "require(\"node:fs\");"],
  ["src/params/x.ts", "import { setup } from \"./../engine/chain.js\";"],
  ["src/params/deep/x.ts", "import { setup } from \"../here/../../engine/chain.js\";"],
  ["src/params/x.js", `import "${TO_ENGINE}";`],
  ["src/params/x.ts", "globalThis.Date.now();"],
  ["src/params/x.ts", "Date.now();"],
  ["src/params/x.ts", "Math.random();"],
  ["src/params/x.ts", "import \"ws\";"],
  ["src/dsp/x.ts", "import { PARAMETERS } from \"../params/table\";"],
  ["src/hal/x.ts", "import { PARAMETERS } from \"../params/table.js\";"],
  ["src/meters/x.ts", "import { loadPreset } from \"../config/presets.js\";"],
  ["src/analysis/x.ts", `import "${TO_ENGINE}";`],
  ["src/protocol/x.ts", "import \"ws\";"],
  ["src/engine/x.ts", "import { Limiter } from \"../dsp/limiter\";"],
  ["src/engine/x.ts", "import { main } from \"../cli/main.js\";"],
  ["src/control/x.ts", `import "${TO_ENGINE}";`],
  ["src/config/x.ts", "import { openAudio } from \"../files/open-audio.js\";"],
  ["src/files/x.ts", "import { PARAMETERS } from \"../params/table.js\";"],
  ["src/files/x.ts", "import \"left-pad\";"],
  ["src/server/x.ts", "import \"../control/store.js\";"],
  ["src/dashboard/x.tsx", "import \"node:fs\";"],
  ["src/cli/x.ts", "import \"../dsp/layout.js\";"],
  ["src/cli/x.ts", "import \"../../hw/boards/sim.js\";"],
  ["src/cli/x.ts", "await import(\"../../hw/boards/sim.js\");"],
  ["src/cli/x.ts", "import \"../../tests/support/signals.js\";"],
  ["src/cli/x.ts", "import \"../bin/cli.js\";"],
  ["src/new-folder/x.ts", "import \"../params/table.js\";"],
  ["hw/sim/x.ts", `import "../../src/engine/chain.js";`],
  ["hw/sim/x.ts", `await import("../../src/engine/chain.js");`],
])("refuses in %s: %s", async (file, code) => {
  expect(existsSync(file)).toBe(false);
  expect(await complaints(file, code)).toHaveLength(1);
});

it.each([
  ["src/meters/x.ts", "import { PARAMETERS } from \"../params/table.js\";"],
  ["src/engine/x.ts", "import { METERS } from \"../dsp/layout.js\";"],
  ["src/files/x.ts", "import { readSync } from \"node:fs\";"],
  ["src/files/x.ts", "import { MPEGDecoder } from \"mpg123-decoder\";"],
  ["src/cli/x.ts", `import "${TO_ENGINE}";`],
  ["src/bin/x.ts", "import \"../../hw/boards/sim.js\";"],
  ["hw/sim/x.ts", "import type { AudioDevice } from \"../../src/hal/audio.js\";"],
])("lets %s have: %s", async (file, code) => {
  expect(await complaints(file, code)).toEqual([]);
});
