// The picture of a concert: one of the demo season's posters, the same for an artist each time.
import art from "../generated/art.json";

/** Which poster an artist has. */
export function posterOf(artist: string, posters: number): number {
  let mixed = 2_166_136_261;
  for (const character of artist) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (mixed >>> 0) % posters;
}

interface Props {
  artist: string;
  /** How wide it is shown, as the `sizes` of an image. */
  sizes: string;
  /** Whether it is among the first things that are seen. */
  first?: boolean;
}

export function Art({ artist, sizes, first = false }: Props) {
  const poster = posterOf(artist, art.blurs.length);
  const address = (width: number, format: string) => `/art/${art.version}/${poster}-${width}.${format}`;
  const set = (format: string) => art.widths.map((width) => `${address(width, format)} ${width}w`).join(", ");
  const blur = `url(data:image/webp;base64,${art.blurs[poster]})`;
  return (
    <picture class="art" style={{ backgroundImage: blur }}>
      {!__WITHOUT_FORMATS__ && <source type="image/avif" srcset={set("avif")} sizes={sizes} />}
      {!__WITHOUT_FORMATS__ && <source type="image/webp" srcset={set("webp")} sizes={sizes} />}
      <img
        src={address(640, "jpg")}
        srcset={set("jpg")}
        sizes={sizes}
        width={960}
        height={640}
        alt=""
        loading={first ? "eager" : "lazy"}
        decoding="async"
        fetchpriority={first ? "high" : "auto"}
      />
    </picture>
  );
}
