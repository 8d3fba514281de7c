import { mkdirSync, writeFileSync } from "node:fs";
import { hardwareDoc, hardwareDrawings } from "./hardware-doc.js";

mkdirSync("hw/drawings", { recursive: true });
writeFileSync("hw/README.md", hardwareDoc());
for (const [file, drawing] of hardwareDrawings()) writeFileSync(`hw/drawings/${file}`, drawing);
