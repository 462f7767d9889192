// Writes the service worker, which has to know what the pages are made of.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const DIST = new URL(`../${process.env.FRONTROW_SITE_OUT ?? "dist"}/`, import.meta.url);
const parts = readdirSync(new URL("assets/", DIST)).filter((name) => /\.(js|css|woff2)$/.test(name));
const paths = parts.sort().map((name) => `/assets/${name}`);
const template = readFileSync(new URL("worker.js", import.meta.url), "utf8");
const index = readFileSync(new URL("index.html", DIST));
const version = createHash("sha256").update(paths.join()).update(index).update(template).digest("hex").slice(0, 12);
const worker = template.replace('"VERSION"', JSON.stringify(version)).replace('["PARTS"]', JSON.stringify(paths));
writeFileSync(new URL("sw.js", DIST), worker);
