import { existsSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { POWER_OFF_FILE, powerOff } from "../../../hw/linux/power-off.js";
import { temporaryFolder } from "../../support/temp-folder.js";

const { path } = temporaryFolder();

it("leaves the file in the folder that the service manager made, and says so where there is none", async () => {
  const folder = mkdtempSync(join(path, "run"));
  await powerOff({ RUNTIME_DIRECTORY: folder });
  expect(existsSync(join(folder, POWER_OFF_FILE))).toBe(true);
  await expect(powerOff({})).rejects.toThrow("started by hand");
});
