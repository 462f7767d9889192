// The site's pages. Each is loaded when somebody goes there; the list, where most begin, is at hand.
import { QueryClientProvider } from "@tanstack/preact-query";
import { ErrorBoundary, LocationProvider, Route, Router, lazy } from "preact-iso";

import { HoldBar } from "./hold/hold-bar";
import ListPage from "./list/list-page";
import { ConnectionBanner } from "./shell/connection-banner";
import { Header } from "./shell/header";
import { queries } from "./shell/query-client";
import { settle } from "./shell/settle";
import { Missing } from "./shell/wrong";
import { text } from "./text/en";

const ConcertPage = lazy(() => import("./concert/concert-page"));
const HoldPage = lazy(() => import("./hold/hold-page"));
const TicketsPage = lazy(() => import("./tickets/tickets-page"));
const AccountPage = lazy(() => import("./account/account-page"));

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LocationProvider>
        <a class="button skip" href="#content">
          {text.skip}
        </a>
        <HoldBar />
        <Header />
        <main id="content" tabIndex={-1}>
          <ErrorBoundary>
            <Router onRouteChange={settle}>
              <Route path="/" component={ListPage} />
              <Route path="/concerts/:id/:slug?" component={ConcertPage} />
              <Route path="/holds/:concert/:id" component={HoldPage} />
              <Route path="/tickets" component={TicketsPage} />
              <Route path="/account" component={AccountPage} />
              <Route default component={Missing} />
            </Router>
          </ErrorBoundary>
        </main>
        <ConnectionBanner />
      </LocationProvider>
    </QueryClientProvider>
  );
}
