import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeyMap } from "../kit/keys";
import styles from "./shell.module.css";

export default function KeyMap(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const entries = useKeyMap();
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <Modal opened onClose={props.onClose} title={t("keys.title")} size="lg">
      <div className={styles.keymap}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {entries
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <div key={entry.keys + entry.label}>
                    <dt>{entry.label}</dt>
                    <dd>
                      <KeyCaps keys={entry.keys} />
                      <span className="visually-hidden">{entry.keys}</span>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className={styles.keymapNote}>{t("keys.note")}</p>
    </Modal>
  );
}
