import { defineConfig } from "vite";

/** Builds the phone page: a few files of its own, nothing from other hosts, nothing inline that the page's policy forbids. */
export default defineConfig({
  root: new URL("../src/dashboard", import.meta.url).pathname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    target: "es2020",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
