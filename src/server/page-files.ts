import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { pageHeaders, refuse } from "./http-answers.js";

/** The bundler puts a hash of the content into the names of the files in this folder. */
const HASHED = "/assets/";
const NOT_BUILT = "The page is not built; run npm run build.";
const NO_SUCH = "There is no such page on this box.";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
};

/** A file as it is sent: its bytes, or fewer that mean the same. */
interface Form {
  readonly bytes: Buffer;
  readonly headers: OutgoingHttpHeaders & { readonly etag: string };
}

interface PageFile {
  readonly plain: Form;
  readonly packed: Form;
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

function readFile(file: string, path: string): PageFile {
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, { level: 9 });
  const headers = {
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    "cache-control": path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding",
  };
  return {
    plain: { bytes, headers: { ...headers, etag: `"${hashOf(bytes)}"`, "content-length": bytes.length } },
    packed: { bytes: packed, headers: { ...headers, etag: `"${hashOf(packed)}"`, "content-length": packed.length, "content-encoding": "gzip" } },
  };
}

/** The files of a folder by their paths in a URL, but for those whose names begin with a dot. */
function readFolder(folder: string): Map<string, PageFile> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const isShown = (name: string): boolean => !/(^|\/)\./.test(name) && statSync(join(folder, name)).isFile();
  return new Map(names.filter(isShown).map((name) => [`/${name}`, readFile(join(folder, name), `/${name}`)]));
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return String(headers["accept-encoding"] ?? "").split(",").some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}

function hasAlready({ headers }: IncomingMessage, etag: string): boolean {
  return String(headers["if-none-match"] ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** The built page, read into memory once: no request can make this process open a file. A page that was built anew is served after a restart. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;
  /** Stands for all files, whose hashed names are in the first: differs as soon as one does. */
  readonly tag: string;

  /** @param folder - where the bundler put the page; without an index.html in it every request is told so */
  constructor(folder: string) {
    this.#files = existsSync(join(folder, "index.html")) ? readFolder(folder) : new Map<string, PageFile>();
    this.tag = this.#files.get("/index.html")?.plain.headers.etag.slice(1, 17) ?? "none";
  }

  /** Answers a request that came under `host`: one of the files, always whole, or why not. */
  answer(request: IncomingMessage, response: ServerResponse, host: string): void {
    const [path = ""] = (request.url ?? "").split("?");
    const file = this.#files.get(path === "/" ? "/index.html" : path);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "Only GET and HEAD are answered here.", { allow: "GET, HEAD" });
    if (this.#files.size === 0) return refuse(response, 503, NOT_BUILT);
    if (file === undefined) return refuse(response, 404, NO_SUCH);
    const { bytes, headers } = takesGzip(request) ? file.packed : file.plain;
    const isKnown = hasAlready(request, headers.etag);
    const { "content-length": length, ...others } = headers;
    response.writeHead(isKnown ? 304 : 200, { ...pageHeaders(host), ...others, ...(!isKnown && { "content-length": length }) });
    response.end(isKnown ? undefined : bytes);
  }
}
