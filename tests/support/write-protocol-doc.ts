import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { defaultConfigFile } from "../../src/config/files.js";
import { protocolDoc } from "./protocol-doc.js";

writeFileSync(`${dirname(defaultConfigFile())}/protocol.md`, protocolDoc());
