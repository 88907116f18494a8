// A page of cards, each with its form: how choices and price lists are kept. The key that adds one, and what stands
// here before there is one.
import { Button } from "@mantine/core";
import { type Icon, IconPlus } from "@tabler/icons-react";
import { Fragment, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../app/queries";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { EmptyState } from "../kit/States";
import styles from "./editor.module.css";

export function Cards<T extends { id: string; name: string }>(props: {
  items: T[];
  /** What adding one is called. */
  add: string;
  empty: { icon: Icon; title: string; text: string };
  /** `edit`: the button that opens its form, for whoever may. */
  card: (item: T, edit: ReactNode) => ReactNode;
  /** Null: of a new one. */
  form: (item: T | null, onClose: () => void) => ReactNode;
}) {
  const { t } = useTranslation("menu");
  const { items, add, empty } = props;
  const canWrite = useMay()("menu.write");
  const [open, setOpen] = useState<{ item: T | null } | null>(null);
  const begin = () => setOpen({ item: null });
  useKeys(canWrite ? [{ keys: "n", label: add, group: t("title"), run: begin }] : []);
  const form = open !== null && (
    <Fragment key={open.item?.id ?? "new"}>{props.form(open.item, () => setOpen(null))}</Fragment>
  );
  if (items.length === 0) {
    return (
      <>
        <EmptyState icon={empty.icon} title={empty.title} text={empty.text}>
          {canWrite && <Button onClick={begin}>{add}</Button>}
        </EmptyState>
        {form}
      </>
    );
  }
  return (
    <div className={styles.cards}>
      {items.map((item) => (
        <section key={item.id} className={styles.card} aria-label={item.name}>
          {props.card(
            item,
            canWrite && (
              <Button
                variant="default"
                size="xs"
                aria-label={t("item.edit", { name: item.name })}
                onClick={() => setOpen({ item })}
              >
                {t("choices.edit")}
              </Button>
            ),
          )}
        </section>
      ))}
      {canWrite && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            rightSection={<KeyCaps keys="n" />}
            onClick={begin}
          >
            {add}
          </Button>
        </div>
      )}
      {form}
    </div>
  );
}
