// How answers are kept: shown at once when they were asked for before, and asked for again behind.
import { QueryCache, QueryClient } from "@tanstack/preact-query";

import { Problem } from "../api/problem";
import { waitAfter } from "../api/resend";
import { heard } from "./connection";

const KEPT_MS = 30 * 60 * 1_000;
const RETRIES = 4;

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: () => heard(true),
    onError: (error) => heard(!(error instanceof Problem) || !error.passes),
  }),
  defaultOptions: {
    queries: {
      gcTime: __WITHOUT_CACHE__ ? 0 : KEPT_MS,
      refetchOnWindowFocus: !__WITHOUT_CACHE__,
      retry: (failures, error) => error instanceof Problem && error.passes && failures < RETRIES,
      retryDelay: (failures, error) => (error instanceof Problem ? waitAfter(error, failures + 1) : 0),
      // Offline, what was seen before is shown, and asking fails at once and says so.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
