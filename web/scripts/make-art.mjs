// Makes the demo season's posters: AVIF, WebP and JPEG in three widths, and a few bytes of each to
// show until it is there. What was made before from the same scripts is kept.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

import { chance } from "./art/chance.mjs";
import { MOTIFS, SIZE } from "./art/motifs.mjs";
import { PALETTES } from "./art/palettes.mjs";

const POSTERS = 36;
const WIDTHS = [320, 640, 960];

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const sources = ["make-art.mjs", "art/chance.mjs", "art/motifs.mjs", "art/palettes.mjs"];
const digest = createHash("sha256");
for (const source of sources) digest.update(readFileSync(path(source)));
const version = digest.digest("hex").slice(0, 10);

const manifest = path("../src/generated/art.json");
const folder = path(`../public/art/${version}`);
if (existsSync(manifest) && existsSync(folder) && JSON.parse(readFileSync(manifest)).version === version) {
  process.exit(0);
}
rmSync(path("../public/art"), { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
mkdirSync(path("../src/generated"), { recursive: true });

const blurs = [];
for (let poster = 0; poster < POSTERS; poster += 1) {
  const luck = chance(poster * 7_919 + 17);
  const palette = PALETTES[(poster * 5 + Math.floor(poster / 12)) % PALETTES.length];
  const drawn = MOTIFS[poster % MOTIFS.length](luck, palette);
  const { width, height } = SIZE;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${palette[0]}"/>${drawn}</svg>`;
  const image = await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
  for (const wide of WIDTHS) {
    const sized = sharp(image).resize(wide);
    const name = `${folder}/${poster}-${wide}`;
    await sized.clone().avif({ quality: 48, effort: 3 }).toFile(`${name}.avif`);
    await sized.clone().webp({ quality: 70, effort: 5 }).toFile(`${name}.webp`);
    await sized.clone().jpeg({ quality: 74, mozjpeg: true }).toFile(`${name}.jpg`);
  }
  const tiny = await sharp(image).blur(40).resize(6, 4).webp({ quality: 40 }).toBuffer();
  blurs.push(tiny.toString("base64"));
}
writeFileSync(manifest, JSON.stringify({ version, widths: WIDTHS, blurs }));
console.log(`posters: ${POSTERS} in public/art/${version}`);
