// What the site asks for, under which key it is kept, and for how long it counts as fresh.
import type { Listing } from "../list/listing";
import { ask, client, type Schemas } from "./client";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Without the cache, which only measuring does, nothing is ever fresh. */
const fresh = (ms: number): number => (__WITHOUT_CACHE__ ? 0 : ms);

export type Concert = Schemas["Concert"];
export type ConcertItem = Schemas["ConcertItem"];
export type Reservation = Schemas["Reservation"];
export type Purchase = Schemas["Purchase"];

/** A list of concerts, page after page. */
export function concertPages(listing: Listing) {
  return {
    queryKey: ["concerts", listing],
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      const query = { limit: 24, ...listing, ...cursor };
      return ask(client.GET("/v1/concerts", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: Schemas["ConcertList"]) => page.next_cursor,
    staleTime: fresh(30 * SECOND),
    // What is left of each changes all the time; a list that somebody has walked far is left alone.
    refetchInterval: ({ state }: { state: { data?: { pages: unknown[] } | undefined } }) =>
      !__WITHOUT_CACHE__ && (state.data?.pages.length ?? 0) <= 2 ? 20 * SECOND : (false as const),
  };
}

export function concert(id: string) {
  return {
    queryKey: ["concert", id],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      ask(client.GET("/v1/concerts/{concert}", { params: { path: { concert: id } }, signal })),
    staleTime: fresh(30 * SECOND),
  };
}

/** What this browser's session holds and has bought at a concert, in the order it was held. */
export function ownReservations(id: string) {
  return {
    queryKey: ["own", id],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const path = { concert: id };
      const request = client.GET("/v1/concerts/{concert}/reservations", { params: { path }, signal });
      return (await ask(request)).items;
    },
    staleTime: 0,
  };
}

export function reservation(concertId: string, id: string) {
  return {
    queryKey: ["reservation", concertId, id],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const path = { concert: concertId, reservation: id };
      const address = "/v1/concerts/{concert}/reservations/{reservation}";
      return ask(client.GET(address, { params: { path }, signal }));
    },
    staleTime: fresh(5 * SECOND),
  };
}

/** What was bought, newest first. */
export function purchasePages() {
  return {
    queryKey: ["purchases"],
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
      const query = pageParam === null ? { limit: 50 } : { limit: 50, cursor: pageParam };
      return ask(client.GET("/v1/me/reservations", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: Schemas["PurchaseList"]) => page.next_cursor,
    staleTime: fresh(5 * SECOND),
  };
}

export function me() {
  return {
    queryKey: ["me"],
    queryFn: ({ signal }: { signal: AbortSignal }) => ask(client.GET("/v1/me", { signal })),
    staleTime: fresh(MINUTE),
  };
}
