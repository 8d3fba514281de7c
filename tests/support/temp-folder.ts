import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder that lives as long as the tests of the calling file; returns a function that writes a file into it and gives its path. */
export function temporaryFolder(): { path: string; write: (name: string, bytes: Uint8Array) => string } {
  const path = mkdtempSync(join(tmpdir(), "lacquer-test-"));
  afterAll(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    write: (name, bytes) => {
      const file = join(path, name);
      writeFileSync(file, bytes);
      return file;
    },
  };
}
