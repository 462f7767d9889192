// Rows of which only those in sight, and a few around them, are in the page, however many there are.
import {
  Virtualizer,
  observeWindowOffset,
  observeWindowRect,
  windowScroll,
  type VirtualItem,
} from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

/** Rows around those in sight that are there already when somebody scrolls to them. */
const AROUND = 3;

interface Props {
  count: number;
  /** About how high a row is, in pixels; each is measured when it is there. */
  estimate: (index: number) => number;
  draw: (index: number) => ComponentChildren;
  /** The last row has come near. */
  onEnd: () => void;
}

export function VirtualRows({ count, estimate, draw, onEnd }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const made = useRef<Virtualizer<Window, Element> | null>(null);
  const options = {
    count,
    estimateSize: estimate,
    overscan: __WITHOUT_VIRTUAL__ ? count : AROUND,
    scrollMargin: holder.current?.offsetTop ?? 0,
    getScrollElement: () => window,
    scrollToFn: windowScroll<Window>,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    initialRect: { width: innerWidth, height: innerHeight },
    initialOffset: () => scrollY,
    onChange: () => redraw(undefined),
  };
  made.current ??= new Virtualizer<Window, Element>(options);
  const virtual = made.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useLayoutEffect(() => {
    if (count > 0 && last >= count - 1 - AROUND) onEnd();
  }, [count, last, onEnd]);

  const margin = virtual.options.scrollMargin;
  const place = (item: VirtualItem) => `translateY(${item.start - margin}px)`;
  return (
    <div ref={holder} class="virtual" style={{ height: `${virtual.getTotalSize()}px` }}>
      {items.map((item) => (
        <div
          key={item.key}
          class="virtual-row"
          data-index={item.index}
          ref={(row) => virtual.measureElement(row)}
          style={{ transform: place(item) }}
        >
          {draw(item.index)}
        </div>
      ))}
    </div>
  );
}
