"use strict";

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

Redoc.init("openapi.json", {
  scrollYOffset: ".bar",
  nativeScrollbars: true,
  pathInMiddlePanel: true,
  requiredPropsFirst: true,
  jsonSamplesExpandLevel: 3,
  theme: {
    colors: { primary: { main: "#0e7f8b" }, text: { primary: "#12303f", secondary: "#4a6572" }, border: { light: "#d5e2e6" } },
    typography: {
      fontSize: "15px",
      lineHeight: "1.6",
      fontFamily: sans,
      headings: { fontFamily: sans, fontWeight: "650" },
      code: { fontFamily: mono, fontSize: "13px", color: "#0e5b66", backgroundColor: "#eef5f6" },
      links: { color: "#0e7f8b" },
    },
    sidebar: { backgroundColor: "#f4f8f9", textColor: "#12303f", activeTextColor: "#0e7f8b" },
    rightPanel: { backgroundColor: "#0b2a3a" },
  },
}, document.getElementById("redoc"));
