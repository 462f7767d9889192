// A ticket as a square code: what a scanner at the door asks the service about.
import { useMemo } from "preact/hooks";
import { encode } from "uqr";

/** The quiet margin that scanners need, in modules. */
const MARGIN = 2;

export function Code({ content, label }: { content: string; label: string }) {
  const { path, size } = useMemo(() => drawn(content), [content]);
  return (
    <svg class="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawn(content: string): { path: string; size: number } {
  const { data, size } = encode(content, { ecc: "M", border: MARGIN });
  const rows = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join(""));
  return { path: rows.join(""), size };
}

/** What a code says: whose reservation it is of, and which seat or place. */
export function contentOf(reservation: string, place: string): string {
  return `FRONTROW:${reservation}:${place}`;
}
