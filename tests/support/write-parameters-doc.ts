import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { parametersDoc } from "./parameters-doc.js";

const folder = dirname(createRequire(import.meta.url).resolve("#config/targets.json"));
writeFileSync(`${folder}/parameters.md`, parametersDoc());
