import { tmpdir, userInfo } from "node:os";
import { expect, it } from "vitest";
import { controlSocketPath, controlSocketPlaces, runtimeFolder, stateFolder } from "../../src/config/folders.js";

it.each([
  ["systemd's", { STATE_DIRECTORY: "/var/lib/lacquer", XDG_STATE_HOME: "/x", HOME: "/home/u" }, "/var/lib/lacquer"],
  ["the first of systemd's", { STATE_DIRECTORY: "/var/lib/lacquer:/var/lib/other" }, "/var/lib/lacquer"],
  ["XDG's", { XDG_STATE_HOME: "/x", HOME: "/home/u" }, "/x/lacquer"],
  ["one of the user", { STATE_DIRECTORY: "", HOME: "/home/u" }, "/home/u/.local/state/lacquer"],
])("keeps the state in %s folder", (_, environment, folder) => {
  expect(stateFolder(environment)).toBe(folder);
});

it.each([
  ["systemd's", { RUNTIME_DIRECTORY: "/run/lacquer", XDG_RUNTIME_DIR: "/run/user/1" }, "/run/lacquer"],
  ["XDG's", { XDG_RUNTIME_DIR: "/run/user/1" }, "/run/user/1/lacquer"],
  ["one of the user in the temporary", {}, `${tmpdir()}/lacquer-${userInfo().uid}`],
])("keeps the socket in %s folder", (_, environment, folder) => {
  expect(runtimeFolder(environment)).toBe(folder);
  expect(controlSocketPath(environment)).toBe(`${folder}/control.sock`);
});

it("looks for a box of the user, then for the service; for a named one alone", () => {
  expect(controlSocketPlaces({ XDG_RUNTIME_DIR: "/run/user/1" })).toEqual(["/run/user/1/lacquer/control.sock", "/run/lacquer/control.sock"]);
  expect(controlSocketPlaces({ RUNTIME_DIRECTORY: "/run/lacquer" })).toEqual(["/run/lacquer/control.sock"]);
  expect(controlSocketPlaces({ LACQUER_SOCKET: "/tmp/box.sock" })).toEqual(["/tmp/box.sock"]);
});
