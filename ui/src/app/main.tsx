// The entry: words, engine, then the window's page.
import "@fontsource-variable/inter";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./tokens.css";
import "./global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "./connect";
import { startI18n } from "./i18n";
import { listenToKeys } from "../kit/keys";
import { openWhatIsAsked } from "./outside";
import { queryClient } from "./queryClient";
import { router } from "./router";
import { currentSession, onSessionChange } from "./session";
import { cssVariables, schemeManager, theme } from "./theme";

async function start(): Promise<void> {
  await startI18n();
  await connect();
  listenToKeys();
  onSessionChange(() => {
    // Nothing of the person before is left on screen or in memory.
    if (currentSession() === null) queryClient.clear();
    void router.invalidate();
  });
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-left" containerWidth={320} limit={4} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
  await openWhatIsAsked();
}

void start();
