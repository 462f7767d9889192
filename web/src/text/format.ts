// Dates, money and counts, as the reader's browser writes them. A concert's times are the venue's.

/** Formatters cost a millisecond each to make, and a list needs the same few again and again. */
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function dates(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}${JSON.stringify(options)}`;
  const kept = made.get(key) as Intl.DateTimeFormat | undefined;
  const format = kept ?? new Intl.DateTimeFormat(undefined, { ...options, ...(zone ? { timeZone: zone } : {}) });
  made.set(key, format);
  return format;
}

/** "Fri 4 Dec, 19:30", with the year if it is not this one. */
export function moment(iso: string, zone?: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return dates(zone, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", ...year }).format(at);
}

/** "Friday, 4 December 2026 at 19:30". */
export function longMoment(iso: string, zone?: string): string {
  return dates(zone, { dateStyle: "full", timeStyle: "short" }).format(new Date(iso));
}

/** "December 2026". */
export function month(iso: string, zone?: string): string {
  return dates(zone, { month: "long", year: "numeric" }).format(new Date(iso));
}

/** The same month as something to compare and to put into an address: "2026-12". */
export function monthKey(iso: string, zone: string): string {
  const parts = dates(zone, { year: "numeric", month: "2-digit" }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((it) => it.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}`;
}

export interface Money {
  /** In the currency's minor unit. */
  amount: number;
  currency: string;
}

/** "€95", "€95.50", "¥9,500": cents only when there are any. */
export function money({ amount, currency }: Money): string {
  const key = `money${currency}`;
  const kept = made.get(key) as Intl.NumberFormat | undefined;
  const format =
    kept ??
    new Intl.NumberFormat(undefined, {
      style: "currency",
      currency,
      trailingZeroDisplay: "stripIfInteger",
    } as Intl.NumberFormatOptions);
  made.set(key, format);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export function count(value: number): string {
  const kept = made.get("count") as Intl.NumberFormat | undefined;
  const format = kept ?? new Intl.NumberFormat();
  made.set("count", format);
  return format.format(value);
}

/** "4:07", and "1:02:30" from an hour on. Nothing is left below zero. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
