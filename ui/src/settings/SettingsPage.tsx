// How the restaurant counts, and how this device looks. What was fixed at the first run (currency, tax mode) is
// shown and explained, not offered: changing it would change what past checks mean.
import { Button, Group } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangePassword } from "../app/ChangePassword";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { meQuery, restaurantQuery, useMay, useMembership, useRestaurantId } from "../app/queries";
import { SchemeSwitch } from "../app/SchemeSwitch";
import { useSignOut } from "../app/useSignOut";
import { Answer } from "../kit/Answer";
import { LinkButton } from "../kit/LinkButton";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { UpdatesPanel } from "../updates/UpdatesPanel";
import { ChargesForm } from "./ChargesForm";
import { KitchenPanel } from "./KitchenPanel";
import { PrintersPanel } from "./PrintersPanel";
import { FiscalForm } from "./FiscalForm";
import { RestaurantForm } from "./RestaurantForm";
import { ThisComputer } from "./ThisComputer";
import styles from "./settings.module.css";

export function SettingsPage() {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const query = useQuery(restaurantQuery(rid));
  const me = useQuery(meQuery).data;
  const role = useMembership()?.role;
  const may = useMay();
  const signOut = useSignOut();
  const [isChanging, setChanging] = useState(false);
  const { rate } = useFormat();
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")} />
      <Answer query={query} skeleton={<SkeletonRows />}>
        {(restaurant) => (
          <PageBody narrow>
            <Panel title={t("restaurant.title")}>
              <RestaurantForm key={restaurant.id} restaurant={restaurant} readOnly={!may("settings.write")} />
            </Panel>
            <Panel title={t("charges.title")} note={t("charges.note")}>
              <ChargesForm key={restaurant.id} restaurant={restaurant} readOnly={!may("settings.write")} />
            </Panel>
            {may("kitchen.read") && (
              <KitchenPanel restaurant={restaurant} readOnly={!may("settings.write")} />
            )}
            {may("kitchen.read") && <PrintersPanel />}
            <Panel title={t("fiscal.title")} note={t("fiscal.note")}>
              <FiscalForm key={restaurant.id} restaurant={restaurant} readOnly={!may("settings.write")} />
            </Panel>
            <Panel title={t("fixed.title")} note={t("fixed.note")}>
              <dl className={styles.facts}>
                <Fact name={t("fixed.currency")} value={restaurant.currency} why={t("fixed.currencyWhy")} />
                <Fact
                  name={t("fixed.tax")}
                  value={t(`fixed.${restaurant.tax_mode}`, { rate: rate(restaurant.default_tax_rate_bp) })}
                  why={t(`fixed.rounding.${restaurant.tax_rounding}`)}
                />
                <Fact
                  name={t("fixed.zone")}
                  value={restaurant.time_zone.replace(/_/g, " ")}
                  why={t("fixed.zoneWhy")}
                />
                <Fact
                  name={t("fixed.letters")}
                  value={restaurant.device_letters}
                  why={t("fixed.lettersWhy", { letters: restaurant.device_letters })}
                />
              </dl>
            </Panel>
            {may("keys.write") && (
              <Panel title={t("keys.title")}>
                <div>
                  <div className={styles.row}>
                    <small>{t("keys.text")}</small>
                    <LinkButton
                      variant="default"
                      size="xs"
                      leftSection={<IconKey size={14} />}
                      to="/settings/api-keys"
                    >
                      {t("keys.open")}
                    </LinkButton>
                  </div>
                </div>
              </Panel>
            )}
            <Panel title={t("device.title")}>
              <div className={styles.rows}>
                <div className={styles.row}>
                  <div>
                    <b>{t("device.appearance")}</b>
                    <small>{t("device.appearanceWhy")}</small>
                  </div>
                  <SchemeSwitch />
                </div>
                <div className={styles.row}>
                  <div>
                    <b>{t("device.language")}</b>
                    <small>{t("device.languageWhy")}</small>
                  </div>
                  <LanguageSwitch />
                </div>
                <div className={styles.row}>
                  <div>
                    <b>{me?.name}</b>
                    <small>
                      {me?.email}
                      {role === undefined ? "" : ` · ${common(`role.${role}`)}`}
                    </small>
                  </div>
                  <Group gap="sm">
                    {me?.email != null && (
                      <Button variant="default" size="xs" onClick={() => setChanging(true)}>
                        {common("me.password")}
                      </Button>
                    )}
                    <Button variant="default" size="xs" onClick={signOut}>
                      {t("device.signOut")}
                    </Button>
                  </Group>
                  <ChangePassword opened={isChanging} onClose={() => setChanging(false)} />
                </div>
              </div>
            </Panel>
            <ThisComputer />
            {may("settings.write") && <UpdatesPanel />}
          </PageBody>
        )}
      </Answer>
    </>
  );
}

function Fact(props: { name: string; value: string; why: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <b>{props.value}</b>
        <small>{props.why}</small>
      </dd>
    </div>
  );
}
