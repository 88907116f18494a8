import { engineOrigin } from "../api/client";

/** Where programs find this engine. */
export const programOrigin = (): string => (engineOrigin() === "" ? window.location.origin : engineOrigin());
