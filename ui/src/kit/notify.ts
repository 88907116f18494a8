// A word at the edge of the screen after something was done, or why it was not.
import { notifications } from "@mantine/notifications";
import type { ApiError } from "../api/errors";
import { useTranslation } from "react-i18next";
import { useErrorText } from "./errorText";

export function say(message: string): void {
  notifications.show({ message, color: "ok", autoClose: 4_000 });
}

/** Tells of a refused press; stays until read because it asks the person to do something. */
export function useComplain(): (error: ApiError) => void {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (error) => {
    const { what, why } = errorText(error);
    const message = error.outcomeKnown ? why : `${why} ${t("error.pressAgain")}`;
    notifications.show({ title: what, message, color: "bad", autoClose: 12_000 });
  };
}
