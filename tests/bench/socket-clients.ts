import { openControlLink } from "../../src/server/control-link.js";

/** Connects many clients to a control socket, each with 30 meter readings a second: `socket-clients PATH COUNT`. */
const [, , path = "", count = "0"] = process.argv;
const RATE_HZ = 30;

let readings = 0;
const links = await Promise.all(Array.from({ length: Number(count) }, () => openControlLink({ path, source: "bench" })));
for (const link of links) {
  link.listen((event) => {
    if (event.type === "meters") readings++;
  });
  await link.command("subscribeMeters", { maxRateHz: RATE_HZ });
}
process.on("SIGTERM", () => {
  process.stdout.write(`${JSON.stringify({ clients: links.length, readings })}\n`);
  process.exit(0);
});
process.stdout.write("ready\n");
