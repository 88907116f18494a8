// The bones of one order.
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bone } from "../kit/Skeletons";
import styles from "./pane.module.css";

export function PaneSkeleton(props: { onClose: () => void }) {
  const { t } = useTranslation("orders");
  return (
    <>
      <div className={styles.head}>
        <div className={styles.headRow}>
          <Bone w={120} h={22} />
          <span className={styles.grow} />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={t("pane.close")}
            onClick={props.onClose}
          >
            <IconX size={18} />
          </ActionIcon>
        </div>
        <Bone w={220} h={12} />
      </div>
      <div className={styles.bones}>
        {[70, 54, 62, 40].map((w) => (
          <div key={w} className={styles.headRow}>
            <Bone w={`${w}%`} />
            <span className={styles.grow} />
            <Bone w={52} />
          </div>
        ))}
      </div>
    </>
  );
}
