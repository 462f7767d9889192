// Compresses what was built, once and as hard as can be, so that the service never has to.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL(`../${process.env.FRONTROW_SITE_OUT ?? "dist"}/`, import.meta.url).pathname;
const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest)$/;
/** Below so many bytes an answer fits into one packet in any case. */
const LEAST = 512;

for (const entry of readdirSync(DIST, { recursive: true })) {
  const path = join(DIST, entry);
  if (!COMPRESSIBLE.test(path)) continue;
  const bytes = readFileSync(path);
  if (bytes.length < LEAST) continue;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
