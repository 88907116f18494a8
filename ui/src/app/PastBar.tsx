// Over every page while this screen looks at a moment of the past: which one, that nothing can be changed, and the
// way back. It also keeps the moment open, and leaves when the engine has closed it.
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { LinkButton } from "../kit/LinkButton";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { rewindViewQuery } from "../rewind/queries";
import { comeBack, type Rewound } from "./rewound";
import styles from "./past.module.css";

export function PastBar({ moment }: { moment: Rewound }) {
  const { t } = useTranslation("rewind");
  const { moment: toTheSecond } = useFormat();
  const { error } = useQuery({ ...rewindViewQuery(moment.restaurantId, moment.view), retry: false });
  const isClosed = error !== null && asApiError(error).code === "not_found";
  useEffect(() => {
    if (!isClosed) return;
    say(t("bar.closed"));
    comeBack();
  }, [isClosed, t]);
  useKeys([{ keys: "Escape", label: t("bar.back"), group: t("title"), run: comeBack }]);
  return (
    <section className={styles.bar} aria-label={t("bar.label")}>
      <IconHistory size={18} aria-hidden />
      <p>
        <b className="num">{t("bar.at", { at: toTheSecond(moment.at_ms) })}</b> <span>{t("bar.why")}</span>
      </p>
      <LinkButton size="compact-sm" variant="white" className={styles.button} to="/rewind">
        {t("bar.beside")}
      </LinkButton>
      <Button
        size="compact-sm"
        variant="white"
        className={styles.button}
        leftSection={<IconArrowBackUp size={14} />}
        onClick={comeBack}
      >
        {t("bar.back")} <KeyCaps keys="Escape" />
      </Button>
    </section>
  );
}
