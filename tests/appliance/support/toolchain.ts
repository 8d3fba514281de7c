import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DebianParts } from "./debian.js";

const TARGET = "aarch64-linux-gnu";

/** Environment in which the unpacked programs find each other. */
export function toolEnvironment({ tools }: DebianParts): NodeJS.ProcessEnv {
  return {
    ...process.env, LC_ALL: "C.UTF-8",
    PATH: `${["usr/bin", "bin"].map((name) => join(tools, name)).join(":")}:${process.env["PATH"]}:/usr/sbin:/sbin`,
    LD_LIBRARY_PATH: `${tools}/usr/lib/x86_64-linux-gnu:${tools}/lib/x86_64-linux-gnu`,
  };
}

/**
 * Compiles for the other machine. The compiler looks in places that are made when it is installed: they are named to it, and
 * its script of the C library is made anew without them.
 */
export function crossCompile(parts: DebianParts, compiler: "gcc" | "g++", words: readonly string[]): void {
  const target = join(parts.tools, "usr", TARGET);
  const libraries = join(parts.tools, "usr", "lib", "lacquer");
  const script = join(libraries, "libc.so");
  if (!existsSync(script)) {
    mkdirSync(libraries, { recursive: true });
    const text = readFileSync(join(target, "lib", "libc.so"), "utf8");
    writeFileSync(`${script}.${process.pid}`, text.replaceAll(`/usr/${TARGET}/lib/`, ""));
    renameSync(`${script}.${process.pid}`, script);
  }
  const includes = join(target, "include");
  const standard = compiler === "g++" ? cxxIncludes(includes) : [];
  execFileSync(`${TARGET}-${compiler}`, [
    ...[...standard, includes, join(parts.root, "usr/include")].flatMap((path) => ["-isystem", path]),
    `-B${target}/lib/`, `-L${libraries}`, `-L${target}/lib`, `-L${parts.root}/usr/lib/${TARGET}`,
    `-Wl,-rpath-link,${parts.root}/lib/${TARGET}`, ...words,
  ], { env: toolEnvironment(parts), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function cxxIncludes(includes: string): string[] {
  const version = readdirSync(join(includes, "c++")).at(-1) ?? "";
  return [join(includes, "c++", version), join(includes, "c++", version, TARGET)];
}
