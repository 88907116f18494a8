// A receipt with one touch, where there is a printer for it; then what became of it.
import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePractice } from "../app/practice";
import { useMay } from "../app/queries";
import { useComplain } from "../kit/notify";
import { usePrint } from "./commands";
import { Fate } from "./Fate";
import styles from "./print.module.css";
import { usePrinters } from "./queries";

export function PrintNow(props: { order_id: string; check_id: string }) {
  const { t } = useTranslation("printing");
  const may = useMay();
  const isPractice = usePractice() !== null;
  const complain = useComplain();
  const hasPrinter = usePrinters()?.some((one) => one.guests) ?? false;
  const print = usePrint();
  if (!hasPrinter || isPractice || !may("orders.pay")) return null;
  if (print.data !== undefined)
    return (
      <div className={styles.now}>
        <Fate of={print.data} />
      </div>
    );
  return (
    <Button
      size="lg"
      variant="default"
      leftSection={<IconPrinter size={19} />}
      loading={print.isPending}
      onClick={() => print.mutate({ of: "check", ...props, paper: "receipt" }, { onError: complain })}
    >
      {t("order.now")}
    </Button>
  );
}
