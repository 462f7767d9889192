// Idempotency keys: a name of its own for every wish.
export function freshKey(): string {
  // `crypto.randomUUID` is missing where a site is served over plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
