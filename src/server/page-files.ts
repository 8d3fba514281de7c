import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";

/** The bundler puts a hash of the content into the names of the files in this folder. */
const HASHED = "/assets/";
const NOT_BUILT = "The page is not built; run npm run build.\n";

/** `host` is name and port under which this page was asked for: older Safari does not count a WebSocket to 'self'. */
function headersFor(host: string): Record<string, string> {
  return {
    "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self' ws://${host};`
      + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
  };
}

/** The files of the built page. */
export class PageFiles {
  readonly #serve: ReturnType<typeof sirv> | undefined;
  /** Stands for all files, whose hashed names are in the first: differs as soon as one does. */
  readonly tag: string;

  /** @param folder - where the bundler put the page; without an index.html in it every request is told so */
  constructor(folder: string) {
    const index = join(folder, "index.html");
    const isBuilt = existsSync(index);
    this.tag = isBuilt ? createHash("sha256").update(readFileSync(index)).digest("hex").slice(0, 16) : "none";
    this.#serve = isBuilt ? sirv(folder, {
      etag: true, extensions: ["html"],
      setHeaders: (response, path) => {
        response.setHeader("cache-control", path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }) : undefined;
  }

  /** Answers a request that came under `host`: one of the files, or why not. */
  answer(request: IncomingMessage, response: ServerResponse, host: string): void {
    for (const [name, value] of Object.entries(headersFor(host))) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD", connection: "close" }).end();
    } else if (this.#serve === undefined) {
      response.writeHead(503, { "content-type": "text/plain" }).end(NOT_BUILT);
    } else {
      this.#serve(request, response, () => {
        response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page on this box.\n");
      });
    }
  }
}
