import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const PAGE = join(import.meta.dirname, "..", "..", "dist", "dashboard");

it("is a page of less than 150 KB, compressed as it is sent, that asks no other host for anything", () => {
  const files = readdirSync(PAGE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  const sum = bytes.reduce((total, file) => total + gzipSync(file, { level: 9 }).length, 0);
  expect(files.length).toBeGreaterThan(2);
  expect(sum).toBeLessThan(150_000);
  // Names of XML are no addresses that a browser asks.
  const hosts = bytes.flatMap((file) => file.toString().match(/(?:https?:|wss?:)?\/\/[a-z0-9-]+\.[a-z0-9.-]+/gi) ?? []);
  expect(hosts.filter((host) => !host.endsWith("//www.w3.org"))).toEqual([]);
});
