"use strict";

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

// Redoc reads its colours only at the start, so a changed preference reloads the page.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => window.location.reload());

const colours = dark.matches
  ? {
      ink: "#dde8ec", faint: "#a3b7c0", sea: "#4fc3cb", foam: "#16262e", line: "#2b424d",
      code: "#7fd6dc", code_back: "#1b2f38", samples: "#0a1419",
      success: "#5cc489", error: "#ff8f85", warning: "#f2b544",
    }
  : {
      ink: "#12303f", faint: "#4a6572", sea: "#0b7480", foam: "#f4f8f9", line: "#d5e2e6",
      code: "#0e5b66", code_back: "#eef5f6", samples: "#0b2a3a",
      success: "#1d7a45", error: "#c0271d", warning: "#8a5a00",
    };

Redoc.init("openapi.json", {
  scrollYOffset: ".bar",
  nativeScrollbars: true,
  pathInMiddlePanel: true,
  requiredPropsFirst: true,
  jsonSamplesExpandLevel: 3,
  theme: {
    colors: {
      primary: { main: colours.sea },
      success: { main: colours.success },
      error: { main: colours.error },
      warning: { main: colours.warning },
      text: { primary: colours.ink, secondary: colours.faint },
      border: { light: colours.line, dark: colours.line },
    },
    schema: { nestedBackground: colours.foam, linesColor: colours.line, typeNameColor: colours.faint, typeTitleColor: colours.faint },
    typography: {
      fontSize: "15px",
      lineHeight: "1.6",
      fontFamily: sans,
      headings: { fontFamily: sans, fontWeight: "650" },
      code: { fontFamily: mono, fontSize: "13px", color: colours.code, backgroundColor: colours.code_back },
      links: { color: colours.sea },
    },
    sidebar: { backgroundColor: colours.foam, textColor: colours.ink, activeTextColor: colours.sea },
    fab: { backgroundColor: colours.foam, color: colours.sea },
    rightPanel: {
      backgroundColor: colours.samples,
      servers: { overlay: { backgroundColor: colours.foam, textColor: colours.ink }, url: { backgroundColor: colours.code_back } },
    },
  },
}, document.getElementById("redoc"));
