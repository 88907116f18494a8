// In the top bar of a linked desk: whether what is done here is everywhere. A desk of its own shows nothing.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { Pill } from "../kit/Pill";
import { standing } from "./model";
import { syncStateQuery } from "./queries";
import styles from "./sync.module.css";

export function SyncPill() {
  const { t } = useTranslation("sync");
  const may = useMay();
  const query = useQuery({ ...syncStateQuery(useRestaurantId()), enabled: may("clock.own") });
  const state = query.data;
  if (state?.link == null) return null;
  const { tone, word } = standing(state.link, state.waiting);
  const text = t(`pill.${word}`, { count: state.waiting });
  const pill = (
    <Pill tone={tone} title={t(`pillWhy.${word}`)}>
      <span className={styles.long}>{text}</span>
      <span className={styles.short}>{state.waiting > 0 ? state.waiting : t("pill.short")}</span>
    </Pill>
  );
  if (!may("sync.read")) return pill;
  return (
    <Link to="/sync" className={styles.pill}>
      {pill}
    </Link>
  );
}
