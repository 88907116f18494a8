// Where the contract is, for people and for programs. The window shows no other page: there it opens in a browser.
import { Button } from "@mantine/core";
import { IconBook, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { inWindow, openContract } from "../desktop";
import { asApiError } from "../api/errors";
import { download } from "../kit/download";
import { useComplain, warn } from "../kit/notify";
import { Panel } from "../kit/Page";
import styles from "./developers.module.css";
import { programOrigin } from "./origin";
import { CONTRACT } from "./queries";

const PAGE = "/api-docs/";
const FILES = [
  { name: "openapi", path: CONTRACT, file: "comanda.openapi.json" },
  { name: "postman", path: "/api-docs/postman.json", file: "comanda.postman_collection.json" },
] as const;

export function Contract() {
  const { t } = useTranslation("developers");
  const complain = useComplain();
  return (
    <Panel title={t("contract.title")}>
      <ul className={styles.contract}>
        <li>
          <div>
            <b>{t("contract.page")}</b>
            <span>{t("contract.pageWhy")}</span>
            <code>{programOrigin() + PAGE}</code>
          </div>
          {inWindow() ? (
            <Button
              variant="default"
              leftSection={<IconBook size={15} />}
              onClick={() => void openContract().catch(() => warn(t("contract.noBrowser")))}
            >
              {t("contract.open")}
            </Button>
          ) : (
            <Button
              component="a"
              variant="default"
              leftSection={<IconBook size={15} />}
              href={PAGE}
              target="_blank"
              rel="noreferrer"
            >
              {t("contract.open")}
            </Button>
          )}
        </li>
        {FILES.map(({ name, path, file }) => (
          <li key={name}>
            <div>
              <b>{t(`contract.${name}`)}</b>
              <span>{t(`contract.${name}Why`)}</span>
              <code>{programOrigin() + path}</code>
            </div>
            <Button
              variant="default"
              leftSection={<IconDownload size={15} />}
              aria-label={t("contract.downloadOf", { what: t(`contract.${name}`) })}
              onClick={() => void download(path, file).catch((error: unknown) => complain(asApiError(error)))}
            >
              {t("contract.download")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
