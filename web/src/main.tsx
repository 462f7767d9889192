import { render } from "preact";

import { App } from "./app";
import "./styles/base.css";
import "./styles/controls.css";
import "./shell/shell.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);

// What was seen once is there without a network. It waits until the page itself has been loaded.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
