// Signing in with e-mail and password, and a code for who has a second factor. On a new installation this page hands over to the first run, and in the
// window its one-time code may open the door without a password.
import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "../app/Brand";
import { cameByUsedLink, pairingCode, redeemSpareCode } from "../app/connect";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { setupQuery } from "../app/queries";
import { useSession } from "../app/session";
import { ErrorState } from "../kit/States";
import { CodeStep } from "./CodeStep";
import { type Credentials, LoginForm } from "./LoginForm";
import styles from "./login.module.css";

const route = getRouteApi("/login");

export function LoginPage() {
  const { t } = useTranslation("login");
  const { next } = route.useSearch();
  const session = useSession();
  const setup = useQuery(setupQuery);
  const [helping, setHelping] = useState(false);
  const [email, setEmail] = useState("");
  const [proven, setProven] = useState<Credentials | null>(null);

  useEffect(() => {
    void redeemSpareCode();
  }, []);

  if (session !== null) return <Navigate to={next?.startsWith("/") === true ? next : "/"} replace />;
  if (pairingCode() !== null) return <Navigate to="/pair" replace />;
  if (setup.data?.needed === true) return <Navigate to="/first-run" replace />;
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <LanguageSwitch />
      </div>
      <div className={styles.card}>
        <Mark size={40} />
        <h1>{t(proven === null ? "title" : "code.title")}</h1>
        <p className={styles.lead}>{t(proven === null ? "lead" : "code.lead")}</p>
        {cameByUsedLink() && (
          <Alert color="warn" title={t("usedLink.title")} mb="lg">
            {t("usedLink.text")}
          </Alert>
        )}
        {setup.error !== null ? (
          <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
        ) : proven !== null ? (
          <CodeStep proven={proven} onBack={() => setProven(null)} />
        ) : (
          <>
            <LoginForm
              email={email}
              onProven={(credentials) => {
                setEmail(credentials.email);
                setProven(credentials);
              }}
            />
            <Button
              variant="transparent"
              color="gray"
              size="xs"
              mt="md"
              px={0}
              onClick={() => setHelping(!helping)}
              aria-expanded={helping}
            >
              {t("forgot.title")}
            </Button>
            {helping && <p className={styles.help}>{t("forgot.text")}</p>}
          </>
        )}
      </div>
    </main>
  );
}
