// The site without one of its techniques, built and served, in front of the same service.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2",
  ".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg", ".webmanifest": "application/manifest+json",
};

export type Without = "" | "split" | "cache" | "virtual" | "formats";
/** What answers a path in the service's place, if it does. */
export type Stand = (path: URL) => object | null;

export interface Variant {
  url: string;
  stop(): Promise<void>;
}

export async function variant(without: Without, service: string, stand: Stand = () => null): Promise<Variant> {
  const out = `measured/${without || "whole"}`;
  const env = { ...process.env, FRONTROW_SITE_WITHOUT: without, FRONTROW_SITE_OUT: out };
  execFileSync("npx", ["vite", "build", "--logLevel", "error"], { cwd: WEB, env, stdio: ["ignore", "ignore", "inherit"] });
  const server = createServer((asked, answer) => serve(join(WEB, out), service, stand, asked, answer));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, stop: () => ended(server) };
}

function serve(folder: string, service: string, stand: Stand, asked: IncomingMessage, answer: ServerResponse): void {
  const url = new URL(asked.url ?? "/", "http://site");
  const standIn = stand(url);
  if (standIn !== null) {
    answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(standIn));
  } else if (url.pathname.startsWith("/v1/")) {
    const { host: _, ...headers } = asked.headers;
    const passed = request(`${service}${asked.url}`, { method: asked.method ?? "GET", headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on("error", () => answer.writeHead(502).end());
    asked.pipe(passed);
  } else {
    const path = join(folder, url.pathname);
    const file = extname(path) !== "" && existsSync(path) ? path : join(folder, "index.html");
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const text = /text|svg|manifest/.test(type);
    const bytes = text ? gzipSync(readFileSync(file)) : readFileSync(file);
    const cache = file.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable";
    answer.writeHead(200, { "content-type": type, "cache-control": cache, ...(text ? { "content-encoding": "gzip" } : {}) }).end(bytes);
  }
}

function ended(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
