// Who is signed in, and what is theirs: light or dark, language, signing out.
import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconBook,
  IconDevices,
  IconKey,
  IconLanguage,
  IconLock,
  IconLogout,
  IconMoon,
  IconSchool,
  IconShieldLock,
  IconSun,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLock } from "./at-till";
import { ChangePassword } from "./ChangePassword";
import { useCanPractise } from "./practising";
import { type Language, languageNames, languages, setLanguage } from "./i18n";
import { meQuery, useMembership } from "./queries";
import styles from "./shell.module.css";
import { useSignOut } from "./useSignOut";

const BeginPractice = lazy(() => import("./BeginPractice"));
const OwnSessions = lazy(() => import("../own-sessions/OwnSessions"));
const SecondFactor = lazy(() => import("../second-factor/SecondFactor"));

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

export function MeMenu() {
  const { t, i18n } = useTranslation();
  const me = useQuery(meQuery).data;
  const role = useMembership()?.role;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isDark = document.documentElement.dataset["mantineColorScheme"] === "dark";
  const signOut = useSignOut();
  const lock = useLock();
  const other = languages.find((language) => language !== i18n.language) as Language;
  const [isChanging, setChanging] = useState(false);
  const [isBeginning, setBeginning] = useState(false);
  const [isSecuring, setSecuring] = useState(false);
  const [isLooking, setLooking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const canPractise = useCanPractise();
  if (me === undefined) return null;
  // The menu that opened a dialog is gone.
  const focusBack = () => requestAnimationFrame(() => opener.current?.focus());
  return (
    <>
      <ChangePassword opened={isChanging} onClose={() => setChanging(false)} />
      {isBeginning && (
        <Suspense>
          <BeginPractice onClose={() => setBeginning(false)} />
        </Suspense>
      )}
      {isSecuring && (
        <Suspense>
          <SecondFactor
            onClose={() => {
              setSecuring(false);
              focusBack();
            }}
          />
        </Suspense>
      )}
      {isLooking && (
        <Suspense>
          <OwnSessions
            onClose={() => {
              setLooking(false);
              focusBack();
            }}
          />
        </Suspense>
      )}
      <Menu position="top-start" width={220}>
        <Menu.Target>
          <button ref={opener} type="button" className={styles.me}>
            <i aria-hidden>{initials(me.name)}</i>
            <span>
              {me.name}
              <small>
                {role === undefined ? "" : t(`role.${role}`)}
                <span className="visually-hidden">{t("me.menu")}</span>
              </small>
            </span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.email ?? t("me.pinOnly")}</Menu.Label>
          <Menu.Item
            key={colorScheme}
            leftSection={isDark ? <IconSun size={15} /> : <IconMoon size={15} />}
            onClick={() => setColorScheme(isDark ? "light" : "dark")}
          >
            {isDark ? t("me.light") : t("me.dark")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLanguage size={15} />}
            lang={other}
            onClick={() => void setLanguage(other)}
          >
            {languageNames[other]}
          </Menu.Item>
          {me.email != null && (
            <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setChanging(true)}>
              {t("me.password")}
            </Menu.Item>
          )}
          {me.email != null && (
            <Menu.Item leftSection={<IconShieldLock size={15} />} onClick={() => setSecuring(true)}>
              {t("title", { ns: "second-factor" })}
            </Menu.Item>
          )}
          {me.email != null && (
            <Menu.Item leftSection={<IconDevices size={15} />} onClick={() => setLooking(true)}>
              {t("title", { ns: "own-sessions" })}
            </Menu.Item>
          )}
          {canPractise && (
            <Menu.Item leftSection={<IconSchool size={15} />} onClick={() => setBeginning(true)}>
              {t("practice.title")}
            </Menu.Item>
          )}
          <Menu.Item component={Link} to="/guide" leftSection={<IconBook size={15} />}>
            {t("nav.guide")}
          </Menu.Item>
          <Menu.Divider />
          {me.paired ? (
            <Menu.Item leftSection={<IconLock size={15} />} onClick={() => lock.mutate(undefined)}>
              {t("atTill.lock")}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconLogout size={15} />} onClick={signOut}>
              {t("me.signOut")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
