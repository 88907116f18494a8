// Why a notice did not arrive, in words.
import { useTranslation } from "react-i18next";
import { isMail, type NoticeTarget, type NoticeTried } from "./queries";

/** What is said otherwise of a mail server; the rest of the reasons is the same for every computer that is asked. */
const OF_MAIL = [
  "name_not_found",
  "refused",
  "unreachable",
  "timed_out",
  "certificate",
  "no_tls",
  "cut_off",
  "status",
] as const;
/** What a mail server says to a wrong user or password (RFC 4954). */
const WRONG_LOG_IN = 535;

export function useWhy(): (target: NoticeTarget, tried: NoticeTried) => string {
  const { t } = useTranslation("notices");
  const { t: common } = useTranslation("deployments");
  return (target, { reason, status }) => {
    if (reason == null) return "";
    const ofMail = isMail(target) ? OF_MAIL.find((known) => known === reason) : undefined;
    if (ofMail === undefined) return common(`reason.${reason}`, { status });
    return status === WRONG_LOG_IN
      ? t("mail.reason.logIn", { status })
      : t(`mail.reason.${ofMail}`, { status });
  };
}
