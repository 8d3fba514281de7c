import { chmodSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { makeSocketFolder } from "../../src/server/socket-file.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
let count = 0;
/** A folder where everyone may write, as /tmp. */
let open: string;
beforeEach(() => {
  open = join(folder.path, String(++count));
  mkdirSync(open);
  chmodSync(open, 0o1777);
});

describe("the folder of the control socket", () => {
  it("is made for this user alone, and taken again", () => {
    for (let n = 0; n < 2; n++) makeSocketFolder(join(open, "mine", "control.sock"));
    expect(statSync(join(open, "mine")).mode & 0o777).toBe(0o700);
  });

  it("is not taken in a folder where everyone may write when another user could have made it", () => {
    mkdirSync(join(open, "real"), { mode: 0o700 });
    symlinkSync(join(open, "real"), join(open, "link"));
    expect(() => makeSocketFolder(join(open, "link", "control.sock"))).toThrow(/link is no folder but a link; remove it, or set XDG_RUNTIME_DIR/);
    mkdirSync(join(open, "shared"));
    chmodSync(join(open, "shared"), 0o777);
    expect(() => makeSocketFolder(join(open, "shared", "control.sock"))).toThrow(/shared is open to other users/);
  });

  it("is told with the remedy when it cannot be made", () => {
    // Below a file nobody can make one, root neither.
    expect(() => makeSocketFolder("/proc/version/lacquer/control.sock")).toThrow(/^The control socket \/proc\/version\/lacquer\/control\.sock cannot be used: /);
  });
});
