// A concert's house: fetched once, and kept as it is drawn. A map never changes.
import { useQuery } from "@tanstack/preact-query";

import { ask, client, type Schemas } from "../api/client";
import { houseOf, type House } from "../map/house";

export function useHouse(concert: string) {
  return useQuery<House>({
    queryKey: ["house", concert],
    queryFn: async ({ signal }) => {
      const params = { path: { concert } };
      const map = await ask(client.GET("/v1/concerts/{concert}/seat-map", { params, signal }));
      // The client's types make lists of what the document says are pairs.
      return houseOf(map as Schemas["SeatMap"]);
    },
    staleTime: Infinity,
    gcTime: 5 * 60_000,
    // A house of 90,000 seats is not to be compared with itself, property by property.
    structuralSharing: false,
  });
}
