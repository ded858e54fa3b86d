import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app.css";
import "@/components/common.css";

import { MantineProvider, createTheme } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { LanguageProvider } from "@/lib/i18n/LanguageProvider";
import { QueriesProvider } from "@/lib/QueriesProvider";
import { App } from "./App";

const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9, // contrast with white in both directions: 5:1
  fontFamily: "system-ui, sans-serif",
  defaultRadius: "md",
  respectReducedMotion: true,
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <LanguageProvider>
        <QueriesProvider>
          <App />
        </QueriesProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
