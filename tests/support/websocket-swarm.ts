import { createConnection } from "node:net";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

/**
 * A load: many clients of the control socket that take in the meters, in a process of their own. Each second a line of JSON
 * tells how many are connected and how many snapshots came; SIGTERM ends it with a last line. Phones: tests/bench/phone-clients.ts.
 *
 *   node dist/tests/support/websocket-swarm.js --socket /run/lacquer/control.sock [--clients 100] [--rate 30]
 */
const { values } = parseArgs({ options: { socket: { type: "string" }, clients: { type: "string", default: "100" }, rate: { type: "string", default: "30" } } });
const { socket: path } = values;
if (path === undefined) throw new Error("Name the load's aim: --socket PATH.");

const count = { connected: 0, closed: 0, snapshots: 0, bytes: 0 };

function client(): void {
  const socket = new WebSocket("ws://box/swarm", { createConnection: () => createConnection(path as string) });
  socket.on("open", () => {
    count.connected++;
    socket.send(JSON.stringify({ id: 1, command: "subscribeMeters", maxRateHz: Number(values.rate) }));
  });
  socket.on("message", (data, isBinary) => {
    count.bytes += (data as Buffer).length;
    if (isBinary) count.snapshots++;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => count.closed++);
}

const report = (): void => console.log(JSON.stringify({ seconds: Math.round(performance.now() / 1000), ...count }));
for (let n = 0; n < Number(values.clients); n++) client();
setInterval(report, 1000);
process.once("SIGTERM", () => {
  report();
  process.exit(0);
});
