// What a list of concerts is limited to. It is in the page's address, so that a list can be sent to
// somebody, kept, and gone back to.

export interface Listing {
  q?: string;
  city?: string;
  /** The first moment, as RFC 3339. */
  from?: string;
  /** The moment before which concerts begin, as RFC 3339. */
  to?: string;
}

/** What somebody chose: a month stands for the moments between its ends. */
export interface Wanted {
  q: string;
  city: string;
  /** "2026-12", or nothing for any time. */
  month: string;
}

export function wantedFrom(query: Record<string, string | undefined>): Wanted {
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(query.month ?? "") ? (query.month ?? "") : "";
  return { q: (query.q ?? "").slice(0, 100), city: (query.city ?? "").slice(0, 100), month };
}

export function addressOf(wanted: Wanted): string {
  const params = new URLSearchParams();
  for (const name of ["q", "city", "month"] as const) {
    if (wanted[name] !== "") params.set(name, wanted[name]);
  }
  const query = params.toString();
  return query === "" ? "/" : `/?${query}`;
}

export function listingOf({ q, city, month }: Wanted): Listing {
  const listing: Listing = {};
  if (q.trim() !== "") listing.q = q.trim();
  if (city !== "") listing.city = city;
  if (month !== "") {
    const [year = 0, number = 1] = month.split("-").map(Number);
    listing.from = new Date(Date.UTC(year, number - 1, 1)).toISOString();
    listing.to = new Date(Date.UTC(year, number, 1)).toISOString();
  }
  return listing;
}
