import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Time in which a container must have done its work, on a machine that does much else. */
const LIFE_MS = 240_000;

/** What a container is made of, beside the /usr of this machine, of which it has a copy of its own. */
export interface ContainerOptions {
  /** Folders of this machine that it sees read-only under the same path, or under "from:to". */
  readonly sees?: readonly string[];
  /** Text of files in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** What it does once systemd runs; its output is the answer. */
  readonly script: string;
}

const TRIAL_UNIT = `[Unit]
After=basic.target
[Service]
Type=oneshot
StandardOutput=file:/trial/out
StandardError=file:/trial/err
ExecStart=/trial/script
ExecStopPost=/bin/systemctl poweroff --force
TimeoutStartSec=${LIFE_MS / 1000}
`;

/** The files of /etc that a Debian needs to start. */
const HOST_FILES = ["passwd", "group", "nsswitch.conf", "ld.so.cache", "alternatives", "ssl", "os-release"];

function makeRoot(root: string, { files = {}, script }: ContainerOptions): void {
  chmodSync(root, 0o755);
  for (const folder of ["dev", "etc", "home", "opt", "proc", "root", "run", "sys", "tmp", "usr", "var/lib", "var/log", "trial"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const link of ["bin", "lib", "lib64", "sbin"]) symlinkSync(`usr/${link}`, join(root, link));
  for (const name of HOST_FILES) if (existsSync(`/etc/${name}`)) cpSync(`/etc/${name}`, join(root, "etc", name), { recursive: true, dereference: name === "os-release" });
  const own = {
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n", "etc/shadow": "root:*:1::::::\n",
    "etc/systemd/system/trial.service": TRIAL_UNIT, "trial/script": `#!/bin/bash\n${script}\n`,
  };
  for (const [path, text] of Object.entries({ ...own, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  chmodSync(join(root, "etc/shadow"), 0o640);
  chmodSync(join(root, "trial/script"), 0o755);
}

/**
 * Starts a container (systemd-nspawn) with systemd as its first process and a network of its own, lets it do its work, and
 * gives what the work printed. Needs root. Beside what nspawn grants by itself it may lock memory, so that this is left to
 * the units as well.
 *
 * @throws Error with everything that the container said, when the work did not end well
 */
export function runContainer(options: ContainerOptions): string {
  const root = mkdtempSync(join(tmpdir(), "lacquer-container-"));
  try {
    makeRoot(root, options);
    const seen = (options.sees ?? []).map((path) => `--bind-ro=${path}`);
    const { stdout, stderr } = spawnSync("systemd-nspawn", [
      "--quiet", "--register=no", "--keep-unit", "--private-network", "--capability=CAP_IPC_LOCK", "--system-call-filter=@memlock",
      // What is written over /usr is thrown away.
      "--overlay=/usr::/usr", ...seen, "-D", root, "--boot", "systemd.unit=trial.service", "systemd.firstboot=off",
    ], { encoding: "utf8", timeout: LIFE_MS, killSignal: "SIGKILL", stdio: ["ignore", "pipe", "pipe"] });
    const read = (name: string): string => (existsSync(join(root, "trial", name)) ? readFileSync(join(root, "trial", name), "utf8") : "");
    const out = read("out");
    if (!out.endsWith("\ndone\n")) throw new Error(["The container did not do its work:", stdout, stderr, out, read("err")].join("\n"));
    return out.slice(0, -"done\n".length);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
