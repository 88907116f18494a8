// On the tablet: what it is to be called, then the number that the host shows too, until somebody there lets it in.
import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { asApiError } from "../api/errors";
import type { PairingAsked, PairingLook } from "../api/types";
import { useCommand } from "../api/useCommand";
import { Mark } from "../app/Brand";
import { forgetPairingCode, pairingCode } from "../app/connect";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { startSession, useSession } from "../app/session";
import { useErrorText } from "../kit/errorText";
import { LinkButton } from "../kit/LinkButton";
import styles from "./house.module.css";
import { kindOf } from "./model";

const NAME_MAX = 40;
const LOOK_AGAIN_MS = 2_000;

export function PairingPage() {
  const { t } = useTranslation("house");
  const session = useSession();
  const [code] = useState(pairingCode);
  // The way to the log-in does not lead back here.
  useEffect(forgetPairingCode, []);
  const [asked, setAsked] = useState<PairingAsked | null>(null);
  if (session !== null) return <Navigate to="/" replace />;
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <LanguageSwitch />
      </div>
      <div className={styles.card}>
        <Mark size={40} />
        {asked !== null ? (
          <Waits asked={asked} />
        ) : code === null ? (
          <Over text={t("tablet.noCode")} />
        ) : (
          <Ask code={code} onAsked={setAsked} />
        )}
      </div>
    </main>
  );
}

function Over({ text }: { text: string }) {
  const { t } = useTranslation("house");
  return (
    <>
      <h1>{t("tablet.notIn")}</h1>
      <p role="alert" className={styles.lead}>
        {text}
      </p>
      <LinkButton variant="default" size="md" to="/login">
        {t("tablet.login")}
      </LinkButton>
    </>
  );
}

function Ask({ code, onAsked }: { code: string; onAsked: (asked: PairingAsked) => void }) {
  const { t } = useTranslation("house");
  const errorText = useErrorText();
  const [name, setName] = useState(t(`kind.${kindOf(navigator.userAgent, navigator.maxTouchPoints)}`));
  const give = useCommand({
    name: "house.pair",
    secret: true,
    run: (body: { code: string; name: string }) =>
      ask<PairingAsked>(api.POST("/api/v1/house/pairings", { body })),
    onDone: onAsked,
  });
  if (give.error?.code === "unauthenticated") return <Over text={t("tablet.used")} />;
  return (
    <>
      <h1>{t("tablet.title")}</h1>
      <p className={styles.lead}>{t("tablet.lead")}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") give.mutate({ code, name });
        }}
      >
        <TextInput
          data-autofocus
          size="md"
          label={t("tablet.name")}
          description={t("tablet.nameWhy")}
          maxLength={NAME_MAX}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {give.error !== null && (
          <p role="alert" className={styles.bad}>
            {errorText(give.error).why}
          </p>
        )}
        <Button type="submit" size="md" loading={give.isPending} disabled={name.trim() === ""}>
          {t("tablet.ask")}
        </Button>
      </form>
    </>
  );
}

function Waits({ asked }: { asked: PairingAsked }) {
  const { t } = useTranslation("house");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const look = useQuery({
    queryKey: ["pairing"],
    queryFn: () =>
      ask<PairingLook>(
        api.POST("/api/v1/house/pairings/look", { headers: { authorization: `Bearer ${asked.token}` } }),
      ),
    refetchInterval: (query) =>
      query.state.error !== null && asApiError(query.state.error).code === "unauthenticated"
        ? false
        : LOOK_AGAIN_MS,
    retry: false,
    gcTime: 0,
  });
  const session = look.data?.session;
  useEffect(() => {
    if (session == null) return;
    queryClient.removeQueries({ queryKey: ["pairing"] });
    startSession(session.token, session.me.restaurants[0]?.id ?? null);
    void navigate({ to: "/", replace: true });
  }, [navigate, queryClient, session]);
  if (look.data?.state === "refused") return <Over text={t("tablet.refused")} />;
  if (look.error !== null && asApiError(look.error).code === "unauthenticated")
    return <Over text={t("tablet.over")} />;
  return (
    <div role="status">
      <h1>{t("tablet.waits")}</h1>
      <p className={styles.lead}>{t("tablet.compare")}</p>
      <output className={`${styles.number} ${styles.large} num`} aria-label={t("waiting.number")}>
        {asked.number}
      </output>
    </div>
  );
}
