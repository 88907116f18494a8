// A screen nobody is at: it shows the house, the time and a place for a PIN, nothing of the house's business.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Membership } from "../api/types";
import { makeFormat } from "../kit/format";
import { useNow } from "../kit/useNow";
import { useTakeOver } from "./at-till";
import styles from "./at-till.module.css";
import { PinPad } from "./PinPad";
import { meQuery } from "./queries";
import { useSignOut } from "./useSignOut";

export function LockScreen(props: { restaurant: Membership }) {
  const { t, i18n } = useTranslation();
  const { restaurant } = props;
  const now = useNow(5_000);
  const take = useTakeOver();
  const signOut = useSignOut();
  // Nobody signed in on a paired device: the host lets it go.
  const isPaired = useQuery(meQuery).data?.paired === true;
  const { time } = makeFormat(restaurant, i18n.language);
  return (
    <main className={styles.locked}>
      <section aria-label={t("atTill.locked")}>
        <header>
          <h1 tabIndex={-1} data-page-title>
            {restaurant.name}
          </h1>
          <p className="num">
            {time(now)} · {t("atTill.locked")}
          </p>
        </header>
        <PinPad
          label={t("atTill.pin")}
          submit={t("atTill.take")}
          pending={take.isPending}
          error={take.error}
          onPin={(pin) => take.mutate({ restaurant_id: restaurant.id, pin })}
        />
        {!isPaired && (
          <Button variant="subtle" color="gray" size="xs" onClick={signOut}>
            {t("atTill.signOut")}
          </Button>
        )}
      </section>
    </main>
  );
}
