import { realpathSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.js";
import type { BoxStatus } from "../../src/protocol/messages.js";
import { runContainer } from "../support/container.js";

const ROOT = realpathSync(join(import.meta.dirname, "..", ".."));
const NODE_MODULES = realpathSync(join(ROOT, "node_modules"));

/** Milliseconds of monotonic time, and the process of the box. */
const FUNCTIONS = `
now() { local up; read -r up _ </proc/uptime; echo $((\${up/./} * 10)); }
pid() { systemctl show -P MainPID lacquer-box; }
until_new() { local old=$1 begun; begun=$(now); for ((i = 0; i < 600; i++)); do
  [[ $(pid) != "$old" && $(pid) != 0 && $(systemctl show -P ActiveState lacquer-box) == active ]] && { echo $(($(now) - begun)); return; }; sleep 0.05; done; echo never; }
part() { printf '\\n@%s\\n' "$1"; }
`;

const SCRIPT = `
${FUNCTIONS}
cd /
exec 2>&1
part install; ${ROOT}/systemd/install.sh --no-packages --watch 3; echo "code $?"
part status; lacquer status --json
part doctor; lacquer doctor --json
part page; curl -sS --max-time 10 http://127.0.0.1/
part sockets; ss -Hltnu | awk '{ print $1, $5 }'
part visit; node ${ROOT}/dist/tests/support/visit.js /run/lacquer/control.sock 80
part kill; old=$(pid); lacquer set loudness.driveDb=7 >/dev/null; until grep -q '"loudness.driveDb":7[,}]' /var/lib/lacquer/sim/state-v1-? 2>/dev/null; do sleep 0.1; done; kill -9 "$old"; until_new "$old"
part value; lacquer get loudness.driveDb --json
part web; before=$(pid); web=$(systemctl show -P MainPID lacquer-web); [[ $web == 0 ]] || kill -9 "$web"; until [[ $(systemctl show -P MainPID lacquer-web) != "$web" && $(systemctl show -P ActiveState lacquer-web) == active ]]; do sleep 0.1; done; [[ $(pid) == "$before" ]] && echo untouched; curl -sS --max-time 10 -o /dev/null -w '%{http_code}\\n' http://127.0.0.1/
part hang; old=$(pid); kill -STOP "$old"; until_new "$old"; journalctl --no-pager -o cat -u lacquer-box | grep -c 'Watchdog timeout'
part update; cp -R /opt/lacquer/current/. /tmp/broken; ln -s /opt/lacquer/current/node_modules /tmp/broken/node_modules 2>/dev/null
echo 'process.exit(1)' >/tmp/broken/dist/src/bin/box.js; sed -i 's/"version": "[^"]*"/"version": "99.0.0"/' /tmp/broken/package.json
lacquer-update /tmp/broken --no-packages --watch 3; echo "code $?"
part list; lacquer-update --list; lacquer status --json | head -c 100 >/dev/null && echo answers
part port; ${ROOT}/systemd/install.sh --no-packages --watch 1 --port 8123 >/dev/null 2>&1; echo "code $?"; curl -sS --max-time 10 -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:8123/
part taken; node -e 'require("net").createServer().listen(8200)' & other=$!; until [[ -n $(ss -Hltn 'sport = :8200') ]]; do sleep 0.1; done
${ROOT}/systemd/install.sh --no-packages --watch 1 --port 8200; echo "code $?"; kill "$other"; systemctl show -P Listen lacquer-web.socket
part stop; systemctl stop lacquer-box; systemctl show -p Result,ExecMainCode,ExecMainStatus,ActiveExitTimestampMonotonic,InactiveEnterTimestampMonotonic lacquer-box
part uninstall; ${ROOT}/systemd/uninstall.sh; ls /opt /var/lib/lacquer/*; ls /etc/systemd/system; ${ROOT}/systemd/uninstall.sh && ${ROOT}/systemd/uninstall.sh --purge && [[ ! -e /var/lib/lacquer ]] && echo purged
part journal; journalctl --no-pager -u 'lacquer*'
echo; echo done
`;

/** There is no sound card; and long periods, for a machine that does much else and may not give real-time priority. */
const CONFIG = JSON.stringify({ version: 1, board: "sim", audio: { periodFrames: 1024, periods: 4 } });

/** Far longer than it takes; `until_new` gives up after half a minute. */
const PATIENCE_MS = 30_000;

let parts: Record<string, string>;
const part = (name: string): string => parts[name] ?? "";
const json = <T>(name: string): T => {
  try {
    return JSON.parse(part(name)) as T;
  } catch {
    throw new Error(`${name} printed: ${part(name)}\n${part("journal")}`);
  }
};

beforeAll(() => {
  const out = runContainer({ sees: [...new Set([ROOT, NODE_MODULES])], files: { "etc/lacquer/lacquer.json": CONFIG }, script: SCRIPT });
  parts = Object.fromEntries(out.split(/^@(?=\w+$)/m).slice(1).map((text) => {
    const [name = "", ...lines] = text.split("\n");
    return [name, lines.join("\n").trim()];
  }));
}, 300_000);

describe("the service under systemd", () => {
  it("is installed, ready, and watched for 3 s without a restart", () => {
    expect(part("install"), part("journal")).toMatch(/^code 0$/m);
  });

  it("plays on the simulated board, and says so to the command line", () => {
    const { audio } = json<BoxStatus>("status");
    expect(audio.state).toBe("running");
    expect(audio.format).toMatchObject({ periodFrames: 1024, periods: 4 });
    expect(audio.framesOut).toBeGreaterThan(0);
  });

  it("passes the doctor: the box runs, and nothing is a problem", () => {
    const findings = json<Finding[]>("doctor");
    expect(findings.filter(({ level }) => level === "problem")).toEqual([]);
    expect(findings.find(({ check }) => check === "Box")?.level).toBe("ok");
  });

  it("serves its page on port 80, from a process that has no network", () => {
    expect(part("page")).toMatch(/<!doctype html>/i);
  });

  it("listens on port 80 and nowhere else (F59)", () => {
    expect(part("sockets")).toMatch(/^tcp (\*|\[::\]|0\.0\.0\.0):80$/);
  });

  it("pairs a phone by that port, and keeps a file of 1 MB that the phone uploads", () => {
    expect(json("visit")).toEqual({ references: [{ name: "Visit", bytes: 1_000_000 }], phones: [{ name: "Visitor", isHere: true }] });
  });

  it("comes back after kill -9, with the value that was set before", () => {
    console.log(`ready again ${part("kill")} ms after kill -9`);
    expect(Number(part("kill"))).toBeLessThan(PATIENCE_MS);
    expect(json<Record<string, unknown>>("value")).toMatchObject({ "loudness.driveDb": 7 });
  });

  it("does not notice that its page is killed, and the page comes back", () => {
    expect(part("web")).toBe("untouched\n200");
  });

  it("is started again by the watchdog of 2 s when its process hangs", () => {
    const [ms, timeouts] = part("hang").split("\n");
    console.log(`ready again ${ms} ms after SIGSTOP`);
    expect(Number(ms)).toBeLessThan(PATIENCE_MS);
    expect(Number(timeouts)).toBeGreaterThanOrEqual(1);
  });

  it("goes back to the release before when a new one does not run, and says so", () => {
    expect(part("update")).toMatch(/release 99\.0\.0-\w+ has not shown that it runs; back to/);
    expect(part("update")).toMatch(/^code 1$/m);
    expect(part("list")).toMatch(/^\* (?!99)/m);
    expect(part("list")).toMatch(/answers$/);
  });

  it("moves its page to another port when it is installed again with one", () => {
    expect(part("port")).toBe("code 0\n200");
  });

  it("refuses a port that another program has before it changes anything, and names the program and the remedy", () => {
    expect(part("taken")).toMatch(/port 8200 is taken by node: end it, or choose another port with --port N\./);
    expect(part("taken")).toMatch(/^code 1$/m);
    expect(part("taken")).toContain(":8123 ");
  });

  it("stops by itself before systemd would kill it", () => {
    const shown = Object.fromEntries(part("stop").split("\n").map((line) => line.split("=") as [string, string]));
    const ms = (Number(shown["InactiveEnterTimestampMonotonic"]) - Number(shown["ActiveExitTimestampMonotonic"])) / 1000;
    console.log(`stopped in ${ms} ms by systemd's clock`);
    // CLD_EXITED is 1: it ended by itself.
    expect(shown).toMatchObject({ Result: "success", ExecMainCode: "1", ExecMainStatus: "0" });
    // 2 s, and one for a machine that does much else.
    expect(ms).toBeLessThan(3000);
  });

  it("is gone after uninstall.sh, but for its state, and may be uninstalled again, to purge that", () => {
    const left = part("uninstall");
    expect(left).toMatch(/state-v1-/);
    expect(left).not.toMatch(/lacquer-\w+\.(service|socket|timer)/);
    expect(left).toMatch(/^purged$/m);
  });
});
