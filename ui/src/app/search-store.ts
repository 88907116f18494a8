// Whether the search field is open; apart from Search.tsx so that opening it does not load it twice.
import { createSpotlight } from "@mantine/spotlight";

const [store, control] = createSpotlight();

export const searchStore = { store, open: control.open, close: control.close };
