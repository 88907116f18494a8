import { ActionIcon, Button } from "@mantine/core";
import { IconFileText, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Printer } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Pill } from "../kit/Pill";
import { stationsQuery } from "../settings/queries";
import { useTestPrinter } from "./commands";
import { Fate } from "./Fate";
import styles from "./printers.module.css";
import { openJobsQuery } from "./queries";
import { widthOf } from "./widths";

/** One printer: what it is, who prints on it, and a page to see whether it prints. */
export function PrinterRow(props: {
  printer: Printer;
  mayWrite: boolean;
  onChange: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("printing");
  const { printer } = props;
  const { name, columns } = printer;
  const stations = useQuery(stationsQuery(useRestaurantId())).data?.items ?? [];
  const test = useTestPrinter();
  // One that fails is still tried after whoever asked for it has gone and come back.
  const open = useQuery(openJobsQuery(useRestaurantId())).data?.items;
  const asked = test.data ?? open?.find((job) => job.kind === "test" && job.printer_id === printer.id);
  const theirs = stations.filter((one) => printer.station_ids.includes(one.id)).map((one) => one.name);
  const millimetres = widthOf(columns);
  return (
    <li>
      <div className={styles.what}>
        <div className={styles.name}>
          <b>{name}</b>
          {printer.guests && <Pill tone="accent">{t("printers.guests")}</Pill>}
          {printer.drawer && <Pill>{t("printers.drawer")}</Pill>}
        </div>
        <p className="num">
          {[
            printer.address,
            t(`language.${printer.language}.short`),
            millimetres === null
              ? t("width.other", { count: columns })
              : t("width.known", { millimetres, count: columns }),
          ].join(" · ")}
        </p>
        {theirs.length > 0 && <p>{t("printers.tickets", { stations: theirs.join(", ") })}</p>}
        {theirs.length === 0 && !printer.guests && <p>{t("printers.idle")}</p>}
        {asked !== undefined && <Fate of={asked} />}
      </div>
      {props.mayWrite && (
        <div className={styles.steps}>
          <Button
            variant="default"
            leftSection={<IconFileText size={16} />}
            aria-label={t("test.of", { name })}
            loading={test.isPending}
            onClick={() => test.mutate(printer.id)}
          >
            {t("test.do")}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t("printers.change", { name })}
            onClick={props.onChange}
          >
            <IconPencil size={17} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="bad"
            size={36}
            aria-label={t("printers.remove", { name })}
            onClick={props.onRemove}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </div>
      )}
    </li>
  );
}
