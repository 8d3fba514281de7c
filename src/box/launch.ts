import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Supervisor } from "./supervisor.js";

/** V8 gives memory back in pauses that cost sound. The unit of the service has the same flags; a test compares them. */
export const BOX_NODE_FLAGS: readonly string[] = ["--no-memory-reducer"];

export interface LaunchOptions {
  /** Script of a process, such as dist/src/bin/box.js. */
  readonly script: URL;
  /** For people: "The box". */
  readonly name: string;
  readonly nodeFlags?: readonly string[];
  readonly argv: readonly string[];
  /** Takes what the process prints, and what is to be said about it. */
  readonly print: (text: string) => void;
  /** Takes what the process sends over its channel. */
  readonly onMessage?: (message: unknown) => void;
}

/** Makes a process that is started again when it fails; it ends by itself when this one is gone. */
export function launch({ script, name, nodeFlags = [], argv, print, onMessage = () => undefined }: LaunchOptions): Supervisor {
  return new Supervisor({
    name,
    say: (sentence) => print(`${sentence}\n`),
    spawn: (): ChildProcess => {
      // The channel tells the child, by its end, that nobody is left to stop it.
      const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(script), ...argv], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
      child.on("message", onMessage);
      child.stdout?.on("data", (text) => print(String(text)));
      child.stderr?.on("data", (text) => print(String(text)));
      return child;
    },
  });
}
