import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Path that a browser asks for -> file of the page and its type. These are all there are. */
const FILES = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/style.css", "style.css", "text/css; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/meters.js", "meters.js", "text/javascript; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
  ["/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json"],
] as const;

interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
}

function tagOf(...parts: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}

/** `host` is name and port under which this page was asked for: older Safari does not count a WebSocket to 'self'. */
function headersFor(host: string): Record<string, string> {
  return {
    "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; connect-src 'self' ws://${host};`
      + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-cache",
  };
}

/** The files of the page, read once at the start: a request never touches the disk. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;
  /** Stands for all files: differs as soon as one does. */
  readonly tag: string;

  constructor() {
    const resolve = createRequire(import.meta.url).resolve;
    this.#files = new Map(FILES.map(([path, file, type]) => {
      const bytes = readFileSync(resolve(`#page/${file}`));
      return [path, { bytes, type, etag: `"${tagOf(bytes)}"` }];
    }));
    this.tag = tagOf(...[...this.#files.values()].map(({ bytes }) => bytes));
  }

  /** Answers a request that came under `host`: one of the files, or why not. */
  answer(request: IncomingMessage, response: ServerResponse, host: string): void {
    const headers = headersFor(host);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { ...headers, allow: "GET, HEAD", connection: "close" }).end();
      return;
    }
    const file = this.#files.get((request.url ?? "").split("?", 1)[0] ?? "");
    if (file === undefined) {
      response.writeHead(404, { ...headers, "content-type": "text/plain" }).end("There is no such page on this box.\n");
    } else if (request.headers["if-none-match"] === file.etag) {
      response.writeHead(304, { ...headers, etag: file.etag }).end();
    } else {
      response.writeHead(200, { ...headers, etag: file.etag, "content-type": file.type, "content-length": file.bytes.length });
      response.end(request.method === "HEAD" ? undefined : file.bytes);
    }
  }
}
