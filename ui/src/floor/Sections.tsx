// Several tables at once for one person: pick them on the plan or in the list, then say who serves them.
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { say } from "../kit/notify";
import { staffQuery } from "../staff/queries";
import { useAssign } from "./commands";
import styles from "./floor.module.css";

export function Sections(props: { picked: string[]; onClear: () => void; onClose: () => void }) {
  const { t } = useTranslation("floor");
  const people = useQuery(staffQuery(useRestaurantId())).data?.items ?? [];
  const [to, setTo] = useState<string | null>(null);
  const count = props.picked.length;
  const assign = useAssign(() => {
    say(t("sections.done", { count }));
    props.onClear();
  });
  const give = () => {
    if (to === null || count === 0) return;
    assign.mutate({ table_ids: props.picked, to: to === "nobody" ? "nobody" : { staff_id: to } });
  };
  return (
    <form
      className={styles.bar}
      aria-label={t("sections.title")}
      onSubmit={(event) => {
        event.preventDefault();
        give();
      }}
    >
      <p aria-live="polite">{count === 0 ? t("sections.pick") : t("sections.picked", { count })}</p>
      <Select
        aria-label={t("sections.who")}
        placeholder={t("sections.who")}
        searchable
        comboboxProps={{ position: "top" }}
        value={to}
        onChange={setTo}
        data={[
          ...people
            .filter((person) => person.active)
            .map((person) => ({ value: person.id, label: person.name })),
          { value: "nobody", label: t("waiter.nobody") },
        ]}
      />
      <Button
        type="submit"
        className={styles.touch}
        disabled={to === null || count === 0}
        loading={assign.isPending}
      >
        {t("sections.give", { count })}
      </Button>
      <Button variant="default" className={styles.touch} onClick={props.onClose}>
        {t("sections.close")}
      </Button>
    </form>
  );
}
