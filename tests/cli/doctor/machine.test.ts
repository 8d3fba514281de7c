import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { thisMachine } from "../../../src/cli/doctor/machine.js";
import { temporaryFolder } from "../../support/temp-folder.js";

const folder = temporaryFolder();
const machine = thisMachine();

describe("this machine, as the doctor sees it", () => {
  it("reads files, lists folders in natural order, and throws for nothing that is missing", () => {
    for (const name of ["cpu10", "cpu2"]) folder.write(name, new TextEncoder().encode("x"));
    expect(machine.read(join(folder.path, "cpu2"))).toBe("x");
    expect(machine.names(folder.path)).toEqual(["cpu2", "cpu10"]);
    expect(machine.mayWrite(folder.path)).toBe(true);
    const missing = join(folder.path, "nothing");
    expect([machine.read(missing), machine.names(missing), machine.exists(missing), machine.mayWrite(missing), machine.freeBytes(missing)])
      .toEqual([undefined, [], false, false, undefined]);
  });

  it("survives a script that throws, and one that takes its process down", () => {
    expect(machine.tryNode("1 + 1")).toBeUndefined();
    expect(machine.tryNode("require('there-is-no-such-package')")).toContain("there-is-no-such-package");
    expect(machine.tryNode("process.abort()")).toContain("SIGABRT");
  });
});
