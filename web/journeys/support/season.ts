// Concerts that are made for journeys: each journey has one of its own, so that none finds seats
// gone that another took.
const THEATRE = {
  "Premium stalls": 9500, Stalls: 7200, Boxes: 11000, "Dress circle front": 8500,
  "Dress circle": 6500, "Upper circle": 3500, Accessible: 3500,
};
const CELLAR = { Floor: 3800, Balcony: 4650 };
const STADIUM = {
  "Pitch front": 29700, Pitch: 21400, "Lower tier": 17300, "Club tier": 24800,
  "Upper tier": 11600, "Behind the stage": 6600, Accessible: 6600,
};

const JOURNEYS = ["race", "reload", "keyboard", "restart", "buying", "live", "changing", "looks"];

export function season(houses: readonly string[]): object[] {
  const theatre = JOURNEYS.map((name) => concert(name, "Meridian Theatre", THEATRE, { hold_seconds: 300 }));
  return [
    ...(houses.includes("theatre") ? [...theatre, concert("running-out", "Meridian Theatre", THEATRE, { hold_seconds: 6 })] : []),
    ...(houses.includes("cellar") ? [concert("standing", "Copper Cellar", CELLAR, {})] : []),
    ...(houses.includes("stadium") ? [concert("stadium", "Harbour Stadium", STADIUM, {})] : []),
  ];
}

function concert(slug: string, house: string, prices: object, more: object): object {
  return {
    slug,
    title: "A Journey",
    artist: `The ${slug} band`,
    venue: { name: `${house} Paris`, city: "Paris", time_zone: "Europe/Paris" },
    seat_map: house,
    starts_at: "2099-11-18T20:00[Europe/Paris]",
    sale: { opens_at: "2026-11-02T10:00[Europe/Paris]" },
    currency: "EUR",
    prices,
    ...more,
  };
}
