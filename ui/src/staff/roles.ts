import type { Role } from "../api/types";

/** From most to least, as they are listed and offered. */
export const roles: Role[] = ["owner", "admin", "manager", "cashier", "waiter", "chef"];
