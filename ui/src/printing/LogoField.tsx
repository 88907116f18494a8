// The picture above every bill and receipt. The engine makes it grey and as small as paper can show.
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../kit/errorText";
import { useFileDrop } from "../kit/useFileDrop";
import { useSendLogo } from "./commands";
import styles from "./printers.module.css";

/** An empty hash: none. */
export function LogoField(props: { hash: string; disabled: boolean; onChange: (hash: string) => void }) {
  const { t } = useTranslation("printing");
  const errorText = useErrorText();
  const send = useSendLogo(({ hash }) => props.onChange(hash));
  const choose = t(props.hash === "" ? "receipt.logoChoose" : "receipt.logoReplace");
  const { area, input, open } = useFileDrop("image/png,image/jpeg", choose, (file) => send.mutate({ file }));
  return (
    <fieldset className={styles.logo} disabled={props.disabled} {...area}>
      <legend>{t("receipt.logo")}</legend>
      <p>{t("receipt.logoWhy")}</p>
      <div className={styles.logoTools}>
        <Button variant="default" size="xs" loading={send.isPending} onClick={open}>
          {choose}
        </Button>
        {props.hash !== "" && (
          <Button
            variant="subtle"
            size="xs"
            color="gray"
            leftSection={<IconX size={14} />}
            onClick={() => props.onChange("")}
          >
            {t("receipt.logoTakeAway")}
          </Button>
        )}
      </div>
      {send.error !== null && (
        <p role="alert" className={styles.bad}>
          {errorText(send.error).why}
        </p>
      )}
      {input}
    </fieldset>
  );
}
