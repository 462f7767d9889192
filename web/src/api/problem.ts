// What went wrong, as the service says it: RFC 9457 problems, and the one that only we can see.

/** An answer that is not the one that was asked for. */
export class Problem extends Error {
  constructor(
    /** The last part of the problem's `type`, such as `seats-unavailable`. */
    readonly kind: string,
    readonly status: number,
    /** All that the problem says. */
    readonly members: Record<string, unknown>,
    /** After how many seconds to ask again, if the service said so. */
    readonly retryAfter: number | null,
  ) {
    super(String(members.detail ?? kind));
  }

  /** Whether the same request may get another answer soon, as it was not decided by what it says. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** A list of texts that the problem names, such as the seats that are gone. */
  texts(member: string): string[] {
    const found = this.members[member];
    return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
  }

  /** A text that the problem names, such as the time when a sale opens. */
  text(member: string): string | null {
    const found = this.members[member];
    return typeof found === "string" ? found : null;
  }
}

/** Nothing came back: there is no network, or nobody at its other end. */
export function unreachable(): Problem {
  return new Problem("unreachable", 0, {}, null);
}

/** The problem in an answer. Whatever stands in front of the service may answer without one. */
export function problemOf(response: Response, body: unknown): Problem {
  const members = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const type = typeof members.type === "string" ? members.type : "";
  const fallback = response.status >= 500 ? "unavailable" : "unexpected";
  const kind = type.startsWith("/problems/") ? type.slice("/problems/".length) : fallback;
  const seconds = Number(response.headers.get("retry-after"));
  return new Problem(kind, response.status, members, seconds > 0 ? seconds : null);
}

/** Whether an error is a problem of this kind. */
export function isProblem(error: unknown, kind: string): error is Problem {
  return error instanceof Problem && error.kind === kind;
}
