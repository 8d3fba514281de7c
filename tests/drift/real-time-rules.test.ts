import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const eslint = new ESLint({ overrideConfigFile: "tests/eslint.config.js" });

/** What the lint says about a method `name` with this body in a file. */
async function objections(file: string, name: string, body: string): Promise<string[]> {
  const code = `export class Thing { list = 0; ${name}(): void { ${body} } }\n`;
  const [result] = await eslint.lintText(code, { filePath: file });
  return (result?.messages ?? []).filter((message) => message.ruleId === "no-restricted-syntax").map((message) => message.message);
}

describe("the lint of real-time code", () => {
  for (const body of ["this.list = new Array(3).length;", "this.list = [1].length;", "this.list = `${this.list}`.length;", "throw 1;",
    "(() => 1)();", "this.list = { a: 1 }.a;", "try { this.list = 1; } finally { this.list = 2; }"]) {
    it(`forbids "${body}" in the sound's loop and in what devices do for each period`, async () => {
      for (const [file, name] of [
        ["src/engine/block-loop.ts", "anything"], ["src/engine/load-watch.ts", "end"], ["src/engine/device-chain.ts", "processPeriod"],
        ["hw/alsa/alsa-audio.ts", "read"], ["hw/sim/sim-audio.ts", "write"], ["hw/sim/sim-relay.ts", "beat"], ["hw/linux/clock.ts", "read"],
      ] as const) expect(await objections(file, name, body), file).toHaveLength(1);
    });
  }

  it("lets plain arithmetic pass there, and these constructs elsewhere", async () => {
    expect(await objections("src/engine/block-loop.ts", "anything", "this.list = (this.list + 1) | 0;")).toEqual([]);
    expect(await objections("src/engine/engine.ts", "anything", "this.list = [1].length;")).toEqual([]);
    expect(await objections("hw/sim/sim-audio.ts", "open", "this.list = [1].length;")).toEqual([]);
  });
});
