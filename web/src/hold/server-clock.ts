// The service's clock, as it was last told. A hold ends by that clock alone, so a countdown goes by
// it, however wrong the device's own is and however often it is set.

/** Where the difference to the device's clock is kept, for the first moments after a reload. */
const KEPT = "frontrow.clock";
/** An answer that took longer than the best one tells less, until that one is this old. */
const STALE_MS = 60_000;

interface Reading {
  /** The service's time, in milliseconds since 1970, ... */
  server: number;
  /** ... when this page's own clock, which only runs forward, stood here. */
  page: number;
  /** How wrong it may be: half the time that the answer was under way. */
  within: number;
}

export class ServerClock {
  private reading: Reading | null = null;

  constructor(
    /** Runs only forward, in milliseconds. */
    private readonly page: () => number,
    /** What the device says, in milliseconds since 1970; it may be set. */
    private readonly device: () => number,
    private readonly kept: Pick<Storage, "getItem" | "setItem">,
  ) {}

  /** Notes what the service said, to a request sent and answered at these times of the page. */
  note(serverIso: string, sent: number, received: number): void {
    const server = Date.parse(serverIso);
    if (Number.isNaN(server)) return;
    const within = (received - sent) / 2;
    const old = this.reading;
    if (old !== null && within > old.within && received - old.page < STALE_MS) return;
    this.reading = { server, page: sent + within, within };
    this.kept.setItem(KEPT, String(Math.round(this.now() - this.device())));
  }

  /** The service's time now, in milliseconds since 1970. */
  now(): number {
    if (this.reading !== null) return this.reading.server + (this.page() - this.reading.page);
    const difference = Number(this.kept.getItem(KEPT) ?? 0);
    return this.device() + (Number.isFinite(difference) ? difference : 0);
  }
}
