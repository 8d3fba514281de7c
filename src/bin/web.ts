import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { controlSocketPlaces } from "../config/folders.js";
import { WebGateway } from "../server/web-gateway.js";

/** systemd hands over sockets that are open already, beginning with this number (sd_listen_fds(3)). */
const FIRST_HANDED_FD = 3;

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" }, name: { type: "string", multiple: true, default: [] } } });
const port = Number(values.port);
if (!/^\d+$/.test(values.port) || port > 65_535) {
  console.error(`--port is ${JSON.stringify(values.port)}; allowed 0 to 65535, where 0 takes a free one.`);
  process.exit(2);
}
const gateway = new WebGateway({
  socketPaths: controlSocketPlaces(process.env),
  names: ["localhost", hostname(), `${hostname()}.local`, ...values.name],
  nowMs: () => performance.now(),
  log: (line) => console.log(line),
});
const stop = (): void => void gateway.stop().then(() => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
// The one who started it by a channel is gone.
process.once("disconnect", stop);

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
console.log(`The page is served on port ${typeof address === "object" && address !== null ? address.port : port}.`);
