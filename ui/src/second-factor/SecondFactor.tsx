// One's own second factor: what it is, on with a first code, its recovery codes, off.
import { Modal, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { say } from "../kit/notify";
import { ErrorState } from "../kit/States";
import { Begin } from "./Begin";
import { KeepCodes } from "./KeepCodes";
import { type Begun, type RecoveryCodes, secondFactorQuery } from "./queries";
import { Prove } from "./Prove";
import { Scan } from "./Scan";
import { Standing } from "./Standing";
import styles from "./second-factor.module.css";

type Step =
  | { at: "look" }
  | { at: "scan"; begun: Begun }
  | { at: "renew" | "end" }
  | { at: "codes"; codes: string[]; are: "first" | "renewed" };

export default function SecondFactor({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("second-factor");
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ at: "look" });
  const look = () => setStep({ at: "look" });
  const keep = (are: "first" | "renewed") => (answer: RecoveryCodes) => {
    setStep({ at: "codes", codes: answer.codes, are });
    void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
  };
  const title =
    step.at === "codes"
      ? t("codes.title")
      : step.at === "renew" || step.at === "end"
        ? t(`prove.title.${step.at}`)
        : t("title");
  // They are shown once: no slip closes them.
  const isHeld = step.at === "codes";
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      withCloseButton={!isHeld}
      closeOnEscape={!isHeld}
      closeOnClickOutside={step.at === "look"}
    >
      {step.at === "look" && (
        <Look onBegun={(begun) => setStep({ at: "scan", begun })} onProve={(at) => setStep({ at })} />
      )}
      {step.at === "scan" && <Scan begun={step.begun} onDone={keep("first")} onBack={look} />}
      {step.at === "renew" && (
        <Prove
          what="renew"
          run={(body) => ask<RecoveryCodes>(api.POST("/api/v1/me/second-factor/recovery-codes", { body }))}
          onBack={look}
          onDone={keep("renewed")}
        />
      )}
      {step.at === "end" && (
        <Prove
          what="end"
          run={(body) => ask(api.POST("/api/v1/me/second-factor/end", { body }))}
          onBack={look}
          onDone={() => {
            say(t("off.done"));
            onClose();
          }}
        />
      )}
      {step.at === "codes" && <KeepCodes codes={step.codes} are={step.are} onKept={onClose} />}
    </Modal>
  );
}

function Look(props: { onBegun: (begun: Begun) => void; onProve: (what: "renew" | "end") => void }) {
  const { data, error, refetch } = useQuery(secondFactorQuery);
  if (data === undefined && error !== null)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined)
    return (
      <div className={styles.step} aria-busy>
        <Skeleton h={40} />
        <Skeleton h={60} />
        <Skeleton h={36} w={120} ml="auto" />
      </div>
    );
  if (data.since_ms == null) return <Begin onBegun={props.onBegun} />;
  return <Standing since_ms={data.since_ms} left={data.recovery_left} onProve={props.onProve} />;
}
