// Which address a journey's concert has.
interface Item {
  id: string;
  slug: string;
  capacity: number;
}

export async function concertId(url: string, slug: string): Promise<string> {
  const list = (await (await fetch(`${url}/v1/concerts?limit=50`)).json()) as { items: Item[] };
  const found = list.items.find((item) => item.slug === slug);
  if (found === undefined) throw new Error(`there is no concert ${slug}`);
  return found.id;
}

export async function concertAt(url: string, slug: string): Promise<string> {
  return `${url}/concerts/${await concertId(url, slug)}/${slug}`;
}

/** Somebody else takes these seats, without a page. */
export async function takeByHand(url: string, concert: string, seats: readonly string[]): Promise<void> {
  const session = (await (await fetch(`${url}/v1/sessions`, { method: "POST" })).json()) as { token: string };
  const answer = await fetch(`${url}/v1/concerts/${concert}/reservations`, {
    method: "POST",
    headers: { authorization: `Bearer ${session.token}`, "idempotency-key": crypto.randomUUID(), "content-type": "application/json" },
    body: JSON.stringify({ seats }),
  });
  if (answer.status !== 201) throw new Error(`they could not be taken: ${await answer.text()}`);
}

/** The address of the first concert with so many places. */
export async function concertOf(url: string, capacity: number): Promise<string> {
  const list = (await (await fetch(`${url}/v1/concerts?limit=50`)).json()) as { items: Item[] };
  const found = list.items.find((item) => item.capacity === capacity);
  if (found === undefined) throw new Error(`there is no concert for ${capacity}`);
  return `${url}/concerts/${found.id}/${found.slug}`;
}
