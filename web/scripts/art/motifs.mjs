// What posters show: each motif draws itself in four colours, from a seed. They are pictures of
// nobody, so that nobody's rights are in them.
const WIDTH = 960;
const HEIGHT = 640;

const circle = (x, y, r, rest) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}" ${rest}/>`;

/** Rows of a hall, seen from above, one of them lit. */
function rows(luck, [, ink, tone, light]) {
  const [x, y] = [luck.between(300, 660), luck.between(560, 760)];
  const lit = Math.floor(luck.between(3, 8));
  let drawn = "";
  for (let row = 0; row < 11; row += 1) {
    const radius = 120 + row * 58;
    const seats = Math.floor((Math.PI * radius) / 40);
    for (let seat = 0; seat <= seats; seat += 1) {
      const angle = Math.PI + (Math.PI * seat) / seats;
      const [cx, cy] = [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
      const fill = row === lit ? light : luck.next() < 0.72 ? ink : tone;
      drawn += circle(cx, cy, 13, `fill="${fill}"`);
    }
  }
  return drawn;
}

/** A sun that goes down behind stripes. */
function sunset(luck, [, ink, tone, light]) {
  const [x, y, r] = [luck.between(330, 630), luck.between(280, 360), luck.between(170, 220)];
  let drawn = circle(x, y, r, `fill="${light}"`);
  drawn += circle(x, y, r * 1.35, `fill="none" stroke="${tone}" stroke-width="3"`);
  drawn += circle(x, y, r * 1.7, `fill="none" stroke="${tone}" stroke-width="2" opacity=".6"`);
  for (let line = 0; line < 9; line += 1) {
    const top = y + 10 + line * 30 + line * line * 1.6;
    drawn += `<rect x="0" y="${top}" width="${WIDTH}" height="${5 + line * 3.4}" fill="${ink}"/>`;
  }
  return drawn;
}

/** Lines that a sound has gone through. */
function waves(luck, [ground, ink, , light]) {
  const centre = luck.between(380, 580);
  const lit = Math.floor(luck.between(6, 13));
  let drawn = "";
  for (let line = 0; line < 20; line += 1) {
    const base = 120 + line * 26;
    let path = `M -10 ${base}`;
    for (let x = 0; x <= WIDTH + 10; x += 12) {
      const near = Math.exp(-(((x - centre) / 170) ** 2));
      const height = near * (30 + 75 * Math.abs(Math.sin(x * 0.021 + line * 1.3) * Math.cos(x * 0.047 + line)));
      path += ` L ${x} ${(base - height - luck.next() * 5 * near).toFixed(1)}`;
    }
    const colour = line === lit ? light : ink;
    drawn += `<path d="${path} V ${HEIGHT + 20} H -10 Z" fill="${ground}" stroke="${colour}" stroke-width="${line === lit ? 5 : 3}" stroke-linejoin="round"/>`;
  }
  return drawn;
}

/** Quarter circles, laid like tiles. */
function tiles(luck, [, ink, tone, light]) {
  const size = 160;
  let drawn = "";
  for (let y = 0; y < HEIGHT; y += size) {
    for (let x = 0; x < WIDTH; x += size) {
      const fill = luck.of([ink, tone, light, ink]);
      const turn = Math.floor(luck.next() * 4) * 90;
      const shape = luck.of([
        `<path d="M0 0H${size}A${size} ${size} 0 0 1 0 ${size}Z"/>`,
        `<path d="M0 0H${size}A${size} ${size} 0 0 1 0 ${size}Z"/>`,
        `<circle cx="80" cy="80" r="44"/>`,
        `<path d="M0 80A80 80 0 0 1 ${size} 80Z"/>`,
      ]);
      drawn += `<g transform="translate(${x} ${y}) rotate(${turn} 80 80)" fill="${fill}">${shape}</g>`;
    }
  }
  return drawn;
}

/** Dots that grow towards a light. */
function dots(luck, [, ink, , light]) {
  const [fx, fy] = [luck.between(220, 740), luck.between(150, 490)];
  let drawn = "";
  for (let row = 0; row * 28 < HEIGHT + 28; row += 1) {
    for (let column = 0; column * 32 < WIDTH + 32; column += 1) {
      const [x, y] = [column * 32 + (row % 2) * 16, row * 28];
      const near = Math.max(0, 1 - Math.hypot(x - fx, y - fy) / 560);
      if (near < 0.06) continue;
      drawn += circle(x, y, 2 + near ** 1.6 * 15, `fill="${near > 0.82 ? light : ink}"`);
    }
  }
  return drawn;
}

/** Discs that shine through each other. */
function discs(luck, [, ink, tone, light]) {
  let drawn = "";
  const x = luck.between(300, 420);
  for (const [index, fill] of [tone, ink, light].entries()) {
    const [cx, cy] = [x + index * luck.between(120, 190), luck.between(240, 400)];
    drawn += circle(cx, cy, 210 - index * 30, `fill="${fill}" opacity="${index === 2 ? 0.95 : 0.85}"`);
  }
  return drawn;
}

/** What a mixing desk shows. */
function bars(luck, [, ink, tone, light]) {
  let drawn = "";
  const lit = Math.floor(luck.between(4, 15));
  for (let bar = 0; bar < 20; bar += 1) {
    const near = Math.exp(-(((bar - lit) / 6) ** 2));
    const height = 60 + near * 380 * luck.between(0.55, 1) + luck.between(0, 90);
    const fill = bar === lit ? light : bar % 3 === 0 ? tone : ink;
    const x = 30 + bar * 46;
    drawn += `<rect x="${x}" y="${(HEIGHT - height) / 2}" width="24" height="${height}" rx="12" fill="${fill}"/>`;
  }
  return drawn;
}

/** Rings from two stones in one water. */
function rings(luck, [, ink, tone, light]) {
  let drawn = "";
  const places = [[luck.between(200, 400), luck.between(180, 330), ink], [luck.between(560, 780), luck.between(310, 480), tone]];
  for (const [x, y, stroke] of places) {
    for (let ring = 1; ring < 17; ring += 1) {
      drawn += circle(x, y, ring * 34, `fill="none" stroke="${stroke}" stroke-width="${(9 - ring * 0.42).toFixed(1)}"`);
    }
    drawn += circle(x, y, 17, `fill="${light}"`);
  }
  return drawn;
}

export const MOTIFS = [rows, sunset, waves, tiles, dots, discs, bars, rings];
export const SIZE = { width: WIDTH, height: HEIGHT };
