import type { AxeResults } from "axe-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** What can be touched and is smaller than a wet finger needs, but for what is not shown. */
const SMALL_TARGETS = `[...document.querySelectorAll("button, input, [role=slider]")]
  .filter((element) => element.offsetParent !== null).map((element) => [element.getBoundingClientRect(), element.outerHTML])
  .filter(([box]) => box.width < 48 || box.height < 48).map(([box, html]) => box.width + " x " + box.height + " " + html.slice(0, 120))`;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on a page, and whether it is wider than the screen or has targets that are too small. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  if (!await page.evaluate("'axe' in window")) await page.evaluate(AXE);
  let result: AxeResults;
  // Stale figures are faint on purpose: what was looked at meanwhile does not count.
  do {
    await page.locator(".shell:not(.stale)").waitFor();
    result = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })") as AxeResults;
  } while (await page.locator(".shell.stale").count() > 0);
  const isFitting = await page.evaluate("[document.documentElement, ...document.querySelectorAll('dialog')].every((box) => box.scrollWidth <= box.clientWidth)") as boolean;
  // Figures change all the time: only how all stands is a status to a screen reader.
  const statuses = await page.getByRole("status").count();
  const small = await page.evaluate(SMALL_TARGETS) as readonly string[];
  return [
    ...result.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ""}`), ...(isFitting ? [] : ["is wider than the screen"]),
    ...(statuses > 1 ? [`${statuses} statuses`] : []),
    ...small.map((html) => `small: ${html}`),
  ];
}
