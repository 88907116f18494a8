// A word at the edge of the screen after something was done, or why it was not.
import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import type { ApiError } from "../api/errors";
import { useTranslation } from "react-i18next";
import { useErrorText } from "./errorText";

/** The cross in the corner has a name for those who do not see it. */
const closeButtonProps = () => ({ "aria-label": i18next.t("action.close") });

export function say(message: string): void {
  notifications.show({ message, color: "ok", autoClose: 4_000, closeButtonProps: closeButtonProps() });
}

/** Tells that what was asked for was done, and went badly. */
export function warn(message: string): void {
  notifications.show({ message, color: "bad", autoClose: 12_000, closeButtonProps: closeButtonProps() });
}

/** Tells of a refused press; stays until read because it asks the person to do something. */
export function useComplain(): (error: ApiError) => void {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (error) => {
    const { what, why } = errorText(error);
    const message = error.outcomeKnown ? why : `${why} ${t("error.pressAgain")}`;
    notifications.show({
      title: what,
      message,
      color: "bad",
      autoClose: 12_000,
      closeButtonProps: closeButtonProps(),
    });
  };
}
