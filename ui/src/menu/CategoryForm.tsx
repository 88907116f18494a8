import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Colour, MenuCategory } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { useAddCategory, useChangeCategory, useRemoveCategory } from "./commands";
import editor from "./editor.module.css";
import styles from "./menu.module.css";

const colours: Colour[] = ["red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"];

export function CategoryForm(props: {
  category: MenuCategory | null;
  onClose: () => void;
  onAdded: (category: MenuCategory) => void;
}) {
  const { category } = props;
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const [removing, setRemoving] = useState(false);
  const [colour, setColour] = useState<Colour | null>(category?.colour ?? null);
  const form = useForm({
    initialValues: { name: category?.name ?? "" },
    validate: { name: (value) => (value.trim() === "" ? t("form.categoryMissing") : null) },
  });
  const add = useAddCategory((added) => {
    props.onAdded(added);
    props.onClose();
  });
  const change = useChangeCategory(props.onClose);
  const remove = useRemoveCategory(props.onClose);
  const failed = add.error ?? remove.error;
  return (
    <Modal opened onClose={props.onClose} title={category === null ? t("category.add") : category.name}>
      <form
        className={styles.form}
        noValidate
        onSubmit={form.onSubmit(({ name }) => {
          const wanted = { name: name.trim(), ...(colour === null ? {} : { colour }) };
          if (category === null) add.mutate(wanted);
          else change.mutate({ id: category.id, ...wanted });
        })}
      >
        <TextInput
          data-autofocus
          label={t("form.name")}
          placeholder={t("form.categoryExample")}
          maxLength={80}
          {...form.getInputProps("name")}
        />
        <fieldset className={editor.rows}>
          <legend>{t("form.colour")}</legend>
          <div className={editor.swatches}>
            {colours.map((one) => (
              <button
                key={one}
                type="button"
                className={styles.swatch}
                data-colour={one}
                aria-pressed={colour === one}
                aria-label={t(`colour.${one}`)}
                onClick={() => setColour(one)}
              />
            ))}
          </div>
        </fieldset>
        {failed !== null && (
          <p role="alert" className={styles.bad}>
            {errorText(failed).short}
          </p>
        )}
        {removing && category !== null && (
          <p className={styles.lite}>{t("form.removeCategoryWhy", { count: category.items.length })}</p>
        )}
        <Group justify="space-between" mt="sm">
          {category === null ? (
            <span />
          ) : removing ? (
            <Button color="bad" loading={remove.isPending} onClick={() => remove.mutate({ id: category.id })}>
              {t("form.removeSure")}
            </Button>
          ) : (
            <Button variant="subtle" color="bad" onClick={() => setRemoving(true)}>
              {t("form.remove")}
            </Button>
          )}
          <Button type="submit" loading={add.isPending || change.isPending}>
            {category === null ? t("form.add") : common("action.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
