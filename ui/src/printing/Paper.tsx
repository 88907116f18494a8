// A slip of paper as the printer gives it: its rows, as wide as they are printed, never wrapped. Paper is white in
// the dark too.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PaperRow } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { imageUrl, menuNowQuery } from "../menu/queries";
import styles from "./paper.module.css";
import { dotsOfCharacter } from "./widths";

export function Paper(props: { label: string; columns: number; rows: PaperRow[] }) {
  return (
    <figure className={styles.desk} aria-label={props.label} tabIndex={0}>
      <div className={styles.sheet} style={{ "--columns": props.columns } as React.CSSProperties}>
        <pre className={styles.rows}>
          {props.rows.map((row, at) =>
            row.style === "logo" ? (
              <Logo key={row.text} hash={row.text} columns={props.columns} />
            ) : (
              <span key={at} className={styles.row} data-style={row.style}>
                {row.text === "" ? " " : row.text}
                {"\n"}
              </span>
            ),
          )}
        </pre>
      </div>
    </figure>
  );
}

/** As wide as its dots are on that paper. */
function Logo({ hash, columns }: { hash: string; columns: number }) {
  const { t } = useTranslation("printing");
  const rid = useRestaurantId();
  const now = useQuery(menuNowQuery(rid)).data;
  const [dots, setDots] = useState<number>();
  if (now === undefined) return null;
  return (
    <img
      className={styles.logo}
      src={imageUrl(rid, hash, now.image_key)}
      alt={t("receipt.logo")}
      onLoad={(event) => setDots(event.currentTarget.naturalWidth)}
      style={{ width: dots === undefined ? undefined : `${dots / dotsOfCharacter(columns)}ch` }}
    />
  );
}
