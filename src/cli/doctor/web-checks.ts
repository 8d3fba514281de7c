import { ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import { listProcesses, runsOur } from "./processes.js";

const SOCKET_UNIT = "/etc/systemd/system/lacquer-web.socket";
const SOCKET_PORT_FILE = `${SOCKET_UNIT}.d/port.conf`;
/** State of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";

/** The port of the installed service, or undefined. A later line replaces an earlier one. */
function servicePort(machine: Machine): number | undefined {
  const text = (machine.read(SOCKET_UNIT) ?? "") + (machine.read(SOCKET_PORT_FILE) ?? "");
  const port = [...text.matchAll(/^ListenStream=(\d+)$/gm)].at(-1)?.[1];
  return port === undefined ? undefined : Number(port);
}

function listens(machine: Machine, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].some((path) => (machine.read(path) ?? "").split("\n").some((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    return state === LISTENING && local.endsWith(`:${hex}`);
  }));
}

/** The port of the page for the phone. */
export function checkWebPort(machine: Machine, configuredPort: number): Finding[] {
  const installed = servicePort(machine);
  const port = installed ?? configuredPort;
  const isOurs = installed !== undefined || listProcesses(machine).some((process) => runsOur(process, "web"));
  if (listens(machine, port)) {
    if (isOurs) return [ok("Web page", `Port ${port} answers: open http://<this machine>${port === 80 ? "" : `:${port}`}/.`)];
    return [problem("Web page", `Another program listens on port ${port}.`, "End it, or choose another port: web.port or npm start -- --port N; for the service, install.sh --port N.")];
  }
  if (isOurs) return [warning("Web page", `Nothing listens on port ${port}.`, "systemctl start lacquer-web.socket; journalctl -u lacquer-web says why it ended.")];
  return [ok("Web page", `Port ${port} is free for it.`)];
}
