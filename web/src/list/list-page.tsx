// What is on: the page where most people begin.
import { useInfiniteQuery } from "@tanstack/preact-query";
import { useLocation } from "preact-iso";
import { useCallback, useMemo } from "preact/hooks";

import { concertPages } from "../api/queries";
import { useTitle } from "../shell/title";
import { Wrong } from "../shell/wrong";
import { text } from "../text/en";
import { Card } from "./card";
import { useColumns } from "./columns";
import { Filters } from "./filters";
import "./list.css";
import { addressOf, listingOf, wantedFrom, type Wanted } from "./listing";
import { rowsOf, type Row } from "./rows";
import { usePlace } from "./place";
import { VirtualRows } from "./virtual-rows";

/** About how high rows are before they were measured, in pixels, by how many stand side by side. */
const HEIGHTS = [0, 148, 440, 424];
const MONTH_HEIGHT = 76;

export default function ListPage() {
  useTitle(null);
  const { url, query, route } = useLocation();
  const wanted = wantedFrom(query);
  const change = useCallback((next: Wanted) => route(addressOf(next), true), [route]);
  return (
    <div class="list">
      <div class="list-head">
        <h1>{text.list.title}</h1>
        <Filters wanted={wanted} onChange={change} />
      </div>
      <Concerts key={url} wanted={wanted} />
    </div>
  );
}

function Concerts({ wanted }: { wanted: Wanted }) {
  const columns = useColumns();
  const found = useInfiniteQuery(concertPages(listingOf(wanted)));
  const { hasNextPage, isFetching, fetchNextPage, data } = found;
  const concerts = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const rows = useMemo(() => rowsOf(concerts, columns), [concerts, columns]);
  usePlace(rows.length > 0);
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const estimate = useCallback(
    (index: number) => (rows[index]?.kind === "month" ? MONTH_HEIGHT : (HEIGHTS[columns] ?? 0)),
    [rows, columns],
  );
  if (data === undefined) {
    if (found.error !== null) return <Wrong error={found.error} retry={() => void found.refetch()} />;
    return <Waiting columns={columns} />;
  }
  if (concerts.length === 0) return <p class="list-none quiet">{text.list.none}</p>;
  return (
    <section aria-label={text.list.results}>
      <VirtualRows
        key={columns}
        count={rows.length}
        estimate={estimate}
        draw={(index) => <Drawn row={rows[index]} first={index < 3} />}
        onEnd={more}
      />
      <p class="list-end quiet small">{hasNextPage ? " " : text.list.end}</p>
    </section>
  );
}

function Drawn({ row, first }: { row: Row | undefined; first: boolean }) {
  if (row === undefined) return null;
  if (row.kind === "month") return <h2 class="list-month">{row.name}</h2>;
  return (
    <div class="list-row">
      {row.concerts.map((concert) => (
        <Card key={concert.id} concert={concert} first={first} />
      ))}
    </div>
  );
}

/** The page's shape while the first concerts are on their way. */
function Waiting({ columns }: { columns: number }) {
  return (
    <div role="status" aria-label={text.list.loading}>
      <div class="list-month">
        <span class="skeleton list-month-waiting" />
      </div>
      {Array.from({ length: columns === 1 ? 6 : 3 }, (_, row) => (
        <div key={row} class="list-row">
          {Array.from({ length: columns }, (_, column) => (
            <span key={column} class="card">
              <span class="art skeleton" />
              <span class="card-text">
                <span class="skeleton card-waiting" />
              </span>
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
