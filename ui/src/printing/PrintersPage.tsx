// The printers of this computer: what each is for, whether it prints, and what stands on every receipt.
import { Button } from "@mantine/core";
import { IconPlus, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Printer } from "../api/types";
import { restaurantQuery, useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { OnReceipt } from "./OnReceipt";
import { PrinterForm } from "./PrinterForm";
import { PrinterRow } from "./PrinterRow";
import styles from "./printers.module.css";
import { openJobsQuery } from "./queries";
import { Recent } from "./Recent";
import { RemovePrinter } from "./RemovePrinter";

export function PrintersPage() {
  const { t } = useTranslation("printing");
  const rid = useRestaurantId();
  const query = useQuery(openJobsQuery(rid));
  const restaurant = useQuery(restaurantQuery(rid)).data;
  const mayWrite = useMay()("settings.write");
  /** Null: a new one. */
  const [changing, setChanging] = useState<{ printer: Printer | null } | null>(null);
  const [removing, setRemoving] = useState<Printer | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setChanging({ printer: null })}>
      {t("printers.add")}
    </Button>
  );
  const hasSome = (query.data?.printers.length ?? 0) > 0;
  return (
    <>
      <PageHead title={t("printers.title")} sub={t("printers.sub")}>
        {mayWrite && hasSome && add}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
          {({ printers }) => (
            <>
              <Panel>
                {printers.length === 0 ? (
                  <EmptyState
                    icon={IconPrinter}
                    title={t("printers.empty.title")}
                    text={t("printers.empty.text")}
                  >
                    {mayWrite && add}
                  </EmptyState>
                ) : (
                  <ul className={styles.printers} aria-label={t("printers.title")}>
                    {printers.map((printer) => (
                      <PrinterRow
                        key={printer.id}
                        printer={printer}
                        mayWrite={mayWrite}
                        onChange={() => setChanging({ printer })}
                        onRemove={() => setRemoving(printer)}
                      />
                    ))}
                  </ul>
                )}
                {printers.length > 0 && !printers.some((one) => one.guests) && (
                  <p className={styles.none} role="status">
                    {t("printers.noneForGuests")}
                  </p>
                )}
              </Panel>
              {restaurant !== undefined && (
                <OnReceipt
                  key={restaurant.id}
                  restaurant={restaurant}
                  columns={printers.find((one) => one.guests)?.columns}
                  readOnly={!mayWrite}
                />
              )}
              {printers.length > 0 && <Recent printers={printers} />}
              {changing !== null && (
                <PrinterForm
                  printer={changing.printer}
                  printers={printers}
                  onClose={() => setChanging(null)}
                />
              )}
            </>
          )}
        </Answer>
        {removing !== null && <RemovePrinter of={removing} onClose={() => setRemoving(null)} />}
      </PageBody>
    </>
  );
}
