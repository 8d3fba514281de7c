import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { defaultConfigFile } from "../../src/config/files.js";
import { settingsDoc } from "./settings-doc.js";

writeFileSync(`${dirname(defaultConfigFile())}/settings.md`, settingsDoc());
