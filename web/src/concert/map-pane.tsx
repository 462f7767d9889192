// The seat map in the page: the picture, its buttons, and what the pointer is on.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { House } from "../map/house";
import { SeatMap } from "../map/seat-map";
import type { Seen } from "../live/watch";
import { text } from "../text/en";
import { nameOf } from "./seat-text";

interface Props {
  house: House;
  colours: readonly string[];
  seen: Seen | null;
  chosen: readonly number[];
  /** The category that is looked for, or -1. */
  only: number;
  /** Seats to go to, when they are others than before. */
  shown: readonly number[];
  describe: (seat: number) => string;
  onSeat: (seat: number) => void;
  onArea: (area: number) => void;
}

export function MapPane({ house, colours, seen, chosen, only, shown, describe, onSeat, onArea }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const map = useRef<SeatMap | null>(null);
  const [tip, setTip] = useState<{ seat: number; x: number; y: number } | null>(null);
  const latest = useRef({ onSeat, onArea });
  latest.current = { onSeat, onArea };

  useLayoutEffect(() => {
    if (holder.current === null) return;
    const plain = new URLSearchParams(location.search).has("plain-map");
    const made = new SeatMap(holder.current, house, colours, {
      onSeat: (seat) => latest.current.onSeat(seat),
      onArea: (area) => latest.current.onArea(area),
      onPoint: (seat, x, y) => setTip(seat < 0 ? null : { seat, x, y }),
    }, plain);
    map.current = made;
    return () => {
      made.destroy();
      map.current = null;
    };
  }, [house]);
  useLayoutEffect(() => {
    if (seen !== null) map.current?.setStates(seen.states, seen.places);
  }, [house, seen]);
  useLayoutEffect(() => map.current?.setWanted((category) => only < 0 || category === only), [house, only]);
  useLayoutEffect(() => map.current?.setChosen(new Set(chosen)), [house, chosen]);
  useEffect(() => map.current?.show(shown), [house, shown]);

  return (
    <div class="map" role="group" aria-label={text.concert.map} aria-description={text.concert.mapHelp}>
      <div ref={holder} class="map-canvas" />
      {tip !== null && (
        <div class="map-tip" style={{ transform: `translate(${tip.x}px, ${tip.y}px)` }}>
          <Tip house={house} seat={tip.seat} details={describe(tip.seat)} />
        </div>
      )}
      <Legend />
      <div class="map-buttons">
        <MapButton label={text.concert.zoomIn} path="M8 3v10M3 8h10" onClick={() => map.current?.zoom(true)} />
        <MapButton label={text.concert.zoomOut} path="M3 8h10" onClick={() => map.current?.zoom(false)} />
        <MapButton label={text.concert.whole} path="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" onClick={() => map.current?.whole()} />
      </div>
    </div>
  );
}

function Tip({ house, seat, details }: { house: House; seat: number; details: string }) {
  const name = nameOf(house, seat);
  return (
    <div class="map-tip-body">
      <b>{text.concert.rowSeat(name.row, name.seat)}</b>
      <span>{name.section}</span>
      <span>{details}</span>
    </div>
  );
}

function Legend() {
  const { available, held, sold, yours } = text.concert.legend;
  return (
    <ul class="legend" aria-hidden="true">
      <li>
        <i class="legend-free" />
        {available}
      </li>
      <li>
        <i class="legend-held" />
        {held}
      </li>
      <li>
        <i class="legend-sold" />
        {sold}
      </li>
      <li>
        <i class="legend-yours" />
        {yours}
      </li>
    </ul>
  );
}

function MapButton({ label, path, onClick }: { label: string; path: string; onClick: () => void }) {
  return (
    <button type="button" class="map-button" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
