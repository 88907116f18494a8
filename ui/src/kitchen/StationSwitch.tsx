// Which station this screen shows, each with what it still has to make.
import { SegmentedControl, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Kitchen } from "../api/types";
import { ALL } from "./place";
import styles from "./kitchen.module.css";

/** More do not fit beside each other on a tablet. */
const SIDE_BY_SIDE_MAX = 4;

export function StationSwitch(props: {
  stations: Kitchen["stations"];
  value: string | undefined;
  onChange: (station: string) => void;
}) {
  const { t } = useTranslation("kitchen");
  const { stations } = props;
  if (stations.length < 2) return null;
  const named = stations.map((station) => ({
    value: station.id,
    label:
      station.to_make === 0
        ? station.name
        : t("station.busy", { name: station.name, count: station.to_make }),
  }));
  const data = [{ value: ALL, label: t("station.all") }, ...named];
  if (stations.length > SIDE_BY_SIDE_MAX) {
    return (
      <Select
        size="md"
        className={`${styles.stations} ${styles.station}`}
        aria-label={t("station.label")}
        value={props.value ?? ALL}
        onChange={(next) => props.onChange(next ?? ALL)}
        allowDeselect={false}
        data={data}
      />
    );
  }
  return (
    <SegmentedControl
      size="md"
      className={styles.station ?? ""}
      aria-label={t("station.label")}
      value={props.value ?? ALL}
      onChange={props.onChange}
      data={data}
    />
  );
}
