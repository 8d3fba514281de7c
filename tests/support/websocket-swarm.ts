import { createConnection } from "node:net";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

/**
 * A load: many clients that take in the meters, in a process of their own. Each second a line of JSON tells how many are
 * connected and how many snapshots came; SIGTERM ends it with a last line.
 *
 *   node dist/tests/support/websocket-swarm.js --socket /run/lacquer/control.sock [--clients 100] [--rate 30]
 *   node dist/tests/support/websocket-swarm.js --url ws://localhost:8080/live [--clients 100]
 */
const { values } = parseArgs({ options: {
  socket: { type: "string" }, url: { type: "string" }, clients: { type: "string", default: "100" }, rate: { type: "string", default: "30" },
} });
const { socket: path, url } = values;
if ((path === undefined) === (url === undefined)) throw new Error("Name the load's aim: --socket PATH or --url ws://HOST:PORT/live.");

const count = { connected: 0, closed: 0, snapshots: 0, bytes: 0 };

function open(): WebSocket {
  if (path !== undefined) return new WebSocket("ws://box/swarm", { createConnection: () => createConnection(path) });
  const { host } = new URL(url ?? "");
  return new WebSocket(url ?? "", { origin: `http://${host}` });
}

function client(): void {
  const socket = open();
  socket.on("open", () => {
    count.connected++;
    if (path !== undefined) socket.send(JSON.stringify({ id: 1, command: "subscribeMeters", maxRateHz: Number(values.rate) }));
  });
  socket.on("message", (data, isBinary) => {
    if (isBinary) {
      count.bytes += (data as Buffer).length;
      count.snapshots++;
      return;
    }
    const text = String(data);
    count.bytes += text.length;
    const message = JSON.parse(text) as { readonly type: string; readonly frame?: number };
    if (message.type !== "meters") return;
    count.snapshots++;
    if (message.frame !== undefined) socket.send(`{"drawn":${message.frame}}`);
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
