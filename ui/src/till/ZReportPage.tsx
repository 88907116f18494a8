// One Z report, as it was closed and as it prints.
import { Button } from "@mantine/core";
import { IconArrowLeft, IconFileText, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ZReport } from "../api/types";
import { useRestaurant, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import { PrintDialog } from "../printing/PrintDialog";
import { Figures } from "./Figures";
import { zReportQuery } from "./queries";
import styles from "./till.module.css";

const route = getRouteApi("/shell/till/z/$number");

export function ZReportPage() {
  const { t } = useTranslation("till");
  const rid = useRestaurantId();
  const restaurant = useRestaurant();
  const { dayLong } = useFormat();
  const number = Number(route.useParams().number);
  const query = useQuery(zReportQuery(rid, number));
  const [isPrinting, setPrinting] = useState(false);
  const print = () => setPrinting(true);
  useKeys([{ keys: "mod+p", label: t("z.print"), group: t("title"), run: print }]);
  const report = query.data;
  return (
    <div className={styles.report}>
      <PageHead
        title={t("z.number", { number })}
        sub={
          report === undefined
            ? undefined
            : t("z.sub", { restaurant: restaurant?.name ?? "", day: dayLong(report.business_date) })
        }
      >
        <Button
          component={Link}
          to="/till"
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          className={styles.noPrint}
        >
          {t("z.back")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFileText size={16} />}
          onClick={() => window.print()}
          className={styles.noPrint}
        >
          {t("z.page")}
        </Button>
        <Button leftSection={<IconPrinter size={16} />} onClick={print} className={styles.noPrint}>
          {t("z.print")}
        </Button>
      </PageHead>
      {isPrinting && (
        <PrintDialog
          title={t("z.number", { number })}
          file={`z-${number}`}
          paper={{ of: "till", z: number }}
          onClose={() => setPrinting(false)}
        />
      )}
      <Answer
        query={query}
        skeleton={
          <PageBody>
            <SkeletonStats />
            <SkeletonRows rows={4} />
          </PageBody>
        }
      >
        {(data) => (
          <PageBody>
            <Figures totals={data} />
            <Closing report={data} />
          </PageBody>
        )}
      </Answer>
    </div>
  );
}

function Closing(props: { report: ZReport }) {
  const { t } = useTranslation("till");
  const { money, dateTime } = useFormat();
  const { report } = props;
  const by = report.over_short_minor;
  return (
    <div className={`${styles.closing} num`}>
      <p>
        {t(by === 0 ? "z.drawerExact" : by > 0 ? "z.drawerOver" : "z.drawerShort", {
          by: money(Math.abs(by)),
        })}
      </p>
      <p>
        {report.handed_over_orders === 0
          ? t("z.nothingOpen")
          : t("z.handedOver", { count: report.handed_over_orders })}
      </p>
      <p>{t("z.closed", { name: report.closed_by_name, at: dateTime(report.closed_at_ms) })}</p>
    </div>
  );
}
