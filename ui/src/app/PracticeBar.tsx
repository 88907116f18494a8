// Over every page while this screen practises: that nothing here counts, and the way back to work. When the engine has
// ended practice the screen stays, and says so: nobody is at work without knowing it.
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconRefresh, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say } from "../kit/notify";
import { practiceQuery, useBeginPractice, useChangeSides, useEndPractice } from "./practising";
import { backToWork } from "./practice";
import { useMay, useRestaurantId } from "./queries";
import styles from "./practice.module.css";

export function PracticeBar() {
  const { t } = useTranslation();
  const rid = useRestaurantId();
  const practice = useQuery(practiceQuery(rid)).data;
  const may = useMay();
  const changeSides = useChangeSides();
  const end = useEndPractice();
  const begin = useBeginPractice(() => say(t("practice.isFresh")));
  const isOver = practice?.practising === false;
  return (
    <section className={styles.bar} aria-label={t("practice.label")}>
      <IconSchool size={20} aria-hidden />
      <p role="status">
        <b>{t(isOver ? "practice.over" : "practice.on")}</b>{" "}
        <span>{t(isOver ? "practice.overWhy" : "practice.why")}</span>
      </p>
      {!isOver && may("practice.write") && (
        <Button
          size="compact-md"
          variant="white"
          className={styles.button}
          leftSection={<IconRefresh size={15} />}
          loading={begin.isPending}
          onClick={() => begin.mutate({ afresh: true })}
        >
          {t("practice.afresh")}
        </Button>
      )}
      <Button
        size="compact-md"
        variant="white"
        className={styles.button}
        leftSection={<IconArrowBackUp size={15} />}
        loading={end.isPending}
        onClick={() => (isOver ? changeSides(backToWork) : end.mutate(null))}
      >
        {t("practice.back")}
      </Button>
    </section>
  );
}
