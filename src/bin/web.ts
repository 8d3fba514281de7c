import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { controlSocketPlaces } from "../config/folders.js";
import { WebGateway } from "../server/web-gateway.js";

/** systemd hands over sockets that are open already, beginning with this number (sd_listen_fds(3)). */
const FIRST_HANDED_FD = 3;
/** Boxes of one name on a network. */
const MAX_NAMESAKES = 8;
/** A process that has not ended by then, after SIGTERM, is ended. */
const LAST_MS = 1500;

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" }, name: { type: "string", multiple: true, default: [] } } });
const port = Number(values.port);
if (!/^\d+$/.test(values.port) || port > 65_535) {
  console.error(`--port is ${JSON.stringify(values.port)}; allowed 0 to 65535, where 0 takes a free one.`);
  process.exit(2);
}
// A name with a domain ("box.lan") is announced by its first label, with a number behind it where another has it (RFC 6762, 9).
const [host = ""] = hostname().split(".");
const gateway = new WebGateway({
  socketPaths: controlSocketPlaces(process.env),
  pageFolder: fileURLToPath(new URL("../../dashboard", import.meta.url)),
  names: ["localhost", hostname(), host, `${host}.local`, ...Array.from({ length: MAX_NAMESAKES }, (_, n) => `${host}-${n + 2}.local`), ...values.name],
  nowMs: () => performance.now(),
  log: (line) => console.log(line),
});
// Whoever reads the log may go away; the page is served on.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const end = (): never => process.exit(0);
let isStopping = false;
const stop = (why: string): void => {
  if (isStopping) return;
  isStopping = true;
  console.log(`The page ends: ${why}.`);
  setTimeout(end, LAST_MS).unref();
  void gateway.stop().then(end);
};
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
// The one who started it by a channel is gone.
process.once("disconnect", () => stop("the process that started it is gone"));

const isHanded = process.env["LISTEN_PID"] === String(process.pid) && process.env["LISTEN_FDS"] === "1";
try {
  await gateway.start(isHanded ? { fd: FIRST_HANDED_FD } : { port, host: "0.0.0.0" });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is taken by another program; take another one with --port N.`,
    EACCES: `This user may not open port ${port}; take one above 1023 with --port N.`,
  };
  console.error(remedies[code ?? ""] ?? `The page cannot be served on port ${port}: ${message}.`);
  // Started again at once, it would meet the same.
  process.exit(2);
}
const { address } = gateway;
const served = typeof address === "object" && address !== null ? address.port : port;
console.log(`The page is served on port ${served}.`);
// Whoever started it by a channel may tell people where to look.
process.send?.({ port: served });
