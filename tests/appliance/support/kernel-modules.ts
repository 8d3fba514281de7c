import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cached, keyOf } from "./cache.js";
import { KERNEL_FILES, type DebianParts } from "./debian.js";
import { interruptsSource, loopCardSource } from "./kernel-sources.js";
import { toolEnvironment } from "./toolchain.js";

const OWN = join(import.meta.dirname, "..", "kernel");
/** The loop card is called as in the kernel, which would not mind its other clock. */
const BUILT = ["irq_sim", "gpio-sim", "panel-bus", "snd-aloop"] as const;

/** Modules that are loaded at the start, in this order; those without a source here are Debian's own. */
const LOADED: readonly (readonly [name: string, ...settings: string[]])[] = [
  ["virtio_mmio"], ["virtio_blk"], ["snd-pcm"], ["i2c-dev"], ["configfs"], ["irq_sim"], ["gpio-sim"], ["panel-bus"],
  // The name of the card is that of the HiFiBerry DAC+ADC Pro, by which the product knows the board.
  ["snd-aloop", "id=sndrpihifiberry", "index=0", "pcm_substreams=1"],
];
/** Modules that are loaded where there is a disk, and those that a test may load by `insmod /modules/NAME.ko`. */
const FOR_DISK = ["crc32c_generic", "ext4"];
const AT_HAND = ["evdev", "uinput"];

/** A module of the kernel, unpacked. */
export interface KernelModule {
  readonly name: string;
  readonly file: Buffer;
  readonly settings: string;
  /** Whether it is loaded at each start, only where there is a disk, or not by itself. */
  readonly loaded: "always" | "forDisk" | "atHand";
}

/** All modules that the machine has, those that others need before them. @param built - folder of those that are built here */
export function kernelModules(parts: DebianParts, built: string): KernelModule[] {
  const debian = new DebianModules(parts);
  const modules = new Map<string, KernelModule>();
  const add = (name: string, loaded: KernelModule["loaded"], settings = ""): void => {
    const own = BUILT.find((each) => each === name);
    const needed = own === undefined ? debian.neededBy(name) : NEEDED[own].flatMap((each) => debian.neededBy(each));
    for (const path of needed) {
      const each = moduleName(path);
      if (!modules.has(each)) modules.set(each, { name: each, file: debian.file(path), settings: each === moduleName(name) ? settings : "", loaded });
    }
    if (own !== undefined) modules.set(moduleName(own), { name: moduleName(own), file: readFileSync(join(built, `${own}.ko`)), settings, loaded });
  };
  for (const [name, ...settings] of LOADED) add(name, "always", settings.join(" "));
  for (const name of FOR_DISK) add(name, "forDisk");
  for (const name of AT_HAND) add(name, "atHand");
  return [...modules.values()];
}

/** What of Debian's modules those that are built here call. */
const NEEDED: Readonly<Record<(typeof BUILT)[number], readonly string[]>> = {
  irq_sim: [], "gpio-sim": ["configfs"], "panel-bus": ["i2c-dev"], "snd-aloop": ["snd-pcm"],
};

/** Modules have dashes in file names and underscores in the kernel. */
function moduleName(path: string): string {
  return basename(path).replace(/\.ko(\.xz)?$/, "").replaceAll("-", "_");
}

/** The modules of Debian's kernel, by the table of what each needs. */
class DebianModules {
  readonly #folder: string;
  readonly #needs = new Map<string, readonly string[]>();
  readonly #environment: NodeJS.ProcessEnv;

  constructor(parts: DebianParts) {
    this.#folder = join(parts.root, "lib", "modules", parts.kernel);
    this.#environment = toolEnvironment(parts);
    // Its name is a link to an absolute path, where nothing was installed.
    execFileSync("bash", ["-c", 'exec -a depmod kmod -b "$1" "$2"', "-", parts.root, parts.kernel], { env: this.#environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const line of readFileSync(join(this.#folder, "modules.dep"), "utf8").split("\n")) {
      const [path = "", needs = ""] = line.split(":");
      // The table names the nearest need first, and what is needed most last.
      this.#needs.set(moduleName(path), [...needs.trim().split(" ").filter((need) => need !== "").reverse(), path]);
    }
  }

  /** Paths of the modules to load for this one, in order, it last; none where it is built into the kernel. */
  neededBy(name: string): readonly string[] {
    return this.#needs.get(moduleName(name)) ?? [];
  }

  file(path: string): Buffer {
    const whole = join(this.#folder, path);
    if (!path.endsWith(".xz")) return readFileSync(whole);
    return execFileSync("xz", ["-dc", whole], { env: this.#environment, maxBuffer: 2 ** 26 });
  }
}

/** Folder of the modules that are built here, out of the kernel's tree; from the cache or built. */
export function builtModules(parts: DebianParts): string {
  const own = readdirSync(OWN).sort();
  const key = keyOf(parts.root, ...own.map((name) => readFileSync(join(OWN, name))), readFileSync(import.meta.filename),
    readFileSync(join(import.meta.dirname, "kernel-sources.ts")));
  return cached("modules", key, (folder) => {
    for (const path of KERNEL_FILES) {
      const text = readFileSync(join(parts.source, path), "utf8");
      const name = basename(path);
      writeFileSync(join(folder, name), name === "aloop.c" ? loopCardSource(text) : name === "irq_sim.c" ? interruptsSource(text) : text);
    }
    for (const name of own) copyFileSync(join(OWN, name), join(folder, name));
    writeFileSync(join(folder, "Kbuild"), `obj-m := ${BUILT.map((name) => `${name}.o`).join(" ")}\nsnd-aloop-y := aloop.o\n`);
    build(parts, folder);
  });
}

function build(parts: DebianParts, folder: string): void {
  const headers = join(parts.headers, "usr", "src", `linux-headers-${parts.kernel}`);
  const common = headers.replace(/-arm64$/, "-common");
  // Their one line includes the common ones by the place that they would be installed in.
  writeFileSync(join(headers, `Makefile.${process.pid}`), `include ${common}/Makefile\n`);
  renameSync(join(headers, `Makefile.${process.pid}`), join(headers, "Makefile"));
  mkdirSync(folder, { recursive: true });
  const words = ["-s", "-C", headers, `M=${folder}`, "ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-"];
  // Without the description of types, which would need another tool.
  execFileSync("make", [...words, "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"], { env: toolEnvironment(parts), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
