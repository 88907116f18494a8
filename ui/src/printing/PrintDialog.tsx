// What is on a piece of paper, and the ways to have it: on a printer, or as a PDF.
import { Button, Modal, Select } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import type { Paper as PaperData } from "../api/types";
import { usePractice } from "../app/practice";
import { useMay, useRestaurant, useRestaurantId } from "../app/queries";
import { useRewound } from "../app/rewound";
import { Answer } from "../kit/Answer";
import { download } from "../kit/download";
import { useErrorText } from "../kit/errorText";
import { say, useComplain } from "../kit/notify";
import { Bone } from "../kit/Skeletons";
import { useFocusBack } from "../kit/useFocusBack";
import { usePrint } from "./commands";
import { NoPrinter } from "./NoPrinter";
import { Paper } from "./Paper";
import styles from "./print.module.css";
import { type PaperOf, paperQuery, pdfPath, usePrinters } from "./queries";
import { copyRows } from "./sample";
import { useJobTitle } from "./useJobName";

interface Props {
  /** What it is: "Receipt of A-0012". */
  title: string;
  /** How its file is called, without the ending. */
  file: string;
  paper: PaperOf;
  /** Choices of which paper it is, above it. */
  choice?: ReactNode;
  onClose: () => void;
}

export function PrintDialog(props: Props) {
  const rid = useRestaurantId();
  const [printer, setPrinter] = useState<string>();
  const query = useQuery(paperQuery(rid, props.paper, printer));
  useFocusBack();
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={480}>
      <div className={styles.whole}>
        {props.choice}
        <Answer query={query} skeleton={<PaperBones />} isInner>
          {(paper) => <Shown {...props} shown={paper} chosen={printer} onChoose={setPrinter} />}
        </Answer>
      </div>
    </Modal>
  );
}

function Shown(props: Props & { shown: PaperData; chosen?: string; onChoose: (printer_id: string) => void }) {
  const { t } = useTranslation("printing");
  const { shown, paper, title, chosen } = props;
  const rid = useRestaurantId();
  const may = useMay();
  const restaurant = useRestaurant();
  const errorText = useErrorText();
  const complain = useComplain();
  const printers = usePrinters();
  const [isSaving, setSaving] = useState(false);
  const isPractice = usePractice() !== null;
  const isPast = useRewound() !== null;
  const titleOf = useJobTitle();
  const mayPrint = may(paper.of === "check" ? "orders.pay" : "till.write");
  const forGuests = printers?.find((one) => one.guests);
  const to = printers?.find((one) => one.id === chosen) ?? forGuests;
  const print = usePrint((job) => {
    const printer = printers?.find((one) => one.id === job.printer_id)?.name ?? "";
    say(t("print.sent", { what: titleOf(job), printer }));
    props.onClose();
  });
  const save = async () => {
    setSaving(true);
    try {
      await download(pdfPath(rid, paper), `${props.file}.pdf`);
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setSaving(false);
    }
  };
  const copy = copyRows(shown.copies, restaurant?.locale ?? "en", shown.columns);
  return (
    <>
      <Paper label={title} columns={shown.columns} rows={[...copy, ...shown.rows]} />
      {isPractice ? (
        <p className={styles.says}>{t("print.practice")}</p>
      ) : isPast ? (
        <p className={styles.says}>{t("print.past")}</p>
      ) : !mayPrint ? (
        <p className={styles.says}>{t("print.mayNot")}</p>
      ) : (
        printers !== undefined && forGuests === undefined && <NoPrinter hasSome={printers.length > 0} />
      )}
      {mayPrint && !isPractice && printers !== undefined && printers.length > 1 && (
        <Select
          label={t("print.printer")}
          allowDeselect={false}
          placeholder={t("print.choose")}
          value={to?.id ?? null}
          onChange={(id) => id !== null && props.onChoose(id)}
          data={printers.map((one) => ({
            value: one.id,
            label: one.guests ? t("print.forGuests", { name: one.name }) : one.name,
          }))}
        />
      )}
      {print.error !== null && (
        <p role="alert" className={styles.problem}>
          {errorText(print.error).short}
        </p>
      )}
      <div className={styles.foot}>
        <Button
          variant="default"
          size="md"
          leftSection={<IconDownload size={17} />}
          loading={isSaving}
          onClick={() => void save()}
        >
          {t("print.pdf")}
        </Button>
        {mayPrint && !isPractice && to !== undefined && (
          <Button
            autoFocus
            size="md"
            leftSection={<IconPrinter size={17} />}
            loading={print.isPending}
            onClick={() => print.mutate({ ...paper, ...(chosen === null ? {} : { printer_id: chosen }) })}
          >
            {shown.copies === 0 ? t("print.do") : t("print.copy", { number: shown.copies })}
          </Button>
        )}
      </div>
    </>
  );
}

function PaperBones() {
  return (
    <div className={styles.bones}>
      <Bone w="50%" h={22} />
      {Array.from({ length: 9 }, (_, row) => (
        <Bone key={row} w={`${64 + ((row * 13) % 36)}%`} />
      ))}
    </div>
  );
}
