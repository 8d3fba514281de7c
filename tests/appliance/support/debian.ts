import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotBeHad } from "./cannot-be-had.js";
import { cached, keyOf } from "./cache.js";

/** The kernel of Raspberry Pi OS is of this series. */
const KERNEL_SERIES = "6.12";
/** What this machine needs to build and to run the other; what it has already is not fetched. */
const TOOLS = ["qemu-system-arm", "gcc-aarch64-linux-gnu", "g++-aarch64-linux-gnu", "make", "kmod", "xz-utils"];
/** What the other machine is made of, beside its kernel. */
const USERLAND = ["libc6:arm64", "libgcc-s1:arm64", "libstdc++6:arm64", "libasound2-dev:arm64", "libasound2-data", "busybox-static:arm64"];
/** Files of the kernel's source that Debian builds no modules of, or that are built in another way. */
export const KERNEL_FILES = ["drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c", "sound/drivers/aloop.c"] as const;

/** Unpacked Debian packages. Nothing of them is installed. */
export interface DebianParts {
  /** Programs of this machine: the emulator and the compiler. */
  readonly tools: string;
  /** Headers of the kernel, with what builds its modules. */
  readonly headers: string;
  /** Root of the other machine: its kernel, and its libraries. */
  readonly root: string;
  /** The KERNEL_FILES in their folders. */
  readonly source: string;
  /** Version of the kernel, such as 6.12.90+deb12-arm64. */
  readonly kernel: string;
}

/** apt with lists and packages of its own, for both architectures; what is installed here counts as there. */
class PrivateApt {
  readonly #folder: string;
  readonly #options: readonly string[];

  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ["state/lists/partial", "cache/archives/partial", "downloads"]) mkdirSync(join(folder, name), { recursive: true });
    this.#options = [
      "-qq", "-o", `Dir::State=${folder}/state`, "-o", "Dir::State::status=/var/lib/dpkg/status", "-o", `Dir::Cache=${folder}/cache`,
      "-o", "APT::Architectures::=amd64", "-o", "APT::Architectures::=arm64", "-o", "APT::Sandbox::User=root",
      "-o", "Acquire::Languages=none", "-o", "Debug::NoLocking=true",
    ];
  }

  update(): void {
    // A source that does not have both architectures fails, and is no concern of ours.
    try {
      this.#run("apt-get", ["update"]);
    } catch {
      return;
    }
  }

  /** Names of packages, the newest last. */
  search(pattern: string): string[] {
    const names = this.#run("apt-cache", ["search", "--names-only", pattern]).split("\n").map((line) => line.split(" ")[0] ?? "");
    return names.filter((name) => name !== "").sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  }

  /** Fetches packages, and those that they need and this machine does not have. Returns their files. */
  fetchTools(packages: readonly string[]): string[] {
    this.#run("apt-get", ["install", "--download-only", "--no-install-recommends", "--yes", ...packages]);
    return filesIn(join(this.#folder, "cache", "archives"));
  }

  /** Fetches these packages alone, of any architecture. Returns their files. */
  fetch(packages: readonly string[]): string[] {
    const folder = join(this.#folder, "downloads");
    const before = new Set(filesIn(folder));
    this.#run("apt-get", ["download", ...packages], folder);
    return filesIn(folder).filter((file) => !before.has(file));
  }

  #run(program: string, words: readonly string[], cwd = this.#folder): string {
    return execFileSync(program, [...this.#options, ...words], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C.UTF-8" } });
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".deb")).map((name) => join(folder, name));
}

/** The packages of Debian, from the cache or fetched. @throws CannotBeHad where there is no Debian or no way to its packages */
export function debianParts(): DebianParts {
  if (process.arch !== "x64" || process.platform !== "linux") throw new CannotBeHad("the machine is built on x86-64 Linux alone");
  const release = debianRelease();
  const key = keyOf(release, readFileSync(import.meta.filename));
  return partsIn(cached("debian", key, fetchParts));
}

function debianRelease(): string {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const id = /^ID="?(\w+)/m.exec(text)?.[1];
  const version = /^VERSION_ID="?(\d+)/m.exec(text)?.[1];
  if (id !== "debian" || version === undefined) throw new CannotBeHad("its parts come from the packages of Debian, and this is not Debian");
  return version;
}

function partsIn(folder: string): DebianParts {
  const path = (name: string): string => join(folder, name);
  return { tools: path("tools"), headers: path("headers"), root: path("root"), source: path("source"), kernel: readFileSync(path("kernel"), "utf8") };
}

function fetchParts(folder: string): void {
  const apt = new PrivateApt(join(folder, "apt"));
  try {
    apt.update();
    const kernel = apt.search(`^linux-image-${KERNEL_SERIES.replace(".", "\\.")}\\.[0-9]+\\+deb[0-9]+-arm64$`).at(-1)?.slice("linux-image-".length);
    if (kernel === undefined) throw new CannotBeHad(`apt offers no kernel ${KERNEL_SERIES} for arm64 (is there a network?)`);
    const version = kernel.slice(0, -"-arm64".length);
    writeFileSync(join(folder, "kernel"), kernel);
    unpack(apt.fetchTools([...TOOLS, `linux-kbuild-${version}`]), join(folder, "tools"));
    unpack(apt.fetch([`linux-kbuild-${version}`, `linux-headers-${version}-common`, `linux-headers-${kernel}:arm64`]), join(folder, "headers"));
    const sound = apt.search("^libasound2t64$").length > 0 ? "libasound2t64" : "libasound2";
    unpack(apt.fetch([...USERLAND, `${sound}:arm64`, `linux-image-${kernel}:arm64`]), join(folder, "root"));
    unpackSource(apt.fetch([`linux-source-${KERNEL_SERIES}`])[0] ?? "", join(folder, "source"));
  } catch (error) {
    throw error instanceof CannotBeHad ? error : new CannotBeHad(`the packages of Debian cannot be fetched: ${textOf(error)}`);
  } finally {
    rmSync(join(folder, "apt"), { recursive: true, force: true });
  }
}

function textOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  return (stderr || message).trim().split("\n").slice(-3).join(" ");
}

function unpack(packages: readonly string[], folder: string): void {
  for (const file of packages) execFileSync("dpkg", ["-x", file, folder], { stdio: ["ignore", "pipe", "pipe"] });
}

function unpackSource(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const name = `linux-source-${KERNEL_SERIES}`;
  const wanted = KERNEL_FILES.map((path) => `${name}/${path}`).join(" ");
  execFileSync("bash", ["-c", `set -o pipefail; dpkg --fsys-tarfile "$1" | tar xO ./usr/src/${name}.tar.xz | tar xJ -C "$2" --strip-components=1 ${wanted}`, "-", file, folder]);
}
