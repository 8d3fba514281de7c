import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, keyOf } from "./cache.js";
import { Archive } from "./cpio.js";
import { debianParts, type DebianParts } from "./debian.js";
import { builtModules, kernelModules } from "./kernel-modules.js";
import { nodeParts } from "./node-parts.js";
import { crossCompile, toolEnvironment } from "./toolchain.js";

const GUEST = join(import.meta.dirname, "..", "guest");
const TARGET = "aarch64-linux-gnu";
/** What the programs and Node.js are linked with. */
const LIBRARIES = /^(ld-linux-aarch64|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+|libasound)[.-][^/]*\.so|^(ld-linux-aarch64|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+|libasound)\.so/;

/** What does not change with the product. */
export interface System {
  readonly kernel: string;
  /** Archive of all but the product. */
  readonly image: string;
  /** Folder of what of Node.js the product needs, too. */
  readonly node: string;
  readonly emulator: { readonly program: string; readonly environment: NodeJS.ProcessEnv };
}

/** The system of the machine, from the cache or built. @throws CannotBeHad where its parts cannot be had */
export function system(): System {
  const debian = debianParts();
  const node = nodeParts(debian);
  const programs = readdirSync(GUEST).filter((name) => /\.(c|sh)$/.test(name)).sort();
  const built = builtModules(debian);
  const key = keyOf(debian.root, node, built, ...programs.map((name) => readFileSync(join(GUEST, name))),
    readFileSync(import.meta.filename), readFileSync(join(import.meta.dirname, "cpio.ts")), readFileSync(join(import.meta.dirname, "kernel-modules.ts")));
  const folder = cached("system", key, (unfinished) => {
    const archive = new Archive();
    addUserland(archive, debian);
    const modules = kernelModules(debian, built);
    archive.file("/usr/bin/node", readFileSync(join(node, "node", "bin", "node")), 0o755);
    for (const { name, file } of modules) archive.file(`/modules/${name}.ko`, file);
    for (const [list, when] of [["order", "always"], ["for-disk", "forDisk"]] as const) {
      const listed = modules.filter(({ loaded }) => loaded === when);
      archive.file(`/modules/${list}`, listed.map(({ name, settings }) => `${name}.ko ${settings}\n`).join(""));
    }
    archive.file("/init", readFileSync(join(GUEST, "init.sh")), 0o755);
    for (const name of programs.filter((each) => each.endsWith(".c"))) {
      const program = join(unfinished, name.replace(".c", ""));
      crossCompile(debian, "gcc", ["-O2", "-Wall", "-Werror", join(GUEST, name), "-o", program, "-l:libasound.so.2"]);
      archive.file(`/usr/bin/${name.replace(".c", "")}`, readFileSync(program), 0o755);
    }
    writeFileSync(join(unfinished, "image.new"), archive.bytes());
    renameSync(join(unfinished, "image.new"), join(unfinished, "image"));
  });
  const own = join(debian.tools, "usr", "bin", "qemu-system-aarch64");
  return {
    kernel: join(debian.root, "boot", `vmlinuz-${debian.kernel}`), image: join(folder, "image"), node,
    emulator: { program: existsSync(own) ? own : "qemu-system-aarch64", environment: toolEnvironment(debian) },
  };
}

function addUserland(archive: Archive, { root }: DebianParts): void {
  for (const name of ["dev", "proc", "sys", "run", "tmp", "root", "out", "etc", "usr/bin", `usr/lib/${TARGET}`]) archive.folder(name);
  for (const name of ["bin", "sbin"]) archive.link(name, "usr/bin");
  archive.link("lib", "usr/lib");
  archive.link("usr/lib/ld-linux-aarch64.so.1", `${TARGET}/ld-linux-aarch64.so.1`);
  const busybox = ["bin/busybox", "usr/bin/busybox"].map((path) => join(root, path)).find((path) => existsSync(path)) ?? "";
  archive.file("/usr/bin/busybox", readFileSync(busybox), 0o755);
  for (const folder of ["lib", "usr/lib"]) {
    const path = join(root, folder, TARGET);
    for (const name of existsSync(path) ? readdirSync(path) : []) {
      if (LIBRARIES.test(name)) archive.tree(join(path, name), `/usr/lib/${TARGET}/${name}`);
    }
  }
  archive.tree(join(root, "usr/share/alsa"), "/usr/share/alsa");
}
