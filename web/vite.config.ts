import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

/** Where the service is, for `npm run dev`. */
const SERVICE = process.env.FRONTROW_URL ?? "http://127.0.0.1:8080";

/**
 * What `measure/` builds the site without, one at a time, to see what each is worth: `split` (code
 * splitting), `cache` (the client's cache), `virtual` (virtual scrolling), `formats` (AVIF, WebP).
 */
const WITHOUT = process.env.FRONTROW_SITE_WITHOUT ?? "";

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false, devToolsEnabled: false })],
  define: {
    __WITHOUT_CACHE__: JSON.stringify(WITHOUT === "cache"),
    __WITHOUT_VIRTUAL__: JSON.stringify(WITHOUT === "virtual"),
    __WITHOUT_FORMATS__: JSON.stringify(WITHOUT === "formats"),
  },
  build: {
    target: "es2022",
    outDir: process.env.FRONTROW_SITE_OUT ?? "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: WITHOUT !== "split",
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        ...(WITHOUT === "split" ? { codeSplitting: false } : {}),
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/v1", "/openapi.json", "/docs", "/problems"].map((path) => [path, { target: SERVICE }]),
    ),
  },
});
