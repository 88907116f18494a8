// What a guest may ask about: description, allergens, picture.
import { Button, Switch, TagsInput, Textarea } from "@mantine/core";
import { IconPhoto, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Chips } from "../kit/Chips";
import { useErrorText } from "../kit/errorText";
import styles from "./editor.module.css";
import { useSendImage } from "./moreCommands";
import { imageUrl, menuNowQuery } from "./queries";

/** The fourteen of the EU, in the order of the law. */
export const allergenCodes = [
  "gluten",
  "crustaceans",
  "eggs",
  "fish",
  "peanuts",
  "soybeans",
  "milk",
  "nuts",
  "celery",
  "mustard",
  "sesame",
  "sulphites",
  "lupin",
  "molluscs",
] as const;
const isCode = (word: string): word is (typeof allergenCodes)[number] =>
  (allergenCodes as readonly string[]).includes(word);

export interface Details {
  description: string;
  allergens: string[];
  image: string;
  stock_tracked: boolean;
}

export function DetailsFields(props: { details: Details; onChange: (change: Partial<Details>) => void }) {
  const { t } = useTranslation("menu");
  const { details, onChange } = props;
  return (
    <>
      <Textarea
        label={t("details.description")}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={details.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <fieldset className={styles.rows}>
        <legend>{t("details.allergens")}</legend>
        <Chips
          of={allergenCodes}
          name={(code) => t(`allergen.${code}`)}
          on={details.allergens.filter(isCode)}
          onChange={(codes) =>
            onChange({ allergens: [...codes, ...details.allergens.filter((word) => !isCode(word))] })
          }
        />
        <TagsInput
          aria-label={t("details.others")}
          placeholder={t("details.others")}
          maxTags={16}
          value={details.allergens.filter((word) => !isCode(word))}
          onChange={(others) =>
            onChange({
              allergens: [...details.allergens.filter(isCode), ...others.map((word) => word.trim())],
            })
          }
        />
      </fieldset>
      <Picture hash={details.image} onChange={(image) => onChange({ image })} />
      <Switch
        label={t("details.stock")}
        description={t("details.stockWhy")}
        color="accent"
        withThumbIndicator={false}
        checked={details.stock_tracked}
        onChange={(event) => onChange({ stock_tracked: event.currentTarget.checked })}
      />
    </>
  );
}

function Picture(props: { hash: string; onChange: (hash: string) => void }) {
  const { t } = useTranslation("menu");
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const now = useQuery(menuNowQuery(rid)).data;
  const input = useRef<HTMLInputElement>(null);
  const send = useSendImage((image) => props.onChange(image.hash));
  return (
    <fieldset className={styles.rows}>
      <legend>{t("details.picture")}</legend>
      <div className={styles.picture}>
        {props.hash !== "" && now !== undefined ? (
          <img src={imageUrl(rid, props.hash, now.image_key)} alt={t("details.picture")} />
        ) : (
          <span className={styles.noPicture} aria-hidden>
            <IconPhoto size={22} stroke={1.5} />
          </span>
        )}
        <div>
          <div className={styles.pictureTools}>
            <Button
              variant="default"
              size="xs"
              loading={send.isPending}
              onClick={() => input.current?.click()}
            >
              {t(props.hash === "" ? "details.choose" : "details.replace")}
            </Button>
            {props.hash !== "" && (
              <Button
                variant="subtle"
                size="xs"
                color="gray"
                leftSection={<IconX size={14} />}
                onClick={() => props.onChange("")}
              >
                {t("details.takeAway")}
              </Button>
            )}
          </div>
          <p className={styles.lite}>{t("details.pictureWhy")}</p>
        </div>
      </div>
      {send.error !== null && (
        <p role="alert" className={styles.bad}>
          {errorText(send.error).why}
        </p>
      )}
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("details.choose")}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) send.mutate({ file });
          event.currentTarget.value = "";
        }}
      />
    </fieldset>
  );
}
