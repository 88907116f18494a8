// The first minutes: who the restaurant is, how it counts, who owns it, and what to begin with.
import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "../app/Brand";
import { cameByUsedLink, redeemSpareCode } from "../app/connect";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { setupQuery } from "../app/queries";
import { setupToken, useSession } from "../app/session";
import { Answer } from "../kit/Answer";
import { Bone } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { BringBack } from "./BringBack";
import { FirstRunForm } from "./FirstRunForm";
import styles from "./first-run.module.css";
import { Join } from "./Join";
import { type Step, steps } from "./model";

export function FirstRunPage() {
  const { t } = useTranslation("first-run");
  const session = useSession();
  const setup = useQuery(setupQuery);
  const [token, setToken] = useState(setupToken);
  const [step, setStep] = useState<Step>("restaurant");
  const [other, setOther] = useState<"join" | "back" | null>(null);

  useEffect(() => {
    void redeemSpareCode().then((opened) => opened === "setup" && setToken(setupToken()));
  }, []);

  if (session !== null) return <Navigate to="/" replace />;
  // Who brings a backup back reads what came of it before the sign-in.
  if (setup.data?.needed === false && other !== "back") return <Navigate to="/login" search={{}} replace />;
  const at = steps.indexOf(step);
  return (
    <div className={styles.page}>
      <aside className={styles.aside}>
        <div className={styles.brand}>
          <Mark size={30} />
          Comanda
        </div>
        <div>
          <h1>{t(other === null ? "welcome" : `${other}.welcome`)}</h1>
          <p>{t(other === null ? "lead" : `${other}.welcomeLead`)}</p>
        </div>
        <ol hidden={other !== null} className={styles.steps} aria-label={t("stepsLabel")}>
          {steps.map((one, index) => (
            <li
              key={one}
              aria-current={one === step ? "step" : undefined}
              data-done={index < at ? "" : undefined}
            >
              <i className="num" aria-hidden>
                {index + 1}
              </i>
              {t(`step.${one}`)}
            </li>
          ))}
        </ol>
        <p className={styles.promise}>{t("promise")}</p>
      </aside>
      <main className={styles.main}>
        <div className={styles.corner}>
          <LanguageSwitch />
        </div>
        <Answer query={setup} skeleton={<FormBones />}>
          {(state) =>
            token === null ? (
              <EmptyState
                icon={IconKey}
                title={t(cameByUsedLink() ? "noKey.used" : "noKey.title")}
                text={t("noKey.text")}
              >
                <Button variant="default" onClick={() => window.location.reload()}>
                  {t("noKey.again")}
                </Button>
              </EmptyState>
            ) : other === "join" ? (
              <Join token={token} onBack={() => setOther(null)} />
            ) : other === "back" ? (
              <BringBack token={token} onBack={() => setOther(null)} />
            ) : (
              <>
                <FirstRunForm setup={state} token={token} step={step} onStep={setStep} />
                {step === "restaurant" && (
                  <div className={styles.other}>
                    {(["join", "back"] as const).map((one) => (
                      <p key={one}>
                        {t(`${one}.ask`)}{" "}
                        <Button variant="subtle" size="compact-md" onClick={() => setOther(one)}>
                          {t(`${one}.instead`)}
                        </Button>
                      </p>
                    ))}
                  </div>
                )}
              </>
            )
          }
        </Answer>
      </main>
    </div>
  );
}

function FormBones() {
  return (
    <div className={styles.form}>
      <Bone w={220} h={28} />
      <Bone h={36} />
      <Bone h={36} />
      <Bone h={36} />
    </div>
  );
}
